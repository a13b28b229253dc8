/** Words that come and go: toasts, the line for screen readers, and what an error means for what was written. */
import { ApiError } from "./api.js";
import { h, setText } from "./dom.js";
import { find, t } from "./words.js";

const STAY_MS = 8000;
const toasts = h("div", { class: "toasts", role: "status" });
const spoken = h("div", { class: "visually-hidden", "aria-live": "polite" });

export const region = () => [toasts, spoken];

/** For screen readers only. */
export function say(text) {
  setText(spoken, "");
  requestAnimationFrame(() => setText(spoken, text));
}

/** `action` {label, run} is one button. Errors stay until they are dismissed. Returns a function that takes it away. */
export function toast(text, { action = null, error = false, stayMs = STAY_MS } = {}) {
  const node = h("div", { class: error ? "toast error" : "toast" }, h("p", {}, text));
  const remove = () => node.remove();
  if (action) {
    const run = () => {
      remove();
      action.run();
    };
    node.append(h("button", { type: "button", class: "link", onclick: run }, action.label));
  }
  node.append(h("button", { type: "button", class: "quiet", "aria-label": t("dismiss"), onclick: remove }, "×"));
  // What was done before is old news; an error stays until it is read.
  for (const older of toasts.querySelectorAll(".toast:not(.error)")) older.remove();
  toasts.append(node);
  if (!error) setTimeout(remove, stayMs);
  return remove;
}

/** What happened, what is kept, what to do. */
export function explain(error, kept) {
  if (!(error instanceof ApiError)) throw error;
  const message = ensureStop(error.message);
  return find(`error_${error.code}`, { message, kept }) ?? t("error_other", { message, kept });
}

function ensureStop(text) {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return !sentence || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
