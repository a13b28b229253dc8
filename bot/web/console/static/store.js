/** What the page knows, who wants to hear when it changes, and what stays on this computer. */

const root = document.getElementById("app");

export const me = { id: Number(root.dataset.operator), name: root.dataset.name };
export const shop = root.dataset.shop;

export const state = {
  rows: null, // null until the first answer
  hours: { open: true, text: "" },
  channelHours: {},
  notices: [],
  operators: [],
  canned: [],
  lateAfter: 120,
  selected: null, // conversation id
  detail: null, // {conversation, messages, dossier} of the selected one
  unread: 0, // of the selected one, when it was opened
  missing: false, // the selected one does not exist
  typing: null, // {id, author} who writes now
  online: true,
  offset: 0, // the desk's clock minus this computer's, ms
};

const listeners = new Map();

/** Topics: queue, conversation, notices, online, typing, outgoing. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The desk's time now, ms. */
export const now = () => Date.now() + state.offset;

export const row = (id) => state.rows?.find((each) => each.conversation_id === id);

/** 'queue', 'mine', 'colleague', 'bot' or 'closed'. */
export function standing(conversation) {
  if (conversation.owner !== "operator") return conversation.owner;
  return conversation.operator_id === me.id ? "mine" : "colleague";
}

/** One operator's things never show to the next one on the same computer. */
export function keep(area, name, value) {
  const key = `sportello.${me.id}.${name}`;
  try {
    if (value === null || value === "") area.removeItem(key);
    else area.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the draft of a closed tab, nothing else.
  }
}

export function kept(area, name) {
  try {
    return JSON.parse(area.getItem(`sportello.${me.id}.${name}`));
  } catch {
    return null;
  }
}
