/**
 * What the operator sent and the desk has not confirmed yet. A reply waits five seconds, so that it can be taken back;
 * it keeps its key through every retry and reload, so that it is never said twice.
 */
import { heldByColleague } from "./actions.js";
import { ApiError, command, newKey } from "./api.js";
import { readConversation, readQueue, setOnline } from "./data.js";
import { putBack } from "./drafts.js";
import { explain, say, toast } from "./notify.js";
import { emit, keep, kept, on, standing, state } from "./store.js";
import { t } from "./words.js";

const UNDO_MS = 5000;
const STALE_MS = 10 * 60 * 1000;
const chains = new Map();
let entries = [];

export const entriesOf = (id) => entries.filter((entry) => entry.id === id);

export const secondsLeft = (entry) => Math.max(0, Math.ceil((entry.leavesAt - Date.now()) / 1000));

/** `takes`: nobody of us holds the conversation yet. */
export function send(id, { text, mode, name, takes }) {
  flush(id);
  const entry = { key: newKey(), id, text, mode, name, status: "waiting", problem: "", madeAt: Date.now(), leavesAt: Date.now() };
  entries.push(entry);
  if (mode === "note") return deliver(entry);
  entry.leavesAt += UNDO_MS;
  if (takes) take(entry);
  say(t("announce_sends"));
  schedule(entry);
  changed();
  return undefined;
}

/** Send now what still waits in this conversation. True where there was something. */
export function flush(id) {
  const waiting = entriesOf(id).filter((entry) => entry.status === "waiting");
  waiting.forEach((entry) => deliver(entry));
  return waiting.length > 0;
}

/** Send everything now; resolved when all is confirmed or failed. True where nothing is left. */
export async function settle() {
  entries.filter((entry) => entry.status === "waiting").forEach((entry) => deliver(entry));
  await Promise.all(chains.values());
  return entries.length === 0;
}

/** Take back one reply, or the latest that still can be; its text returns to the composer. Its conversation's id. */
export function undo(key = entries.findLast((entry) => entry.status === "waiting")?.key) {
  const entry = entries.find((each) => each.key === key && each.status === "waiting");
  if (!entry) return null;
  remove(entry);
  putBack(entry.id, entry.text, entry.mode);
  return entry.id;
}

export function discard(key) {
  const entry = entries.find((each) => each.key === key);
  remove(entry);
  putBack(entry.id, entry.text, entry.mode);
}

export const retry = (key) => deliver(entries.find((entry) => entry.key === key));

/** After a reload or a new sign-in: send again what was not confirmed; what is old is left to the operator. */
export function restoreOutgoing() {
  entries = (kept(sessionStorage, "outgoing") ?? []).filter((entry) => entry.key && entry.text);
  for (const entry of entries) {
    if (Date.now() - entry.madeAt < STALE_MS) deliver(entry);
    else Object.assign(entry, { status: "failed", problem: t("not_sent") });
  }
  addEventListener("pagehide", () => entries.filter((entry) => entry.status === "waiting").forEach((entry) => deliver(entry, { keepalive: true })));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  on("online", () => state.online && entries.filter((entry) => entry.isLost).forEach((entry) => deliver(entry)));
  on("selection", offerUndoElsewhere);
  changed();
}

function schedule(entry) {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => {
    if (entry.status !== "waiting") return;
    if (secondsLeft(entry) === 0) {
      deliver(entry);
      return;
    }
    changed();
    schedule(entry);
  }, Math.min(1000, Math.max(0, entry.leavesAt - Date.now())));
}

/** Silences the bot and tells colleagues at once, before the five seconds are over. */
async function take(entry) {
  try {
    await command(entry.id, "take", { key: newKey() });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Where no answer came the reply itself takes the conversation.
    if (error.code === "refused" && !(await isOursAnyway(entry.id))) giveUp(entry, error);
  }
  await Promise.all([readQueue(), readConversation()]);
}

async function isOursAnyway(id) {
  await Promise.all([readQueue(), readConversation(id)]);
  const conversation = state.detail?.conversation;
  return conversation?.id === id && standing(conversation) === "mine";
}

function giveUp(entry, error) {
  if (!entries.includes(entry) || entry.status !== "waiting") return;
  remove(entry);
  putBack(entry.id, entry.text, entry.mode);
  toast(`${heldByColleague(entry.id, error) ?? explain(error, "")} ${t("kept_text")}`, { error: true });
}

/** One at a time and in order within a conversation. */
function deliver(entry, options = {}) {
  clearTimeout(entry.timer);
  Object.assign(entry, { status: "sending", problem: "", isLost: false });
  changed();
  // While the page goes away nothing may wait for a turn of the event loop.
  const before = options.keepalive ? null : chains.get(entry.id);
  const done = before ? before.then(() => post(entry, options)) : post(entry, options);
  chains.set(entry.id, done);
  return done;
}

async function post(entry, options) {
  const name = entry.mode === "note" ? "note" : "reply";
  try {
    await command(entry.id, name, { key: entry.key, text: entry.text }, options);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isLost = error.isUnconfirmed;
    Object.assign(entry, { status: "failed", isLost, problem: isLost ? t("not_confirmed") : explain(error, t("kept_text")) });
    if (isLost) setOnline(false);
    if (entry.id !== state.selected) toast(`${entry.name}: ${entry.problem}`, { error: true });
    changed();
    return;
  }
  await Promise.all([readQueue(), readConversation(entry.id)]);
  remove(entry);
}

function offerUndoElsewhere() {
  const entry = entries.find((each) => each.status === "waiting" && each.id !== state.selected && !each.isOffered);
  if (!entry) return;
  entry.isOffered = true;
  const action = { label: t("undo"), run: () => undo(entry.key) };
  toast(t("pending_elsewhere", { name: entry.name }), { action, stayMs: Math.max(500, entry.leavesAt - Date.now()) });
}

function remove(entry) {
  clearTimeout(entry.timer);
  entries = entries.filter((each) => each !== entry);
  changed();
}

function changed() {
  const plain = entries.map(({ timer, isOffered, isLost, ...rest }) => rest);
  keep(sessionStorage, "outgoing", plain.length ? plain : null);
  emit("outgoing");
}
