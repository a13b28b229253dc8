/** Elements without markup: text is always text, so nothing a shopper writes can become HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "primary", onclick: send, "aria-label": "…"}, "text", node, null) */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

/** A 16 × 16 line drawing that says nothing to a screen reader: its name stands beside it. */
export function icon(name) {
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("viewBox", "0 0 16 16");
  node.setAttribute("class", "icon");
  node.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name] ?? SHAPES.other);
  node.append(path);
  return node;
}

/** Set text only where it differs, so that a selection or a screen reader is not disturbed. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Make the children of `parent` those of `items` ({key, mark, build}), in that order. A node whose mark is unchanged
 * stays the same node: focus, selection and scroll survive.
 */
export function reconcile(parent, items) {
  const known = parent.known ?? new Map();
  const next = new Map();
  let place = parent.firstChild;
  for (const { key, mark, build } of items) {
    const old = known.get(key);
    const entry = old?.mark === mark ? old : { mark, node: build() };
    const hadFocus = old && old !== entry && old.node.contains(document.activeElement);
    if (old && old !== entry) {
      if (place === old.node) place = old.node.nextSibling;
      old.node.remove();
    }
    if (entry.node === place) place = place.nextSibling;
    else parent.insertBefore(entry.node, place);
    if (hadFocus) entry.node.querySelector("button, a, [tabindex]")?.focus({ preventScroll: true });
    next.set(key, entry);
  }
  for (const [key, entry] of known) if (!next.has(key)) entry.node.remove();
  parent.known = next;
}

const SHAPES = {
  widget: "M2 3.5h12v9H2zM2 6h12M4 4.8h.1M6 4.8h.1",
  telegram: "M14 2.5 1.8 7.4l4 1.6 1.5 4.2 2-2.6 3 2.2zM5.8 9 14 2.5",
  whatsapp: "M2.5 13.5l.8-2.8a5.6 5.6 0 1 1 2.1 2.1zM6 6c0 2.2 1.8 4 4 4",
  messenger: "M8 2.2c3.4 0 6 2.4 6 5.5s-2.6 5.5-6 5.5c-.6 0-1.2-.1-1.8-.2L4 14v-2.1C2.8 10.9 2 9.4 2 7.7 2 4.6 4.6 2.2 8 2.2zM5 9l2-2 2 1.5 2-2",
  instagram: "M4.5 2.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M11.3 4.7h.1",
  email: "M2 3.5h12v9H2zM2.2 4l5.8 4.6L13.8 4",
  rest: "M5.5 3C4 3 4.5 7 2.5 8c2 1 1.5 5 3 5M10.5 3c1.5 0 1 4 3 5-2 1-1.5 5-3 5",
  other: "M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z",
  window: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 5v3.2l2.2 1.4",
  back: "M9.5 3 4.5 8l5 5",
  panel: "M2 3h12v10H2zM10 3v10",
  send: "M8 13V3.5M4 7l4-4 4 4",
  out: "M6.5 3H3v10h3.5M10 5l3 3-3 3M13 8H6.5",
};
