/** Reading from the desk. A read asked for while one is under way runs once more after it, never twice. */
import { ApiError, get } from "./api.js";
import { emit, state } from "./store.js";
import { language } from "./words.js";

const running = new Map();

function once(name, work) {
  const entry = running.get(name);
  if (entry) {
    entry.again ??= entry.done.then(() => once(name, work));
    return entry.again;
  }
  const fresh = { again: null };
  fresh.done = work().finally(() => running.delete(name));
  running.set(name, fresh);
  return fresh.done;
}

export const readQueue = () =>
  once("queue", () =>
    attempt(async () => {
      const answer = await get(`/queue?lang=${language}`);
      setClock(answer.now);
      state.rows = answer.rows;
      state.hours = answer.hours;
      state.channelHours = answer.channel_hours ?? {};
      emit("queue");
    }),
  );

export const readConversation = (id = state.selected) =>
  id === null
    ? Promise.resolve()
    : once(`conversation ${id}`, () =>
        attempt(async () => {
          const answer = await get(`/conversations/${id}?limit=1000`).catch((error) => {
            if (error.status === 404) return null;
            throw error;
          });
          if (state.selected !== id) return;
          state.detail = answer;
          state.missing = answer === null;
          if (answer) setClock(answer.now);
          emit("conversation");
        }),
      );

export const readNotices = () =>
  attempt(async () => {
    state.notices = (await get("/notices")).notices;
    emit("notices");
  });

/** What changes seldom: once at start, and after a lost line. */
export const readRest = () =>
  attempt(async () => {
    const [me, operators, canned] = await Promise.all([get("/me"), get("/operators"), get("/canned")]);
    state.lateAfter = me.late_after_s;
    state.operators = operators.operators;
    state.canned = canned.canned;
    emit("queue");
    emit("conversation");
  });

export const readAll = () => Promise.all([readQueue(), readConversation(), readNotices(), readRest()]);

export function setOnline(online) {
  if (state.online === online) return;
  state.online = online;
  emit("online");
}

async function attempt(work) {
  try {
    await work();
    setOnline(true);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== "signed_out") setOnline(false);
  }
}

function setClock(iso) {
  state.offset = Date.parse(iso) - Date.now();
}
