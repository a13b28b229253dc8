/** What a message stands in: what it quotes, where it comes from, what it is about. */

import { h } from "./dom.js";
import { anchor, isSafe } from "./markdown.js";
import { find, t } from "./words.js";

const SHORT = 160;

/** Null where the message says all by itself. */
export function context(message) {
  const lines = (message.context ?? []).map(line).filter(Boolean);
  return lines.length ? h("div", { class: "context small" }, lines) : null;
}

function line({ kind, text, url }) {
  const label = find(`context_${kind}`) ?? t("context_other");
  if (url.startsWith("/media/") && isSafe(`/console${url}`)) return h("p", {}, anchor(`/console${url}`, label));
  if (text.length <= SHORT) return h("p", { dir: "auto" }, text ? `${label}: ${text}` : label);
  return h("details", {}, h("summary", {}, `${label}: ${text.slice(0, SHORT)}…`), h("p", { dir: "auto", class: "long" }, text));
}
