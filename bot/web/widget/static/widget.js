// <sportello-widget>: the launcher, and the panel once it is opened. Before that nothing is stored on the device and
// nothing is asked but how the launcher looks.
const script = document.currentScript;
const RETRY_MS = [2000, 8000, 30000];

class SportelloWidget extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.start();
  }

  async start() {
    const wanted = this.dataset.locale || document.documentElement.lang || navigator.language || "";
    this.base = this.dataset.base.replace(/\/+$/, "");
    this.look = { ...(await this.config(wanted)), base: this.base };
    this.say = speaker(this.look.locale, this.look.tone);
    this.state = { owner: "bot", hours: this.look.hours };
    this.lang = this.look.locale;
    this.style.setProperty("--accent", this.look.accent);
    this.style.setProperty("--accent-on-light", this.look.accent_on_light);
    this.style.setProperty("--accent-on-dark", this.look.accent_on_dark);
    this.badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.launcher = el(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.open() },
      icon(ICONS.talk),
      this.badge,
    );
    this.shadowRoot.append(this.launcher);
    this.nameLauncher(0);
    // A shopper who was here before gets the count of what came meanwhile.
    if (storage.get("token")) this.connect();
    if (this.opening || (this.wasOpen() && !NARROW.matches)) this.open(Boolean(this.opening));
  }

  async config(wanted) {
    for (let tries = 0; ; tries += 1) {
      try {
        const response = await fetch(`${this.base}/api/widget/config?locale=${encodeURIComponent(wanted)}`);
        if (response.ok) return await response.json();
      } catch {}
      await pause(jitter(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
    }
  }

  wasOpen() {
    try {
      return sessionStorage.getItem("sportello.open") === "1";
    } catch {
      return false;
    }
  }

  remember(isOpen) {
    try {
      sessionStorage.setItem("sportello.open", isOpen ? "1" : "0");
    } catch {}
  }

  connect() {
    if (this.connection) return this.connection.start();
    storage.allowed = true;
    this.isUp = navigator.onLine;
    this.connection = new Connection(this.base, this.look.locale, {
      opened: (session) => {
        this.isKnown = true;
        this.change({ ...session.conversation, hours: session.hours });
        this.outbox.drain();
        this.timeline.speak();
        if (this.outbox.items.some((item) => item.state === "sent")) this.connection.begin();
      },
      received: (messages) => this.receive(messages),
      state: (state) => this.change(state),
      typing: ({ author, on }) => this.typing(author, on),
      line: (isUp) => this.line(isUp),
      lost: () => this.outbox.requeue(),
    });
    this.outbox = new Outbox(this.connection, {
      changed: () => this.draw(),
      accepted: (item) => {
        this.connection.begin();
        const isAnswered = this.answeredAt > item.began;
        if (this.state.owner === "bot" && !isAnswered) this.panel.showTyping(this.say("typingBot"));
      },
      unreachable: () => this.line(false),
      denied: () => this.panel.asked(false),
    });
    this.timeline = new Timeline(this.say, this.look, {
      choose: (choice) => this.after(() => this.send(choice.title, choice.id)),
      retry: (id) => this.after(() => this.outbox.retry(id)),
      discard: (id) => this.after(() => this.giveUp(id)),
    });
    this.panel = new Panel(this.say, this.look, this.timeline, {
      close: () => this.close(),
      send: (text, photo) => this.send(text, null, photo),
      withdraw: (choice) => this.after(() => this.send(choice.title, choice.id)),
      person: () => this.send(this.say("askPerson")),
      draft: (text) => storage.set("draft", text),
      seen: () => this.count(),
    });
    this.panel.draft = storage.get("draft", "");
    this.panel.showState(this.state);
    this.panel.showLine(this.isUp);
    this.shadowRoot.append(this.panel.node);
    document.addEventListener("visibilitychange", () => this.count());
    this.draw();
    this.connection.start();
  }

  get isOpen() {
    return Boolean(this.panel && !this.panel.node.hidden);
  }

  open(takeFocus = true) {
    if (!this.look) this.opening = true;
    if (!this.look || this.isOpen) return;
    this.connect();
    this.remember(true);
    this.launcher.setAttribute("aria-expanded", "true");
    this.launcher.hidden = true;
    this.panel.open(takeFocus);
    this.count();
  }

  close() {
    if (!this.isOpen) return;
    this.remember(false);
    this.panel.close();
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus({ preventScroll: true });
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  send(text, choice, photo) {
    this.outbox.add(text, choice, photo);
    this.panel.toEnd();
  }

  // For a button that goes away with what it did.
  after(act) {
    act();
    this.panel.rest();
  }

  giveUp(id) {
    this.outbox.drop([id]);
    this.panel.asked(false);
  }

  receive(messages) {
    this.outbox.drop(messages.map((message) => message.key).filter(Boolean));
    const news = messages.filter((message) => this.timeline.add(message));
    if (!news.length) return;
    if (news.some((message) => message.author !== "contact")) {
      this.answeredAt = performance.now();
      this.panel.showTyping(null);
      this.panel.asked(false);
    }
    this.panel.showState(this.state);
    this.draw();
    this.count();
  }

  change(state) {
    this.state = { ...this.state, ...state };
    this.panel.showState(this.state);
    this.draw();
  }

  line(isUp) {
    if (isUp && !this.isUp) this.outbox.drain();
    this.isUp = isUp;
    this.panel.showLine(isUp);
    this.draw();
  }

  typing(author, isOn) {
    const isOperator = author === "operator";
    // Word that the assistant began can come after what it then said.
    if (isOn && !isOperator && !this.timeline.awaitsAnswer) return;
    const name = this.state.operator_name;
    const text = isOperator && name ? this.say("typing", { name }) : this.say("typingBot");
    this.panel.showTyping(isOn ? text : null);
  }

  draw() {
    const wasAtEnd = this.panel.atEnd;
    const before = this.timeline.log.childElementCount;
    this.timeline.render(this.outbox.items, this.isUp, this.state.owner);
    const now = this.timeline.log.childElementCount;
    this.panel.starters.hidden = !this.isKnown || now > 0;
    if (!this.isOpen) return;
    if (now > before) this.panel.follow(wasAtEnd);
    else if (wasAtEnd) this.panel.toEnd();
  }

  count() {
    const isRead = this.isOpen && !document.hidden && this.panel.atEnd;
    if (isRead) storage.set("read", this.connection.cursor);
    this.nameLauncher(this.timeline.unreadAfter(storage.get("read", 0)));
  }

  nameLauncher(unread) {
    const label = this.say("launcher", { shop: this.look.shop });
    const news = unread === 1 ? this.say("unreadOne") : this.say("unread", { n: unread });
    this.launcher.setAttribute("aria-label", unread ? `${label}, ${news}` : label);
    this.badge.textContent = unread > 9 ? "9+" : unread;
    this.badge.hidden = !unread;
  }
}

if (!customElements.get("sportello-widget")) {
  customElements.define("sportello-widget", SportelloWidget);
  const widget = document.createElement("sportello-widget");
  const base = new URL(".", script?.src || location.href).href;
  Object.assign(widget.dataset, { base, ...script?.dataset });
  const place = () => document.body.append(widget);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
  window.Sportello = { open: () => widget.open(), close: () => widget.close(), toggle: () => widget.toggle() };
}
