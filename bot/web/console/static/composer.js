/** What do I say? Drafts, ready texts, suggestions as ghost text; nothing is ever sent by itself. */
import { post } from "./api.js";
import { buildCanned } from "./canned.js";
import { h, setText } from "./dom.js";
import { draftOf, saveDraft } from "./drafts.js";
import { contactName } from "./head.js";
import { flush, send, undo } from "./outgoing.js";
import { on, standing, state } from "./store.js";
import { t } from "./words.js";

const LIMIT = 4000;
const COUNTED_FROM = 3600;
const TYPING_EVERY_MS = 3000;

export function buildComposer({ onLeave }) {
  const view = { id: null, mode: "reply", dismissed: "", typingSent: 0 };
  const parts = buildParts();
  const { input } = parts;
  const canned = buildCanned(input, (text) => setValue(view, parts, input.value.startsWith("/") ? text : joined(input.value, text)));
  const api = { view, parts, canned };

  input.addEventListener("input", () => edited(api));
  input.addEventListener("keydown", (event) => pressed(event, api, onLeave));
  input.addEventListener("blur", () => tellTyping(view, false));
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(api);
  });
  parts.cannedButton.addEventListener("click", () => {
    input.focus();
    if (canned.isOpen()) canned.close();
    else canned.open("");
  });
  for (const mode of ["reply", "note"]) parts.modes[mode].addEventListener("click", () => setMode(api, mode, true));
  on("conversation", () => render(api));
  on("draft", (id) => id === view.id && restore(api, true));
  on("insert", (text) => {
    setMode(api, "reply", true);
    setValue(view, parts, joined(input.value, text));
  });
  on("write", (mode) => setMode(api, mode, true));
  parts.form.prepend(canned.node);
  return parts.form;
}

function buildParts() {
  const modes = {};
  for (const mode of ["reply", "note"]) modes[mode] = h("button", { type: "button", "aria-pressed": "false" }, t(`mode_${mode}`));
  const input = h("textarea", { rows: 2, id: "composer", "aria-controls": "canned", "aria-autocomplete": "list", "aria-describedby": "ghost-help composer-state" });
  const ghost = h("div", { class: "ghost", "aria-hidden": "true" });
  const ghostHelp = h("span", { id: "ghost-help", class: "visually-hidden" });
  const situation = h("p", { class: "situation", id: "composer-state" });
  const counter = h("span", { class: "counter", role: "status" });
  const cannedButton = h("button", { type: "button", class: "quiet", title: `${t("canned")} (/)`, "aria-label": t("canned") }, "/");
  const submit = h("button", { class: "primary" }, t("send"));
  const form = h(
    "form",
    { class: "composer" },
    h("div", { class: "top" }, h("div", { class: "modes", role: "group" }, modes.reply, modes.note), situation),
    h("div", { class: "field" }, ghost, input),
    ghostHelp,
    h("div", { class: "bottom" }, cannedButton, h("span", { class: "hint" }, t("hint_keys")), counter, submit),
  );
  return { form, input, ghost, ghostHelp, situation, counter, submit, cannedButton, modes };
}

/** Who holds the conversation says whether a reply is possible; a note always is. */
function render(api) {
  const { view, parts } = api;
  if (!state.detail || state.detail.conversation.id !== state.selected) return;
  if (view.id !== state.selected) {
    tellTyping(view, false);
    view.id = state.selected;
    view.dismissed = "";
    restore(api, false);
  }
  renderMode(api);
  renderGhost(api);
}

function restore(api, focus) {
  const draft = draftOf(api.view.id);
  api.view.mode = draft.mode;
  setValue(api.view, api.parts, draft.text, focus);
  renderMode(api);
}

function setMode(api, mode, focus) {
  api.view.mode = mode;
  saveDraft(api.view.id, api.parts.input.value, mode);
  renderMode(api);
  renderGhost(api);
  if (focus) api.parts.input.focus();
}

function renderMode({ view, parts }) {
  const { conversation } = state.detail;
  const holder = standing(conversation);
  const canReply = !["colleague", "closed"].includes(holder);
  const isNote = view.mode === "note";
  const said = { queue: "reply_takes", bot: "reply_takes_bot", colleague: "colleague_answers", closed: "is_closed" }[holder];
  for (const [mode, button] of Object.entries(parts.modes)) button.setAttribute("aria-pressed", String(mode === view.mode));
  parts.form.classList.toggle("note", isNote);
  setText(parts.situation, isNote ? t("note_label") : said ? t(said, { name: conversation.operator_name }) : "");
  setText(parts.submit, isNote ? t("save_note") : t("send"));
  parts.input.readOnly = !isNote && !canReply;
  parts.input.setAttribute("aria-label", isNote ? t("note_label") : t("reply_label", { name: contactName() }));
  parts.input.lang = isNote ? "" : conversation.language;
  renderCount(parts, isNote || canReply);
}

