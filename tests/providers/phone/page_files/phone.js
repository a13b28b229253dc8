// Draws what the double shows to the shopper. Text is only ever put in as text.
const WORDS = {
  it: {
    starting: "Il banco si sta avviando…", ready: "prova su questo computer", lost: "La simulazione è ferma",
    attach: "Manda un file", photo: "Una foto…", voice: "Una nota vocale di prova", photoSent: "Foto", voiceSent: "Nota vocale",
    write: "Scrivi un messaggio", send: "Invia", empty: "Scrivi come farebbe un cliente.",
    title: (channel) => `${channel} su questo computer`,
    what: "Quello che scrivi qui arriva al banco come lo porterebbe il vero servizio, e le risposte tornano con i suoi limiti. Niente esce da questo computer.",
    console: "Apri la console degli operatori", try: "Prova a scrivere",
    ideas: ["quanto costa la spedizione?", "dov'è il mio pacco?", "vorrei parlare con una persona"],
  },
  en: {
    starting: "The desk is starting…", ready: "simulated on this computer", lost: "The simulation has stopped",
    attach: "Send a file", photo: "A photo…", voice: "A sample voice note", photoSent: "Photo", voiceSent: "Voice note",
    write: "Write a message", send: "Send", empty: "Write as a shopper would.",
    title: (channel) => `${channel} on this computer`,
    what: "What you write here reaches the desk as the real service would bring it, and answers come back within its limits. Nothing leaves this computer.",
    console: "Open the operators' console", try: "Try writing",
    ideas: ["how much is shipping?", "where is my parcel?", "I would like to talk to a person"],
  },
};
const language = navigator.language.toLowerCase().startsWith("it") ? "it" : "en";
const say = WORDS[language];
const at = (id) => document.getElementById(id);
const log = at("log"), field = at("text"), send = at("send");
const BOTTOM = 80;
let drawn = 0, isReady = false, kind = "", kept = [];

function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function introduce(about) {
  kind = about.kind;
  document.documentElement.dataset.kind = kind;
  document.documentElement.lang = language;
  document.title = `${about.shop} · ${about.title}`;
  at("shop").textContent = about.shop;
  at("face").textContent = about.shop.slice(0, 1).toUpperCase();
  at("channel").textContent = about.title;
  at("title").textContent = say.title(about.title);
  at("what").textContent = say.what;
  at("try").textContent = say.try;
  at("console").textContent = say.console;
  at("console").href = about.console;
  field.placeholder = say.write;
  field.setAttribute("aria-label", say.write);
  send.setAttribute("aria-label", say.send);
  at("attach").setAttribute("aria-label", say.attach);
  at("photo").textContent = say.photo;
  at("voice").textContent = say.voice;
  at("ideas").replaceChildren(...say.ideas.map((text) => {
    const button = el("button", { class: "idea", type: "button" }, text);
    button.addEventListener("click", () => post("says", text));
    return el("li", {}, button);
  }));
}

// WhatsApp writes bold and italic as marks; addresses are links everywhere.
const PIECE = /(https?:\/\/[^\s<>"]+)|\*([^*\n]+)\*|(?<![\w])_([^_\n]+)_(?![\w])/g;

function words(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    const [whole, address, bold, italic] = match;
    if (!address && kind !== "whatsapp") continue;
    nodes.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (address) {
      const bare = address.replace(/[.,;:!?)\]*_]+$/, "");
      nodes.push(el("a", { href: bare, target: "_blank", rel: "noopener noreferrer" }, bare), address.slice(bare.length));
    } else {
      nodes.push(el(bold ? "strong" : "em", {}, ...words(bold || italic)));
    }
  }
  nodes.push(text.slice(end));
  return nodes;
}

// Telegram's tags: of what was parsed only these are made anew, the rest is its text.
const TAGS = { B: "strong", STRONG: "strong", I: "em", EM: "em", A: "a" };

function tagged(parent) {
  return [...parent.childNodes].flatMap((node) => {
    if (!TAGS[node.tagName]) return node.tagName ? tagged(node) : words(node.data || "");
    const isLink = node.tagName === "A" && /^(https?|mailto|tel):/.test(node.getAttribute("href") || "");
    if (!isLink) return el(node.tagName === "A" ? "span" : TAGS[node.tagName], {}, ...tagged(node));
    return el("a", { href: node.getAttribute("href"), target: "_blank", rel: "noopener noreferrer" }, node.textContent);
  });
}

