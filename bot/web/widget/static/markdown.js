// Light Markdown (bold, links, lists, line breaks) as DOM nodes; everything else stays the text it is.
const INLINE =
  /\\([\\`*_[\]()#+.!-])|\*\*(?=\S)(.+?)\*\*|__(?=\S)(.+?)__|\[([^\]]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>]+)|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g;
const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBER = /^\s*(\d{1,3})[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;

function markdown(text, say) {
  const blocks = [];
  let list = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const bullet = BULLET.exec(line);
    const number = bullet ? null : NUMBER.exec(line);
    if (bullet || number) {
      const tag = bullet ? "ul" : "ol";
      if (list?.localName !== tag) {
        list = el(tag, number && number[1] !== "1" ? { start: number[1] } : {});
        blocks.push(list);
      }
      list.append(el("li", {}, ...inline(bullet ? bullet[1] : number[2], say)));
      paragraph = null;
    } else if (!line.trim()) {
      paragraph = null;
    } else {
      const heading = HEADING.exec(line);
      const nodes = heading ? [el("strong", {}, ...inline(heading[1], say))] : inline(line.trim(), say);
      if (paragraph) {
        paragraph.append(el("br"), ...nodes);
      } else if (list && /^\s{2,}/.test(line)) {
        list.lastChild.append(el("br"), ...nodes);
      } else {
        paragraph = el("p", {}, ...nodes);
        list = null;
        blocks.push(paragraph);
      }
    }
  }
  return blocks;
}

function inline(text, say) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, escaped, bold, bolder, label, target, address, mail] = match;
    nodes.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (escaped) {
      nodes.push(escaped);
    } else if (bold || bolder) {
      nodes.push(el("strong", {}, ...inline(bold || bolder, say)));
    } else if (label) {
      nodes.push(link(target, label, say));
    } else if (mail) {
      nodes.push(link("mailto:" + mail, mail, say));
    } else {
      // A full stop after an address ends the sentence, not the address.
      const bare = address.replace(/[.,;:!?'")\]*]+$/, "");
      nodes.push(link(bare, bare.replace(/^https?:\/\//, ""), say), address.slice(bare.length));
    }
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function link(target, label, say) {
  let url;
  try {
    url = new URL(target);
  } catch {
    return label;
  }
  if (url.protocol === "mailto:" || url.protocol === "tel:") return el("a", { href: url.href }, label);
  if (url.protocol !== "https:" && url.protocol !== "http:") return label;
  const attributes = { href: url.href, target: "_blank", rel: "noopener noreferrer" };
  return el("a", attributes, label, el("span", { class: "unseen" }, ` (${say("newTab")})`));
}
