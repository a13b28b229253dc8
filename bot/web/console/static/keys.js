/** Everything by keyboard. Single letters can be switched off: speech input and shaky hands would set them off. */
import { act } from "./actions.js";
import { h } from "./dom.js";
import { undo } from "./outgoing.js";
import { keep, kept } from "./store.js";
import { t } from "./words.js";

const ROWS = [
  ["N", "key_next"],
  ["J / K", "key_move"],
  ["T", "key_take"],
  ["R", "key_reply"],
  ["M", "key_note"],
  ["/", "key_canned"],
  ["Tab", "key_suggestion"],
  ["↵", "key_send"],
  ["U, Ctrl+Z", "key_undo"],
  ["P", "key_put_back"],
  ["B", "key_return"],
  ["C", "key_close"],
  ["X", "transfer"],
  ["O", "reopen"],
  ["D", "key_dossier"],
  ["Esc", "key_escape"],
  ["?", "key_help"],
];
const ACTIONS = { p: ["put_back"], b: ["return"], c: ["close"], o: ["reopen"], x: ["transfer"], t: ["take", "take_over"] };

/** `moves`: {next, previous, first, reply, note, canned, dossier, list, select(id)}. */
export function startKeys(moves) {
  const simple = { n: moves.first, j: moves.next, k: moves.previous, r: moves.reply, m: moves.note, "/": moves.canned, d: moves.dossier };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select") !== null;
    if (isTyping || event.altKey) return;
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) takeBack(event, moves);
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "Escape") moves.list();
    else if (event.key === "?") run(event, showKeys);
    else if (!areOn()) return;
    else if (event.key.toLowerCase() === "u") takeBack(event, moves);
    else if (simple[event.key.toLowerCase()]) run(event, simple[event.key.toLowerCase()]);
    else if (ACTIONS[event.key.toLowerCase()]) run(event, () => ACTIONS[event.key.toLowerCase()].forEach(act));
  });
}

const areOn = () => kept(localStorage, "letters") !== "off";

function run(event, what) {
  event.preventDefault();
  what();
}

function takeBack(event, moves) {
  const id = undo();
  if (id !== null) run(event, () => moves.select(id));
}

export function showKeys() {
  const letters = h("input", { type: "checkbox", onchange: () => keep(localStorage, "letters", letters.checked ? null : "off") });
  letters.checked = areOn();
  const dialog = h(
    "dialog",
    { class: "keys", "aria-labelledby": "keys-title", onclose: () => dialog.remove() },
    h("h2", { id: "keys-title" }, t("keys_title")),
    h("dl", {}, ROWS.map(([key, word]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(word))])),
    h("label", {}, letters, " ", t("keys_single")),
    h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, t("keys_close")),
  );
  document.body.append(dialog);
  dialog.showModal();
}
