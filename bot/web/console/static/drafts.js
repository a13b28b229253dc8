/** What is written and not sent, per conversation; it outlives a reload and a session, not a sign-out. */
import { emit, keep, kept, me } from "./store.js";

const EMPTY = { text: "", mode: "reply" };

export const draftOf = (id) => kept(localStorage, `draft.${id}`) ?? EMPTY;

export function saveDraft(id, text, mode) {
  keep(localStorage, `draft.${id}`, text ? { text, mode } : null);
}

/** A text that was on its way stands in the composer again, before what was written meanwhile. */
export function putBack(id, text, mode) {
  const meanwhile = draftOf(id).text;
  saveDraft(id, meanwhile ? `${text}\n${meanwhile}` : text, mode);
  emit("draft", id);
}

export function forgetDrafts() {
  const mine = Object.keys(localStorage).filter((key) => key.startsWith(`sportello.${me.id}.`));
  mine.forEach((key) => localStorage.removeItem(key));
}
