/** The line above the conversation: who, where, who holds it, and what can be done. */
import { act, isBusy, possible } from "./actions.js";
import { h, icon } from "./dom.js";
import { on, row, standing, state } from "./store.js";
import { find, t } from "./words.js";

export const KEY_OF = { take: "T", put_back: "P", return: "B", close: "C", reopen: "O", transfer: "X", take_over: "T" };

export function buildHead({ onBack, onDossier }) {
  const name = h("h1", { dir: "auto" });
  const facts = h("p", { class: "facts" });
  const buttons = h("div", { class: "actions", role: "group" });
  const dossier = h(
    "button",
    { type: "button", class: "quiet to-dossier", "aria-label": t("dossier"), title: `${t("dossier")} (D)`, onclick: onDossier },
    icon("panel"),
  );
  const back = h("button", { type: "button", class: "quiet to-list", "aria-label": t("back"), onclick: onBack }, icon("back"));
  const node = h("header", { class: "head" }, back, h("div", { class: "who" }, name, facts), buttons, dossier);
  const render = () => {
    if (!state.detail) return;
    name.textContent = contactName();
    facts.replaceChildren(...factsOf(state.detail.conversation));
    renderButtons(buttons, state.detail.conversation);
  };
  for (const topic of ["conversation", "busy"]) on(topic, render);
  return node;
}

export const contactName = () => state.detail?.dossier.contact_name || row(state.selected)?.contact_name || t("contact_fallback");

function factsOf(conversation) {
  const holder = standing(conversation);
  return [
    h("span", { class: `held ${holder}` }, t(`held_${holder}`, { name: conversation.operator_name })),
    h("span", { class: "channel" }, icon(conversation.channel), find(`channel_${conversation.channel}`) ?? conversation.channel),
    h("span", {}, find(`language_${conversation.language}`) ?? conversation.language),
  ];
}

/** The buttons stay the same nodes while they mean the same, so that the focus stays on them. */
function renderButtons(group, conversation) {
  const names = possible(conversation);
  if (group.dataset.names !== names.join()) {
    group.dataset.names = names.join();
    const hadFocus = group.contains(document.activeElement);
    group.replaceChildren(...names.map(buildButton));
    if (hadFocus) group.firstChild?.focus();
  }
  // aria-disabled, not disabled: a disabled button loses the focus.
  for (const button of group.children) button.setAttribute("aria-disabled", String(isBusy(conversation.id)));
}

function buildButton(name) {
  const isPrimary = ["take", "take_over", "reopen"].includes(name);
  return h(
    "button",
    {
      type: "button",
      class: isPrimary ? "primary" : null,
      "data-action": name,
      "aria-keyshortcuts": KEY_OF[name],
      title: `${t(name)} (${KEY_OF[name]})`,
      onclick: () => act(name),
    },
    t(name),
  );
}
