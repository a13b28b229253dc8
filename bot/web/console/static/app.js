/** Puts the page together: bar, list, conversation, dossier; and which of them a small screen shows. */
import { signOut } from "./api.js";
import { buildComposer } from "./composer.js";
import { readAll, readConversation, readQueue } from "./data.js";
import { h, icon, setText } from "./dom.js";
import { buildDossier } from "./dossier.js";
import { forgetDrafts } from "./drafts.js";
import { buildHead } from "./head.js";
import { showKeys, startKeys } from "./keys.js";
import { buildList, firstWaiting, focusRow, order } from "./list.js";
import { follow, startLive } from "./live.js";
import { explain, region, toast } from "./notify.js";
import { restoreOutgoing, settle } from "./outgoing.js";
import { emit, keep, kept, me, on, row, shop, standing, state } from "./store.js";
import { buildThread } from "./thread.js";
import { language, switchLanguage, t } from "./words.js";

const HASH = /^#\/(\d+)$/;
const app = document.getElementById("app");
const main = h("main", { class: "conversation", id: "conversation", tabindex: "-1" });

function build() {
  const opened = h("div", { class: "opened", hidden: true });
  // Before the parts: what is hidden has no height, and the thread could not scroll to its end.
  main.append(opened, buildEmpty(opened));
  opened.append(buildHead({ onBack: () => show("list"), onDossier: toggleDossier }), buildThread(), buildComposer({ onLeave: toList }));
  app.append(
    h("a", { class: "skip", href: "#conversation", onclick: skip }, t("skip")),
    buildBar(),
    buildStrip(),
    h("div", { class: "panes" }, buildList((id) => select(id, { view: "conversation" })), main, buildDossier({ onClose: () => show("conversation") })),
    ...region(),
  );
  show("list");
}

function buildBar() {
  const hours = h("span", { class: "hours" });
  on("queue", () => {
    hours.className = state.hours.open ? "hours open" : "hours closed";
    setText(hours, state.hours.text);
  });
  return h(
    "header",
    { class: "bar" },
    h("span", { class: "brand" }, h("img", { src: "/console/icon.svg", alt: "", width: 24, height: 24 }), h("b", {}, shop)),
    hours,
    h("span", { class: "gap" }),
    h("button", { type: "button", class: "quiet", lang: language === "it" ? "en" : "it", onclick: switchLanguage }, t("other_language")),
    h("button", { type: "button", class: "quiet keys-button", onclick: showKeys }, t("keys"), " ", h("kbd", {}, "?")),
    h("span", { class: "operator" }, me.name),
    h("button", { type: "button", class: "quiet", "aria-label": t("sign_out"), title: t("sign_out"), onclick: leave }, icon("out")),
  );
}

/** What every operator must see: a lost line, and what the desk reports of itself. */
function buildStrip() {
  const strip = h("div", { class: "strip", role: "status" });
  const render = () => {
    const lines = [...(state.online ? [] : [t("offline")]), ...state.notices];
    strip.replaceChildren(...lines.map((line) => h("p", {}, "▲ ", line)));
  };
  on("online", render);
  on("notices", render);
  return strip;
}

function buildEmpty(opened) {
  const title = h("h1", {});
  const text = h("p", {});
  const next = h("button", { type: "button", class: "primary", onclick: () => open(firstWaiting()) }, t("open_next"));
  const node = h("div", { class: "nothing" }, title, text, next);
  const render = () => {
    const waiting = (state.rows ?? []).filter((row) => standing(row) === "queue").length;
    const isShown = state.detail?.conversation.id === state.selected && state.selected !== null;
    opened.hidden = !isShown;
    node.hidden = isShown || (state.selected !== null && !state.missing);
    app.classList.toggle("has-conversation", isShown);
    setText(title, state.missing ? t("missing") : waiting || state.rows === null ? t("choose") : t("no_one_waiting"));
    setText(text, waiting ? t("choose_waiting", { n: waiting }) : t("choose_none"));
    next.hidden = waiting === 0;
  };
  for (const topic of ["queue", "conversation", "selection"]) on(topic, render);
  return node;
}

/** A small screen shows one of them at a time; a wide one all. */
function show(view) {
  app.dataset.view = view;
  if (view === "list") focusRow(state.selected);
}

function toggleDossier() {
  const isOpen = app.dataset.view === "dossier";
  show(isOpen ? "conversation" : "dossier");
  if (!isOpen) document.querySelector(".dossier").focus();
}

function select(id, { view = app.dataset.view } = {}) {
  if (id === null) return;
  if (location.hash !== `#/${id}`) location.hash = `#/${id}`;
  else choose(id);
  show(view === "list" ? "conversation" : view);
}

function open(id) {
  select(id, { view: "conversation" });
  if (id !== null) focusRow(id);
}

function choose(id) {
  if (state.selected === id) return;
  state.unread = row(id)?.unread ?? 0;
  state.selected = id;
  state.missing = false;
  emit("selection");
  if (id === null) return;
  // Reading it marks it as seen, which the list then shows.
  readConversation(id).then(readQueue);
  follow();
}

function fromAddress() {
  const id = HASH.exec(location.hash)?.[1];
  choose(id ? Number(id) : null);
  show(id ? "conversation" : "list");
}

/** After a session that ended: the conversation that was open then. */
function reopen() {
  const left = kept(sessionStorage, "reopen");
  if (left && !location.hash) history.replaceState(null, "", left);
  keep(sessionStorage, "reopen", null);
}

function step(by) {
  const ids = order();
  const at = ids.indexOf(state.selected);
  open(ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))] ?? null);
}

function toList() {
  if (app.dataset.view === "dossier") show("conversation");
  else show("list");
  focusRow(state.selected ?? order()[0]);
}

function write(mode) {
  if (state.detail) emit("write", mode);
}

function skip(event) {
  event.preventDefault();
  main.focus();
}

async function leave() {
  if (!(await settle())) {
    toast(t("not_settled"), { error: true });
    return;
  }
  try {
    await signOut();
    forgetDrafts();
  } catch (error) {
    toast(explain(error, t("kept_nothing_changed")), { error: true });
  }
}

build();
startKeys({
  next: () => step(1),
  previous: () => step(-1),
  first: () => open(firstWaiting()),
  reply: () => write("reply"),
  note: () => write("note"),
  canned: () => {
    write("reply");
    document.querySelector(".composer .bottom button").click();
  },
  dossier: toggleDossier,
  list: toList,
  select: (id) => select(id, { view: "conversation" }),
});
reopen();
addEventListener("hashchange", fromAddress);
fromAddress();
restoreOutgoing();
await readAll();
startLive();
