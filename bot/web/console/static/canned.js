/** Ready texts behind '/': a list above the composer, in the conversation's language and tone. */
import { h } from "./dom.js";
import { me, state } from "./store.js";
import { t } from "./words.js";

/** `take(text)` is called with the chosen text, filled in. */
export function buildCanned(input, take) {
  const list = h("ul", { id: "canned", role: "listbox", "aria-label": t("canned") });
  const none = h("p", { class: "empty" }, t("canned_none"));
  const node = h("div", { class: "canned", hidden: true, tabindex: -1 }, list, none);
  const view = { found: [], at: 0 };

  const mark = () => {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === view.at)));
    const current = list.children[view.at];
    current?.scrollIntoView({ block: "nearest" });
    if (current) input.setAttribute("aria-activedescendant", current.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const pick = (index) => {
    close();
    take(filledIn(view.found[index].text));
  };
  const close = () => {
    node.hidden = true;
    input.removeAttribute("aria-activedescendant");
  };
  const open = (query) => {
    view.found = matching(query);
    view.at = 0;
    list.replaceChildren(...view.found.map((entry, index) => buildOption(entry, index, pick)));
    none.hidden = view.found.length > 0;
    node.hidden = false;
    mark();
  };
  const move = (by) => {
    view.at = (view.at + by + view.found.length) % Math.max(1, view.found.length);
    mark();
  };
  return { node, open, close, move, isOpen: () => !node.hidden, pickCurrent: () => view.found.length > 0 && pick(view.at) };
}

function buildOption(entry, index, pick) {
  return h(
    "li",
    { role: "option", id: `canned-${index}`, onpointerdown: (event) => event.preventDefault(), onclick: () => pick(index) },
    h("span", { class: "shortcut" }, `/${entry.shortcut}`),
    h("span", { class: "text" }, filledIn(entry.text)),
  );
}

function matching(query) {
  const wanted = query.toLowerCase();
  const { conversation, dossier } = state.detail;
  const spoken = conversation.language === "it" ? "it" : "en";
  return state.canned
    .filter((entry) => entry.language === spoken && (!entry.tone || entry.tone === (dossier.tone || "informal")))
    .filter((entry) => entry.shortcut.startsWith(wanted) || entry.title.toLowerCase().includes(wanted));
}

/** Without a name "Hello {name}, this is…" becomes "Hello, this is…". */
function filledIn(text) {
  const first = (state.detail.dossier.contact_name ?? "").trim().split(/\s+/)[0];
  return text.replace(/,? ?\{name\}/, (part) => (first ? part.replace("{name}", first) : "")).replace("{operator}", me.name);
}
