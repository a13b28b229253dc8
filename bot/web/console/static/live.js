/** The stream of hints: each names what changed, the page reads that again; after a lost line it reads everything. */
import { readAll, readConversation, readNotices, readQueue, setOnline } from "./data.js";
import { emit, state } from "./store.js";

const CHECK_MS = 30000;
const TYPING_MS = 8000;
let source = null;
let watched = null;
let typingTimer = 0;

export function startLive() {
  follow();
  // A hint can be lost between two processes, a sleeping computer misses many: look again now and then.
  setInterval(() => document.hidden || refresh(), CHECK_MS);
  addEventListener("online", readAll);
  document.addEventListener("visibilitychange", () => document.hidden || readAll());
}

/** Listen to the queue and to the selected conversation. */
export function follow() {
  if (source && watched === state.selected && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  watched = state.selected;
  source = new EventSource(`/console/api/stream${watched === null ? "" : `?conversation=${watched}`}`);
  source.addEventListener("ready", readAll);
  source.addEventListener("queue", () => {
    readQueue();
    readNotices();
  });
  source.addEventListener("conversation", (event) => {
    readQueue();
    if (JSON.parse(event.data).id === state.selected) readConversation();
  });
  source.addEventListener("typing", (event) => setTyping(JSON.parse(event.data)));
  source.addEventListener("error", () => setOnline(false));
}

function refresh() {
  if (source.readyState === EventSource.CLOSED) follow();
  return Promise.all([readQueue(), readConversation(), readNotices()]);
}

function setTyping({ id, author, on }) {
  clearTimeout(typingTimer);
  state.typing = on ? { id, author } : null;
  if (on) typingTimer = setTimeout(() => setTyping({ on: false }), TYPING_MS);
  emit("typing");
}
