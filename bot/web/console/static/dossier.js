/** The right pane: what is known, the most needed first. Nothing here needs a click to be read. */
import { h, reconcile, setText } from "./dom.js";
import { isLate, reasonWord } from "./list.js";
import { anchor, isSafe, rich } from "./markdown.js";
import { emit, now, on, state } from "./store.js";
import { briefDate, date, duration, find, money, percent, t, time } from "./words.js";

const SHOWN_TURNS = 3;
const SHOWN_CANDIDATES = 4;
const WORTH_SHOWING = 0.01;
const GOOD = new Set(["delivered", "ready_for_pickup", "refunded"]);
const BAD = new Set(["on_hold", "failed", "cancelled", "partially_shipped"]);

export function buildDossier({ onClose }) {
  const body = h("div", { class: "sections" });
  const close = h("button", { type: "button", class: "quiet close-dossier", "aria-label": t("close_dossier"), onclick: onClose }, "×");
  const pane = h("aside", { class: "dossier", "aria-label": t("dossier"), tabindex: "-1" }, h("h2", { class: "pane-title" }, t("dossier")), close, body);
  const render = () => {
    if (!state.detail) return;
    const { dossier, conversation } = state.detail;
    const sections = [summary(dossier, conversation), orders(dossier), who(dossier), collected(dossier), weighed(dossier), suggestions(dossier)];
    reconcile(body, sections.filter(Boolean).map((section) => ({ ...section, mark: `${conversation.id} ${section.mark}` })));
    tick(body);
  };
  on("conversation", render);
  setInterval(() => document.hidden || tick(body), 1000);
  return pane;
}

function section(key, title, data, children) {
  const build = () => h("section", { class: key, "aria-labelledby": `dossier-${key}` }, h("h3", { id: `dossier-${key}` }, title), children());
  return { key, mark: JSON.stringify(data), build };
}

function fact(term, ...value) {
  return [h("dt", {}, term), h("dd", {}, value)];
}

function summary(dossier, conversation) {
  const isWaiting = conversation.owner === "queue" && dossier.waiting_since;
  const data = [dossier.summary, dossier.reason, isWaiting, dossier.waiting_since, dossier.window_closes_at, dossier.ratings];
  const rows = () => [
    dossier.reason ? fact(t("fact_reason"), reasonWord(dossier.reason)) : [],
    isWaiting ? fact(t("fact_waiting"), h("span", { class: "wait", "data-since": dossier.waiting_since, "data-channel": conversation.channel })) : [],
    dossier.window_closes_at ? fact(t("fact_window"), windowText(dossier.window_closes_at)) : [],
    dossier.ratings.length ? fact(t("fact_rating"), dossier.ratings.map(rating).join(" · ")) : [],
  ];
  return section("summary", t("summary"), data, () => [
    h("p", { class: "line", dir: "auto" }, dossier.summary || t("no_summary")),
    h("dl", {}, rows().flat()),
  ]);
}

const rating = ({ score, comment }) => (comment ? `${score}/5 “${comment}”` : `${score}/5`);

function windowText(iso) {
  const isOpen = Date.parse(iso) > now();
  return isOpen ? t("open_until", { time: `${time(iso)}, ${briefDate(iso)}` }) : `▲ ${t("window_closed")}`;
}

function orders(dossier) {
  if (!dossier.orders.length) return null;
  return section("orders", t("orders"), dossier.orders, () => dossier.orders.map(orderCard));
}

function orderCard(order) {
  const mood = GOOD.has(order.status) ? "good" : BAD.has(order.status) ? "bad" : "";
  const shape = { good: "✓ ", bad: "▲ ", "": "" }[mood];
  const when = order.delivered_on
    ? t("order_delivered_on", { date: date(order.delivered_on) })
    : order.eta && t("order_expected", { date: date(order.eta) });
  const placed = order.placed_at && t("order_placed", { date: briefDate(order.placed_at) });
  return h(
    "article",
    { class: "order" },
    h("p", { class: "order-head" }, h("b", {}, t("order", { number: order.number })), h("span", { class: `status ${mood}` }, shape, find(`status_${order.status}`) ?? order.status)),
    h("ul", { role: "list" }, order.lines.map((line) => h("li", {}, `${line.quantity} × ${[line.title, line.variant].filter(Boolean).join(", ")}`))),
    h("p", { class: "secondary" }, [placed, when, order.total && money(order.total, order.currency)].filter(Boolean).join(" · ")),
    order.carrier || order.tracking_code ? tracking(order) : null,
  );
}