function renderCount(parts, canWrite = !parts.input.readOnly) {
  const left = LIMIT - parts.input.value.length;
  setText(parts.counter, left < 0 ? `▲ ${t("too_long", { n: -left })}` : parts.input.value.length > COUNTED_FROM ? t("left", { n: left }) : "");
  parts.submit.disabled = !canWrite || left < 0;
}

function edited(api) {
  const { view, parts, canned } = api;
  const { value } = parts.input;
  saveDraft(view.id, value, view.mode);
  const slash = /^\/([^\n/]*)$/.exec(value);
  if (slash) canned.open(slash[1]);
  else canned.close();
  resize(parts.input);
  renderCount(parts);
  renderGhost(api);
  if (value && view.mode === "reply") tellTyping(view, true);
}

function pressed(event, api, onLeave) {
  const { parts, canned, view } = api;
  if (event.isComposing) return;
  if (canned.isOpen() && pressedInCanned(event, canned)) {
    event.preventDefault();
    return;
  }
  const offered = parts.ghost.dataset.text;
  if (event.key === "Enter" && !event.shiftKey) submit(api);
  else if (event.key === "Tab" && !event.shiftKey && offered) setValue(view, parts, offered);
  else if (event.key === "Escape" && offered) {
    view.dismissed = offered;
    renderGhost(api);
  } else if (event.key === "Escape") onLeave();
  else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !parts.input.value) {
    if (undo() === null) return;
  } else return;
  event.preventDefault();
}

function pressedInCanned(event, canned) {
  if (event.key === "ArrowDown") canned.move(1);
  else if (event.key === "ArrowUp") canned.move(-1);
  else if (event.key === "Escape") canned.close();
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) canned.pickCurrent();
  else return false;
  return true;
}

function submit(api) {
  const { view, parts } = api;
  const text = parts.input.value.trim();
  if (!text) {
    flush(view.id);
    return;
  }
  if (parts.submit.disabled) return;
  const takes = ["queue", "bot"].includes(standing(state.detail.conversation));
  const { mode } = view;
  view.mode = "reply";
  setValue(view, parts, "");
  renderMode(api);
  tellTyping(view, false);
  send(view.id, { text, mode, name: contactName(), takes });
}

function setValue(view, parts, text, focus = true) {
  parts.input.value = text;
  saveDraft(view.id, text, view.mode);
  if (focus) {
    parts.input.focus();
    parts.input.setSelectionRange(text.length, text.length);
  }
  parts.input.dispatchEvent(new Event("input"));
}

const joined = (before, text) => (before.trim() && !before.startsWith("/") ? `${before.replace(/\s+$/, "")} ${text}` : text);

/** The suggestion that goes on from what is written; with nothing written, the first one. */
function renderGhost({ view, parts }) {
  const draft = parts.input.value;
  const isFree = view.mode === "reply" && !parts.input.readOnly && !draft.startsWith("/");
  const found = isFree && (state.detail?.dossier.suggestions ?? []).find((text) => text.toLowerCase().startsWith(draft.toLowerCase()) && text.length > draft.length);
  const offered = found && found !== view.dismissed ? found : "";
  parts.ghost.dataset.text = offered;
  parts.ghost.replaceChildren(
    h("span", { class: "typed" }, offered ? draft : ""),
    offered ? offered.slice(draft.length) : "",
    offered ? h("kbd", {}, t("tab_takes")) : "",
  );
  setText(parts.ghostHelp, offered ? t("suggestion_help", { text: offered }) : "");
  parts.input.placeholder = offered || parts.input.readOnly ? "" : view.mode === "note" ? t("note_placeholder") : t("reply_placeholder", { name: contactName() });
}

/** Where the style sheet cannot size the field by its content. */
function resize(input) {
  if (CSS.supports("field-sizing", "content")) return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}

function tellTyping(view, isOn) {
  const conversation = state.detail?.conversation;
  const isMine = conversation?.id === view.id && standing(conversation) === "mine";
  if (view.id === null || (isOn && (!isMine || Date.now() - view.typingSent < TYPING_EVERY_MS)) || (!isOn && !view.typingSent)) return;
  view.typingSent = isOn ? Date.now() : 0;
  // A lost hint is no loss: nobody waits for it.
  post(`/conversations/${view.id}/typing`, { on: isOn }).catch(() => {});
}
