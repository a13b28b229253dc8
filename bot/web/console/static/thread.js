/** The timeline of the open conversation. */
import { h, icon, reconcile, setText } from "./dom.js";
import { reasonWord } from "./list.js";
import { context } from "./context.js";
import { files } from "./files.js";
import { bare, rich } from "./markdown.js";
import { discard, entriesOf, flush, retry, secondsLeft, undo } from "./outgoing.js";
import { on, state } from "./store.js";
import { authorName, changeText, timeline } from "./timeline.js";
import { find, percent, t, time } from "./words.js";

const NEAR_PX = 80;
/** The text itself or the rule below it says so. */
const SELF_EVIDENT = new Set(["handoff", "notice"]);
const PROBLEMS = new Set(["failed", "unknown", "dropped", "pending", "sending"]);

export function buildThread() {
  const log = h("div", { class: "log", role: "log", "aria-label": t("queue"), tabindex: "0" });
  const typing = h("p", { class: "typing", hidden: true });
  const latest = h("button", { type: "button", class: "latest", hidden: true, onclick: () => toEnd(log) }, "↓ ", t("to_latest"));
  const view = { shown: null, isAtEnd: true, height: 0 };
  log.addEventListener("scroll", () => {
    latest.hidden = isAtEnd(log);
    // Where the room changed in the same moment, the place says nothing of what was being read.
    if (log.clientHeight === view.height) view.isAtEnd = latest.hidden;
  });
  // Buttons and fields around it come and go: who read the end still does.
  new ResizeObserver(() => {
    view.height = log.clientHeight;
    if (view.isAtEnd) toEnd(log);
  }).observe(log);
  const render = () => renderLog(log, view, latest);
  on("conversation", render);
  on("outgoing", render);
  on("typing", () => renderTyping(typing));
  on("conversation", () => renderTyping(typing));
  return h("div", { class: "thread" }, log, typing, latest);
}

function renderLog(log, view, latest) {
  const { detail } = state;
  if (!detail || detail.conversation.id !== state.selected) return;
  const isOther = view.shown !== state.selected;
  view.shown = state.selected;
  // A whole transcript read aloud helps nobody; from the second rendering on, only what is new is.
  log.setAttribute("aria-live", isOther ? "off" : "polite");
  log.setAttribute("aria-label", detail.dossier.contact_name || t("contact_fallback"));
  const wasAtEnd = isOther || view.isAtEnd;
  const items = timeline(detail, state.unread, entriesOf(state.selected));
  const tapped = tappedChoices(detail.messages);
  reconcile(log, items.length ? items.map((item) => asItem(item, detail, tapped)) : [nothing()]);
  tickOutgoing(log, entriesOf(state.selected));
  const mark = log.querySelector(".rule.unread");
  if (isOther && mark) mark.scrollIntoView({ block: "start" });
  else if (wasAtEnd) toEnd(log);
  latest.hidden = isAtEnd(log);
}

const nothing = () => ({ key: "nothing", mark: "", build: () => h("p", { class: "empty" }, t("no_messages")) });
const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
const toEnd = (log) => (log.scrollTop = log.scrollHeight);

/** Which choice of which bot message the shopper tapped: the latest offer before the tap counts. */
function tappedChoices(messages) {
  return new Set(messages.map((message) => message.chosen).filter(Boolean));
}

function asItem(item, detail, tapped) {
  const { key } = item;
  const id = detail.conversation.id;
  if (item.kind === "message") {
    const { message, opensGroup } = item;
    const chosen = message.choices.filter((choice) => tapped.has(choice.id)).map((choice) => choice.id);
    const name = authorName(message, detail.dossier);
    const mark = JSON.stringify([id, message, opensGroup, chosen, name]);
    return { key, mark, build: () => buildMessage(message, { name, opensGroup, chosen }) };
  }
  if (item.kind === "outgoing") {
    const { entry } = item;
    const mark = JSON.stringify([entry.status, entry.problem]);
    return { key, mark, build: () => buildOutgoing(entry) };
  }
  if (item.kind === "change") {
    const { change } = item;
    const said = [changeText(change), change.change === "handoff_requested" && change.reason ? reasonWord(change.reason) : "", time(change.at)].filter(Boolean).join(" · ");
    return { key, mark: `${id} ${said}`, build: () => h("p", { class: `rule ${change.after ?? ""}` }, h("span", {}, said)) };
  }
  const text = item.kind === "unread" ? t("new_messages") : item.text;
  return { key, mark: `${id} ${text}`, build: () => h("p", { class: `rule ${item.kind}` }, h("span", {}, text)) };
}