function tracking(order) {
  const code = [order.carrier, order.tracking_code].filter(Boolean).join(" ");
  const link = order.tracking_url && isSafe(order.tracking_url) ? anchor(order.tracking_url, t("track")) : null;
  return h("p", { class: "secondary" }, h("span", { class: "code" }, code), link ? " · " : "", link);
}

function who(dossier) {
  const others = dossier.identities.filter((each) => !dossier.contact_email || !each.includes(dossier.contact_email));
  const facts = [
    ["fact_email", dossier.contact_email],
    ["fact_identities", others.map(identity).join(", ")],
    ["fact_tone", find(`tone_${dossier.tone}`) ?? dossier.tone],
    ["fact_sentiment", find(`sentiment_${dossier.sentiment}`) ?? dossier.sentiment],
    ["fact_notes", dossier.notes],
  ].filter(([, value]) => value);
  if (!facts.length) return null;
  return section("contact", t("who"), facts, () => h("dl", {}, facts.flatMap(([term, value]) => fact(t(term), h("span", { dir: "auto" }, value)))));
}

/** "phone: +39…" with the kind in the page's language. */
function identity(text) {
  const [kind, ...value] = text.split(": ");
  return value.length ? `${find(`slot_${kind}`) ?? kind} ${value.join(": ")}` : text;
}

function collected(dossier) {
  const facts = Object.entries(dossier.slots).filter(([, value]) => value !== null && value !== "" && typeof value !== "object");
  if (!facts.length) return null;
  const asFact = ([name, value]) => fact(find(`slot_${name}`) ?? name.replaceAll("_", " "), String(value));
  return section("slots", t("collected"), facts, () => h("dl", {}, facts.flatMap(asFact)));
}

/** The bot's last answers that were weighed at all: a notice or an operator's command was not. */
function weighed(dossier) {
  const turns = dossier.bot_answers.filter((turn) => turn.candidates?.length).slice(-SHOWN_TURNS).reverse();
  if (!turns.length) return null;
  return section("weighed", t("weighed"), turns, () => turns.map(turnCard));
}

/** A turn of the bot: what was asked, what it answered with, and the candidates with their scores. */
function turnCard(turn) {
  const asked = state.detail.messages.findLast((message) => message.author === "contact" && message.seq < turn.seq)?.text;
  const answer = [find(`source_${turn.source}`) ?? turn.source, turn.faq_id].filter(Boolean).join(" ");
  const sure = typeof turn.confidence === "number" ? ` · ${t("sure", { n: percent(turn.confidence) })}` : "";
  const candidates = turn.candidates.filter((each, index) => index === 0 || each.score >= WORTH_SHOWING).slice(0, SHOWN_CANDIDATES);
  return h(
    "div",
    { class: "turn" },
    asked ? h("p", { class: "asked", dir: "auto" }, `“${asked}”`) : null,
    h("p", { class: "secondary" }, `${answer}${sure}`),
    candidates.length ? h("ul", { role: "list" }, candidates.map(candidateRow)) : null,
  );
}

function candidateRow(candidate) {
  const score = Math.min(1, Math.max(0, Number(candidate.score) || 0));
  const name = candidate.faq_id || candidate.intent || "";
  return h("li", {}, h("span", { class: "name" }, name), h("meter", { min: 0, max: 1, value: score, "aria-label": name }), h("span", { class: "score" }, percent(score)));
}

function suggestions(dossier) {
  if (!dossier.suggestions.length) return null;
  const asItem = (text) =>
    h("li", {}, h("div", { dir: "auto" }, rich(text)), h("button", { type: "button", class: "link", onclick: () => emit("insert", text) }, t("insert")));
  return section("suggestions", t("suggestions"), dossier.suggestions, () => h("ul", { role: "list" }, dossier.suggestions.map(asItem)));
}

function tick(body) {
  const wait = body.querySelector(".wait");
  if (!wait) return;
  const late = isLate(wait.dataset.since, wait.dataset.channel);
  wait.className = late ? "wait late" : "wait amber";
  setText(wait, `${late ? "▲ " : ""}${duration(now() - Date.parse(wait.dataset.since))}${late ? `, ${t("late")}` : ""}`);
}
