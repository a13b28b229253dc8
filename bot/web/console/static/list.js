/** The left pane: whom next? In the desk's own order, under who holds it. */
import { h, icon, reconcile, setText } from "./dom.js";
import { say } from "./notify.js";
import { now, on, shop, standing, state } from "./store.js";
import { duration, find, t } from "./words.js";

const WINDOW_SOON_MS = 2 * 3600 * 1000;
const GROUPS = [
  ["waiting", (row) => standing(row) === "queue"],
  ["mine", (row) => standing(row) === "mine"],
  ["colleagues", (row) => standing(row) === "colleague" || standing(row) === "bot"],
];
let known = null;
let select = () => {};

export function buildList(onSelect) {
  select = onSelect;
  const groups = GROUPS.map(([name, belongs]) => buildGroup(name, belongs));
  const pane = h("nav", { class: "list", "aria-label": t("queue") }, groups.map((group) => group.node), aside());
  const render = () => {
    for (const group of groups) group.render();
    announce();
    setTitle();
  };
  on("queue", render);
  on("selection", render);
  on("outgoing", render);
  setInterval(() => document.hidden || tick(pane), 1000);
  render();
  return pane;
}

/** What joined no conversation is a page of its own. */
const aside = () => h("p", { class: "left-alone" }, h("a", { href: `/console/left-alone?lang=${t("lang")}` }, t("left_alone")));

/** Conversation ids as they stand in the list, from the top. */
export const order = () => GROUPS.flatMap(([, belongs]) => (state.rows ?? []).filter(belongs)).map((row) => row.conversation_id);

export const firstWaiting = () => (state.rows ?? []).find((row) => standing(row) === "queue")?.conversation_id ?? null;

export function focusRow(id) {
  document.querySelector(`.row[data-id="${id}"]`)?.focus();
}

function buildGroup(name, belongs) {
  const count = h("span", { class: "count" });
  const head = h("h2", { id: `group-${name}` }, t(name), " ", count);
  const items = h("ul", { role: "list", "aria-labelledby": `group-${name}` });
  const empty = h("p", { class: "empty" });
  const node = h("section", { class: `group ${name}` }, head, empty, items);
  const render = () => {
    const rows = (state.rows ?? []).filter(belongs);
    setText(count, rows.length ? String(rows.length) : "");
    node.hidden = rows.length === 0 && name !== "waiting";
    empty.hidden = rows.length > 0;
    if (name === "waiting") setText(empty, state.rows === null ? t("loading") : `${t("no_one_waiting")} ${sentence(state.hours.text)}`);
    reconcile(items, rows.map(asItem));
  };
  return { node, render };
}

const sentence = (text) => (text && !/[.!?]$/.test(text) ? `${text}.` : text);

function asItem(row) {
  const isSelected = row.conversation_id === state.selected;
  return {
    key: row.conversation_id,
    mark: JSON.stringify([row, isSelected, state.hours.open, state.channelHours[row.channel]?.open, state.lateAfter]),
    build: () => h("li", {}, buildRow(row, isSelected)),
  };
}

function buildRow(row, isSelected) {
  const window = row.window_closes_at ? Date.parse(row.window_closes_at) : null;
  const isWaiting = row.waiting_since !== null && row.owner === "queue";
  const wait = h("span", { class: "wait", "data-since": row.waiting_since, "data-channel": row.channel, "data-queue": isWaiting });
  const node = h(
    "button",
    {
      type: "button",
      class: isSelected ? "row selected" : "row",
      "data-id": row.conversation_id,
      "data-window": window !== null && window - now() < WINDOW_SOON_MS ? window : null,
      "aria-current": isSelected ? "true" : null,
      onclick: () => select(row.conversation_id),
    },
    h("span", { class: "name", dir: "auto" }, row.contact_name || t("contact_fallback")),
    wait,
    h(
      "span",
      { class: "line" },
      h("span", { class: "channel" }, icon(row.channel), find(`channel_${row.channel}`) ?? row.channel),
      standing(row) === "queue" ? h("span", { class: `reason ${urgency(row.reason)}` }, reasonWord(row.reason)) : null,
      standing(row) === "colleague" ? h("span", { class: "holder" }, row.operator_name) : null,
      h("span", { class: "preview", dir: "auto", lang: row.preview ? row.language : null }, row.preview || t("source_files")),
      h("span", { class: "marks" }),
    ),
  );
  if (row.unread > 0 && row.owner === "operator") {
    node.querySelector(".marks").append(h("span", { class: "badge", "aria-label": t("unread", { n: row.unread }) }, String(row.unread)));
  }
  tickRow(node);
  return node;
}

export const reasonWord = (reason) => find(`reason_${reason ?? "none"}`) ?? reason;

const urgency = (reason) => (["sensitive_topic", "complaint"].includes(reason) ? "strong" : "");

/** Late counts only while the shop is open: nobody is late for a person who waits for the opening. */
export const isLate = (since, channel = "") => (state.channelHours[channel] ?? state.hours).open && now() - Date.parse(since) > state.lateAfter * 1000;

function tick(pane) {
  for (const row of pane.querySelectorAll(".row")) tickRow(row);
}

function tickRow(row) {
  const wait = row.querySelector(".wait");
  const since = wait.dataset.since;
  if (since) {
    const late = wait.dataset.queue !== undefined && isLate(since, wait.dataset.channel);
    wait.className = late ? "wait late" : wait.dataset.queue !== undefined ? "wait amber" : "wait";
    setText(wait, `${late ? "▲ " : ""}${duration(now() - Date.parse(since))}`);
    if (late) wait.setAttribute("aria-label", `${duration(now() - Date.parse(since))}, ${t("late")}`);
  }
  if (row.dataset.window) {
    const left = Number(row.dataset.window) - now();
    const said = left > 0 ? t("window_closes", { time: duration(left) }) : t("window_closed");
    let mark = row.querySelector(".window");
    if (!mark) row.querySelector(".marks").prepend((mark = h("span", { class: "window" }, icon("window"), h("span"))));
    setText(mark.lastChild, duration(left));
    mark.setAttribute("aria-label", said);
    mark.title = said;
  }
}

function announce() {
  if (state.rows === null) return;
  const waiting = state.rows.filter((row) => standing(row) === "queue");
  const fresh = known && waiting.find((row) => !known.has(row.conversation_id));
  if (fresh) say(t("announce_waiting", { name: fresh.contact_name || t("contact_fallback"), reason: reasonWord(fresh.reason) }));
  known = new Set(waiting.map((row) => row.conversation_id));
}

function setTitle() {
  const waiting = (state.rows ?? []).filter((row) => standing(row) === "queue").length;
  document.title = `${waiting ? `(${waiting}) ` : ""}${t("desk")} · ${shop}`;
}
