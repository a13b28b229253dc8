/** Files in the thread: photos are seen, voice notes are heard, everything else is a link. */

import { h, icon } from "./dom.js";
import { anchor, isSafe } from "./markdown.js";
import { t } from "./words.js";

/** The files of a message; those that the desk keeps for us lie under /media/. */
export function files(message) {
  const shown = message.attachments.map(file);
  if (message.image) shown.push(link(message.image, t("attachment")));
  return shown;
}

function file({ kind, name, url: given, size }) {
  const label = name || t(`file_${KINDS.has(kind) ? kind : "document"}`);
  if (!given.startsWith("/media/")) return link(given, label);
  const url = `/console${given}`; // the session's cookie goes no further
  if (kind === "image") return h("a", { class: "picture", href: url, target: "_blank", rel: "noopener" }, picture(url, label));
  if (kind === "audio") return h("audio", { controls: true, preload: "none", src: url, "aria-label": label });
  if (kind === "video") return h("video", { controls: true, preload: "none", src: url, "aria-label": label });
  return link(url, size ? `${label} (${Math.ceil(size / 1024)} KB)` : label);
}

/** A picture that cannot be had (the provider deletes them after days) is named instead. */
function picture(url, label) {
  const node = h("img", { src: url, alt: label, loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(`${label}: ${t("file_gone")}`));
  return node;
}

const link = (url, name) => h("span", { class: "attachment" }, icon("other"), isSafe(url) ? anchor(url, name) : name);

const KINDS = new Set(["image", "audio", "video", "document", "location", "contact", "sticker", "unsupported"]);
