// The open widget: header, conversation, input. It shows what it is told and reports what the shopper does.
const COUNT_FROM = 400;
const TYPING_MS = 400;
const TYPING_LOST_MS = 15000;
const NARROW = matchMedia("(max-width: 480px), (max-height: 480px)");

class Panel {
  // act: close(), send(text, photo), person(), withdraw(choice), draft(text), seen()
  constructor(say, look, timeline, act) {
    Object.assign(this, { say, look, timeline, act });
    this.build();
    visualViewport?.addEventListener("resize", () => this.fit());
    visualViewport?.addEventListener("scroll", () => this.fit());
    NARROW.addEventListener("change", () => this.fit());
  }

  build() {
    const { say, look } = this;
    const button = (name, picture, label, onclick) =>
      el("button", { type: "button", class: name, "aria-label": label, onclick }, icon(picture));
    this.hours = el("p", { class: "hours" });
    this.person = el(
      "button",
      { type: "button", class: "person", onclick: () => this.askPerson() },
      icon(ICONS.person),
      say("person"),
    );
    this.holder = el("span", { role: "status" });
    this.cancel = el("button", { type: "button", class: "cancel", hidden: true, onclick: () => this.act.withdraw(this.timeline.withdrawal) });
    this.held = el("div", { class: "holder" }, icon(ICONS.person), this.holder, this.cancel);
    this.typing = el("div", { class: "typing", role: "status" });
    this.newer = el("button", { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd() }, icon(ICONS.down), say("newer"));
    this.offline = el("p", { class: "offline", role: "status" });
    this.input = el("textarea", {
      rows: 1,
      dir: "auto",
      placeholder: say("write"),
      "aria-label": say("write"),
      enterkeyhint: "send",
      autocomplete: "off",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onpaste: (event) => this.pasted(event),
    });
    this.tray = new Tray(say, (isBroken) => {
      this.grow();
      if (isBroken) setText(this.counter, say("noPhoto"));
      this.input.focus({ preventScroll: true });
    });
    this.counter = el("p", { class: "counter", id: "counter" });
    this.input.setAttribute("aria-describedby", "counter");
    const start = (text) => el("button", { type: "button", class: "choice", onclick: () => this.begin(text) }, text);
    this.starters = el(
      "div",
      { class: "choices", role: "group", "aria-label": say("starters"), hidden: true },
      ...(look.starters || []).map(start),
    );
    this.submit = button("send", ICONS.send, say("send"), () => this.send());
    const privacy = look.privacy_url && link(new URL(look.privacy_url, location.href).href, say("privacy"), say);
    this.scroller = el(
      "div",
      { class: "scroller", tabindex: 0, role: "region", "aria-label": say("conversation"), onscroll: () => this.scrolled() },
      el(
        "div",
        { class: "message theirs first last" },
        el("div", { class: "who" }, say("bot")),
        el("div", { class: "bubble" }, el("p", {}, look.intro || say("intro"))),
        el("p", { class: "privacy" }, privacy || null),
        this.starters,
      ),
      this.timeline.log,
      this.typing,
    );
    this.node = el(
      "section",
      { class: "panel", role: "dialog", "aria-label": say("dialog", { shop: look.shop }), tabindex: -1, hidden: true },
      el(
        "div",
        { class: "head" },
        el("div", { class: "name" }, el("h2", {}, look.shop), this.hours),
        button("close", ICONS.close, say("close"), () => this.act.close()),
        el("div", { class: "way" }, this.person, this.held),
      ),
      this.scroller,
      this.newer,
      el(
        "div",
        { class: "foot" },
        this.offline,
        this.tray.node,
        el(
          "div",
          { class: "composer" },
          button("attach", ICONS.photo, say("attach"), () => this.tray.choose()),
          this.input,
          this.submit,
        ),
        this.counter,
      ),
    );
    this.node.addEventListener("keydown", (event) => this.navigate(event));
  }

  open(takeFocus) {
    this.node.hidden = false;
    this.fit();
    this.grow();
    this.toEnd();
    if (takeFocus) this.rest();
  }

  close() {
    this.node.hidden = true;
    this.fit();
  }

  // On a phone the panel is exactly what the keyboard leaves, and the page behind keeps still.
  fit() {
    const isFull = NARROW.matches && !this.node.hidden;
    const view = visualViewport;
    const style = this.node.style;
    style.setProperty("--top", isFull && view ? view.offsetTop + "px" : "");
    style.setProperty("--height", isFull && view ? view.height + "px" : "");
    this.node.toggleAttribute("data-full", isFull);
    if (isFull) this.node.setAttribute("aria-modal", "true");
    else this.node.removeAttribute("aria-modal");
    if (isFull !== this.holds) document.documentElement.style.overflow = isFull ? "hidden" : "";
    this.holds = isFull;
    if (this.atEnd) this.toEnd();
  }

