/** Light Markdown (bold, italics, links, lists) as elements. Whatever is not that stays the text it was. */
import { h } from "./dom.js";

const INLINE = /\[([^\]\n]{1,300})\]\(([^\s()]{1,2000})\)|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|(https?:\/\/[^\s<>"']{1,2000})/g;
const URL_ONLY = /(https?:\/\/[^\s<>"']{1,2000})/g;
const TRAILING = /[.,;:!?)\]]+$/;
const ITEM = /^\s{0,3}(?:([-*•])|(\d{1,3})[.)])\s+(.*)$/;

/** What the shop says: Markdown. */
export function rich(text) {
  const blocks = [];
  let list = null;
  let lines = [];
  const endParagraph = () => {
    if (lines.length) blocks.push(h("p", {}, withBreaks(lines, inline)));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const item = ITEM.exec(line);
    if (item) {
      endParagraph();
      const tag = item[1] ? "ul" : "ol";
      if (list?.tagName.toLowerCase() !== tag) blocks.push((list = h(tag, tag === "ol" && item[2] !== "1" ? { start: item[2] } : {})));
      list.append(h("li", {}, inline(item[3])));
      continue;
    }
    list = null;
    if (line.trim()) lines.push(line);
    else endParagraph();
  }
  endParagraph();
  return blocks;
}

/** What the shopper says: text as text, only addresses become links. */
export const bare = (text) => text.split(/\n{2,}/).map((part) => h("p", {}, withBreaks(part.split("\n"), links)));

function withBreaks(lines, render) {
  return lines.flatMap((line, index) => (index ? [h("br"), ...render(line)] : render(line)));
}

function links(text) {
  return split(text, URL_ONLY, (match) => linked(match[1]));
}

function inline(text) {
  return split(text, INLINE, ([, title, address, bold, slanted, url]) => {
    if (title) return address && isSafe(address) ? [anchor(address, title)] : [`${title} (${address})`];
    if (bold) return [h("strong", {}, inline(bold))];
    if (slanted) return [h("em", {}, inline(slanted))];
    return linked(url);
  });
}

function split(text, pattern, render) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index), ...render(match));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

function linked(url) {
  const tail = TRAILING.exec(url)?.[0] ?? "";
  const address = url.slice(0, url.length - tail.length);
  return [anchor(address, address), tail];
}

export function anchor(address, title) {
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, title);
}

export function isSafe(address) {
  return /^(https?:|mailto:|tel:)/i.test(address) || /^\/(?!\/)/.test(address);
}
