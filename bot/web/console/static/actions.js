/** The commands of the open conversation: never shown as done before the desk says so. */
import { ApiError, command, newKey } from "./api.js";
import { readConversation, readQueue, setOnline } from "./data.js";
import { h } from "./dom.js";
import { explain, toast } from "./notify.js";
import { emit, me, standing, state } from "./store.js";
import { t } from "./words.js";

const busy = new Set();

/** What can be done by whom, in the order of the buttons; the first is what is done most. */
const POSSIBLE = {
  queue: ["take", "close"],
  bot: ["take", "close"],
  mine: ["transfer", "put_back", "return", "close"],
  colleague: ["take_over"],
  closed: ["reopen"],
};

export const possible = (conversation) => POSSIBLE[standing(conversation)];

export const isBusy = (id) => busy.has(id);

/** Run by button or key; what is not possible now does nothing. */
export function act(name) {
  const conversation = state.detail?.conversation;
  if (!conversation || conversation.id !== state.selected || !possible(conversation).includes(name)) return;
  if (name === "transfer") chooseOperator(conversation.id);
  else if (name === "take_over") run(conversation.id, "transfer", { operator_id: me.id });
  else run(conversation.id, name);
}

async function run(id, name, payload = {}, key = newKey()) {
  if (busy.has(id)) return;
  setBusy(id, true);
  try {
    await command(id, name, { ...payload, key });
    await Promise.all([readQueue(), readConversation(id)]);
    confirm(id, name, payload);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await complain(id, error, () => run(id, name, payload, key));
  } finally {
    setBusy(id, false);
  }
}

function confirm(id, name, payload) {
  const back = { put_back: "take", return: "take", close: "reopen" }[name];
  if (back) toast(t(`done_${name}`), { action: { label: t(back), run: () => run(id, back) } });
  if (name === "transfer" && payload.operator_id !== me.id) {
    const to = state.operators.find((each) => each.id === payload.operator_id);
    toast(t("done_transfer", { name: to?.public_name ?? "" }));
  }
}

async function complain(id, error, again) {
  const isLost = error.isUnconfirmed;
  const kept = isLost ? t("unconfirmed") : error.code === "refused" ? "" : t("kept_nothing_changed");
  const action = isLost || error.code === "service_unavailable" ? { label: t("again_command"), run: again } : null;
  if (isLost) setOnline(false);
  await Promise.all([readQueue(), readConversation(id)]);
  toast(heldByColleague(id, error) ?? explain(error, kept), { error: true, action });
}

/** The commonest refusal, in the page's own language: somebody was quicker. */
export function heldByColleague(id, error) {
  const conversation = state.detail?.conversation;
  const isHeld = error.code === "refused" && conversation?.id === id && standing(conversation) === "colleague";
  return isHeld ? t("refused_held", { name: conversation.operator_name }) : null;
}

function setBusy(id, isOn) {
  if (isOn) busy.add(id);
  else busy.delete(id);
  emit("busy");
}

function chooseOperator(id) {
  const others = state.operators.filter((each) => each.id !== me.id);
  const pick = (operator) => {
    dialog.close();
    run(id, "transfer", { operator_id: operator.id });
  };
  const dialog = h(
    "dialog",
    { class: "choose", "aria-labelledby": "choose-title", onclose: () => dialog.remove() },
    h("h2", { id: "choose-title" }, t("transfer_title")),
    others.length ? null : h("p", {}, t("transfer_none")),
    others.map((each) => h("button", { type: "button", onclick: () => pick(each) }, each.public_name)),
    h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, t("cancel")),
  );
  document.body.append(dialog);
  dialog.showModal();
}