function sent(file) {
  const [what, place] = file.split("/");
  const src = `/api/sent/${place}`;
  if (what === "voice") return el("audio", { controls: "", preload: "metadata", src, "aria-label": say.voiceSent });
  const picture = el("img", { src, alt: say.photoSent });
  picture.addEventListener("load", () => { log.scrollTop = log.scrollHeight; });
  return picture;
}

// What has not changed stays the same node: a voice note goes on playing.
function place(one, number, all) {
  const state = JSON.stringify([one, all[number - 1]?.is_mine]);
  if (kept[number]?.state !== state) kept[number] = { state, node: message(one, all[number - 1], drawn > 0 && number >= drawn) };
  return kept[number].node;
}

function message(one, previous, isNew) {
  const isFirst = !previous || previous.is_mine !== one.is_mine;
  const side = one.is_mine ? "mine" : "theirs";
  const made = el("div", { class: `message ${side}${isFirst ? " first" : ""}${isNew ? " new" : ""}` });
  const bubble = el("div", { class: "bubble" });
  if (one.subject) bubble.append(el("span", { class: "subject" }, one.subject));
  if (one.file) bubble.append(sent(one.file));
  else if (one.html) bubble.append(...tagged(new DOMParser().parseFromString(one.html, "text/html").body));
  else bubble.append(...words([one.text, one.image].filter(Boolean).join("\n")));
  made.append(bubble);
  if (one.options.length) {
    const options = el("div", { class: one.opener ? "options list" : "options" });
    if (one.opener) options.append(el("p", {}, one.opener));
    options.append(...one.options.map((title, number) => {
      const button = el("button", { type: "button" }, title);
      if (one.details[number]) button.append(el("small", {}, one.details[number]));
      button.addEventListener("click", () => post("taps", title));
      return button;
    }));
    made.append(options);
  }
  return made;
}

function draw(screen) {
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < BOTTOM;
  const isLonger = screen.bubbles.length > drawn;
  const nodes = screen.bubbles.map(place);
  if (!nodes.length) nodes.push(el("p", { class: "empty" }, say.empty));
  if (screen.typing) nodes.push(el("div", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
  for (const old of [...log.children]) if (!nodes.includes(old)) old.remove();
  nodes.forEach((node, number) => { if (log.children[number] !== node) log.insertBefore(node, log.children[number] ?? null); });
  if (wasAtEnd || isLonger) log.scrollTop = log.scrollHeight;
  drawn = screen.bubbles.length;
  isReady = screen.ready;
  at("state").textContent = isReady ? say.ready : say.starting;
  for (const button of document.querySelectorAll(".idea, #attach")) button.disabled = !isReady;
  allow();
}

function allow() {
  send.disabled = !isReady || !field.value.trim();
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

const post = (what, text) => deliver(what, JSON.stringify({ text }), "application/json");

async function deliver(what, body, type) {
  try {
    return (await fetch(`/api/${what}`, { method: "POST", headers: { "content-type": type }, body })).ok;
  } catch {
    return false;
  }
}

async function write() {
  const text = field.value.trim();
  if (!isReady || !text) return;
  field.value = "";
  allow();
  if (!(await post("says", text))) {
    field.value = field.value || text; // nothing that was written is lost
    allow();
  }
}

async function watch() {
  let mark = "";
  for (;;) {
    try {
      const screen = await (await fetch(`/api/screen?seen=${mark}`)).json();
      if (!kind) introduce(screen.about);
      if (screen.mark !== mark) draw(screen);
      mark = screen.mark;
    } catch {
      at("state").textContent = say.lost;
      isReady = false;
      mark = "";
      allow();
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

function openMenu(isOpen) {
  at("menu").hidden = !isOpen;
  at("attach").setAttribute("aria-expanded", String(isOpen));
}

at("attach").addEventListener("click", () => openMenu(at("menu").hidden));
at("photo").addEventListener("click", () => at("picture").click());
at("voice").addEventListener("click", () => post("voice", "voice"));
at("picture").addEventListener("change", () => {
  const [picture] = at("picture").files;
  if (picture) deliver("photo", picture, picture.type);
  at("picture").value = "";
});
document.addEventListener("click", (event) => { if (!event.target.closest("#attach")) openMenu(false); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") openMenu(false); });

function tick() {
  at("time").textContent = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

at("form").addEventListener("submit", (event) => { event.preventDefault(); write(); });
field.addEventListener("input", allow);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); write(); }
});
tick();
setInterval(tick, 10_000);
watch();
