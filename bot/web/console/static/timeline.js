/** What happened, as a list of keyed items: messages in groups, rules for changes of owner, days, what is still leaving. */
import { t, find, dayKey, dayName } from "./words.js";
import { me, now, state } from "./store.js";

const ARROW = "→ ";
const GROUP_MS = 5 * 60 * 1000;
/** These steps stand before a message of the same moment: they are what made it possible. */
const BEFORE = new Set(["taken", "human_wrote", "reopened", "new_episode", "transferred"]);

/** [{kind: 'day'|'unread'|'change'|'message'|'outgoing', key, …}] in the order of time. */
export function timeline(detail, unread, outgoing) {
  const items = [];
  const firstUnread = firstOfLast(detail.messages, unread);
  let day = "";
  let last = null;
  for (const event of events(detail)) {
    if (dayKey(event.at) !== day) {
      day = dayKey(event.at);
      items.push({ kind: "day", key: `day ${day}`, text: dayName(event.at, now()) });
      last = null;
    }
    if (event.change) {
      items.push({ kind: "change", key: `change ${event.index}`, change: event.change });
      last = null;
      continue;
    }
    const message = event.message;
    if (message.seq === firstUnread) {
      items.push({ kind: "unread", key: "unread" });
      last = null;
    }
    items.push({ kind: "message", key: `message ${message.seq}`, message, opensGroup: !follows(message, last) });
    last = message;
  }
  for (const entry of outgoing) items.push({ kind: "outgoing", key: `outgoing ${entry.key}`, entry });
  return items;
}

export function authorName(message, dossier) {
  if (message.author === "contact") return dossier.contact_name || t("contact_fallback");
  if (message.author === "bot") return t("bot");
  const name = message.author_name === me.name ? t("you") : message.author_name || t("system");
  return message.author === "system" ? `${t("mode_note")} · ${name}` : name;
}

export function changeText(change) {
  const name = actorName(change);
  const isTakeOver = change.to !== undefined && change.to === operatorOf(change)?.public_name;
  const to = change.to === me.name ? t("you_by") : change.to ?? t("someone");
  return find(`changed_${isTakeOver ? "taken" : change.change}`, { name, to }) ?? change.change;
}

/** An operator's `actor` is 'operator:<id>'. */
function operatorOf(change) {
  const id = Number(/^operator:(\d+)$/.exec(change.actor)?.[1]);
  return state.operators.find((each) => each.id === id);
}

function actorName(change) {
  const operator = operatorOf(change);
  return operator?.id === me.id ? t("you_by") : operator?.public_name ?? t("someone");
}

/** To whom a conversation was passed stands in a system line of the same moment: "→ Luca". The rule says both. */
function events(detail) {
  const passedTo = new Map();
  const isArrow = (message) => message.author === "system" && message.text.startsWith(ARROW);
  for (const message of detail.messages.filter(isArrow)) passedTo.set(message.at, message.text.slice(ARROW.length));
  const messages = detail.messages
    .filter((message) => !isArrow(message))
    .map((message) => ({ at: message.at, rank: 1, message }));
  const changes = detail.dossier.owner_changes.map((change, index) => ({
    at: change.at,
    index,
    rank: BEFORE.has(change.change) ? 0 : 2,
    change: change.change === "transferred" ? { ...change, to: passedTo.get(change.at) } : change,
  }));
  return [...messages, ...changes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.rank - b.rank);
}

function follows(message, last) {
  return (
    last !== null &&
    last.author === message.author &&
    last.author_name === message.author_name &&
    Date.parse(message.at) - Date.parse(last.at) < GROUP_MS
  );
}

/** The seq of the first of the contact's last `count` messages; null where all are new: then the end says most. */
function firstOfLast(messages, count) {
  const theirs = messages.filter((message) => message.author === "contact");
  return count > 0 && count < theirs.length ? theirs.at(-count).seq : null;
}