function buildMessage(message, { name, opensGroup, chosen }) {
  const ours = message.author !== "contact";
  const classes = ["message", message.author, opensGroup ? "opens" : ""].join(" ").trim();
  return h(
    "article",
    { class: classes, title: time(message.at), "data-seq": message.seq },
    opensGroup ? h("p", { class: "author" }, h("b", { dir: "auto" }, name), " ", h("time", { datetime: message.at }, time(message.at))) : null,
    h(
      "div",
      { class: "bubble", lang: message.language === "other" ? null : message.language, dir: "auto" },
      message.delivery === "deleted" ? h("em", { class: "small" }, t("deleted")) : ours ? rich(message.text) : bare(message.text),
      message.chosen ? h("span", { class: "small" }, `☑ ${t("tapped")}`) : null,
      files(message),
    ),
    context(message),
    message.choices.length ? choices(message.choices, chosen) : null,
    footer(message),
  );
}

function choices(offered, chosen) {
  const asChip = (choice) => {
    const isChosen = chosen.includes(choice.id);
    return h("li", { class: isChosen ? "chosen" : null }, isChosen ? "✓ " : "", choice.title, isChosen ? h("span", { class: "visually-hidden" }, `, ${t("chosen")}`) : null);
  };
  return h("ul", { class: "choices", role: "list" }, offered.map(asChip));
}

/** The bot's source and sureness, and how our message fares: nothing to say is no line. */
function footer(message) {
  const parts = [];
  const { trace } = message;
  if (message.author === "bot" && trace.source && !SELF_EVIDENT.has(trace.source)) {
    const what = trace.faq_id || (trace.source === "intent" ? trace.intent : "");
    parts.push([find(`source_${trace.source}`) ?? trace.source, what].filter(Boolean).join(" "));
    if (typeof trace.confidence === "number") parts.push(t("sure", { n: percent(trace.confidence) }));
  }
  const isProblem = PROBLEMS.has(message.delivery);
  if (message.author === "operator" || (message.author === "bot" && isProblem)) parts.push(find(`delivery_${message.delivery}`) ?? message.delivery);
  if (!parts.length) return null;
  const isBad = ["failed", "unknown"].includes(message.delivery);
  return h("p", { class: isBad ? "foot bad" : "foot" }, isBad ? "▲ " : "", parts.join(" · "));
}

function buildOutgoing(entry) {
  const button = (label, run) => h("button", { type: "button", class: "link", onclick: run }, label);
  const foot = h("p", { class: entry.status === "failed" ? "foot bad" : "foot" });
  if (entry.status === "waiting") {
    foot.dataset.key = entry.key;
    foot.append(h("span", { class: "countdown", "aria-hidden": "true" }, countdown(entry)), button(t("undo"), () => undo(entry.key)), button(t("send_now"), () => flush(entry.id)));
  } else if (entry.status === "sending") {
    foot.append(t("sending"));
  } else {
    foot.append(`▲ ${entry.problem}`, button(t("again"), () => retry(entry.key)), button(t("edit"), () => discard(entry.key)));
  }
  return h("article", { class: `message ${entry.mode === "note" ? "system" : "operator"} opens leaving` }, h("div", { class: "bubble", dir: "auto" }, rich(entry.text)), foot);
}

const countdown = (entry) => t("sends_in", { n: secondsLeft(entry) });

/** Only the figure changes: the buttons beside it keep the focus. */
function tickOutgoing(log, entries) {
  for (const entry of entries) {
    const node = log.querySelector(`.foot[data-key="${entry.key}"] .countdown`);
    if (node) setText(node, countdown(entry));
  }
}

function renderTyping(node) {
  const isShown = state.typing?.id === state.selected && state.typing?.author === "contact";
  node.hidden = !isShown;
  setText(node, isShown ? t("typing", { name: state.detail?.dossier.contact_name || t("contact_fallback") }) : "");
}