  navigate(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.act.close();
    }
    if (event.key !== "Tab" || !this.holds) return;
    const stops = [...this.node.querySelectorAll("button, a[href], textarea, [tabindex='0']")].filter(
      (node) => node.offsetParent && !node.disabled,
    );
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    const now = this.node.getRootNode().activeElement;
    if (now !== edge && !(event.shiftKey && now === this.node)) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  key(event) {
    // While an input method composes, Enter picks a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  typed() {
    this.act.draft(this.input.value);
    this.grow();
  }

  set draft(text) {
    this.input.value = text;
    this.grow();
  }

  grow() {
    const wasAtEnd = this.atEnd;
    const input = this.input;
    input.style.height = "auto";
    input.style.height = input.scrollHeight + "px";
    const left = this.look.max_text - [...input.value.trim()].length;
    const isNear = left < COUNT_FROM;
    setText(this.counter, isNear ? this.say(left < 0 ? "over" : "left", { n: Math.abs(left) }) : "");
    this.counter.classList.toggle("over", left < 0);
    input.setAttribute("aria-invalid", left < 0);
    this.submit.disabled = left < 0 || !(input.value.trim() || this.tray.photo);
    if (wasAtEnd) this.toEnd();
  }

  send() {
    if (this.submit.disabled) return;
    const text = this.input.value.trim();
    const { photo } = this.tray;
    this.draft = "";
    this.act.draft("");
    this.act.send(text, photo);
    this.tray.show(null);
  }

  begin(text) {
    this.act.send(text);
    this.rest();
  }

  pasted(event) {
    const photo = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
    if (!photo) return;
    event.preventDefault();
    this.tray.take(photo);
  }

  askPerson() {
    // Two taps are one wish, until the desk has answered.
    if (this.isAsked) return;
    this.asked(true);
    this.act.person();
  }

  asked(isAsked) {
    this.isAsked = isAsked;
    this.person.setAttribute("aria-disabled", isAsked);
  }

  // Where the focus goes when what held it is gone. On a touch screen the keyboard would cover what came to be read.
  rest() {
    (matchMedia("(pointer: coarse)").matches ? this.node : this.input).focus({ preventScroll: true });
  }

  showState(state) {
    if (state.hours) {
      setText(this.hours, state.hours.text);
      this.hours.classList.toggle("is-open", state.hours.open);
    }
    const isHeld = state.owner === "queue" || state.owner === "operator";
    if (isHeld && this.person.matches(":focus")) this.rest();
    if (isHeld) this.asked(false);
    this.person.hidden = isHeld;
    const { position, operator_name: name } = state;
    // At night nobody is on the way: the line above says when someone is.
    const isNight = state.hours && !state.hours.open;
    const waiting = isNight ? this.say("queued") : position ? this.say("place", { n: position }) : this.say("waiting");
    setText(this.holder, isHeld ? (state.owner === "queue" ? waiting : this.say("talking", { name })) : "");
    this.held.classList.toggle("is-held", isHeld);
    const withdrawal = state.owner === "queue" && this.timeline.withdrawal;
    if (!withdrawal && this.cancel.matches(":focus")) this.rest();
    this.cancel.hidden = !withdrawal;
    setText(this.cancel, withdrawal ? withdrawal.title : "");
  }

  showLine(isUp) {
    setText(this.offline, isUp ? "" : this.say("offline"));
  }

  // Dots only where an answer takes long enough to be missed, and never for ever.
  showTyping(text) {
    clearTimeout(this.soon);
    clearTimeout(this.lost);
    if (!text) {
      this.typing.replaceChildren();
      return;
    }
    this.soon = setTimeout(() => {
      const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
      this.typing.replaceChildren(el("span", { class: "unseen" }, text), dots);
      if (this.atEnd) this.toEnd();
    }, TYPING_MS);
    this.lost = setTimeout(() => this.typing.replaceChildren(), TYPING_LOST_MS);
  }

  // The element that scrolls: on a very low screen the whole panel, so that nothing is out of reach.
  get view() {
    return getComputedStyle(this.scroller).overflowY === "visible" ? this.node : this.scroller;
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.view;
    return scrollHeight - scrollTop - clientHeight < 48;
  }

  toEnd() {
    this.view.scrollTop = this.view.scrollHeight;
    this.newer.hidden = true;
  }

  scrolled() {
    if (!this.atEnd) return;
    this.newer.hidden = true;
    this.act.seen();
  }

  // After new bubbles: follow them, unless the shopper reads further up. A long answer is shown from its beginning.
  follow(wasAtEnd) {
    if (!wasAtEnd) {
      this.newer.hidden = false;
      return;
    }
    this.toEnd();
    const top = (node) => node.getBoundingClientRect().top;
    const above = top(this.view) - top(this.timeline.log.lastElementChild);
    if (above > 0) this.view.scrollTop -= above + 8;
  }
}
