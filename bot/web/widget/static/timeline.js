// The conversation as bubbles: what the desk has shown, by number, then what is still on its way.
class Timeline {
  // act: choose(choice), retry(id), discard(id)
  constructor(say, look, act) {
    Object.assign(this, { say, look, act });
    this.messages = new Map();
    this.nodes = new Map();
    // What was said before is there to be read, not read out: see `speak`.
    this.log = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": say("conversation") });
    this.log.addEventListener("click", (event) => {
      if (!event.target.closest("a, button")) event.target.closest(".message")?.classList.toggle("timed");
    });
  }

  // From now on new bubbles are announced.
  speak() {
    requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  // True where the message is new here.
  add(message) {
    const isNew = !this.messages.has(message.seq);
    this.messages.set(message.seq, message);
    return isNew;
  }

  // The last word is the shopper's.
  get awaitsAnswer() {
    return this.log.lastElementChild?.classList.contains("mine");
  }

  unreadAfter(seq) {
    return [...this.messages.values()].filter((one) => one.seq > seq && one.author !== "contact").length;
  }

  // The choice that takes back the wish for a person, as it was last offered.
  get withdrawal() {
    const offers = [...this.messages.values()].sort((one, other) => other.seq - one.seq).flatMap((one) => one.choices);
    return offers.find((choice) => choice.ends_waiting);
  }

  // Bubbles that stay are not touched, so that a screen reader hears only the new ones.
  render(waiting, isUp, owner) {
    const shown = [...this.messages.values()].sort((one, other) => one.seq - other.seq);
    const known = new Set(shown.map((message) => message.key));
    const all = [...shown, ...waiting.filter((item) => !known.has(item.id)).map((item) => this.pending(item))];
    const last = all.findLastIndex((message) => message.choices.length);
    const isSettled = owner === "operator" || all.slice(last).some((message) => message.author === "operator");
    const offer = isSettled ? null : all[last];
    const picked = new Set(all.map((message) => message.chosen).filter(Boolean));
    const lastMine = all.findLast((message) => message.author === "contact");
    let place = this.log.firstChild;
    const kept = new Set();
    all.forEach((message, index) => {
      const node = this.node(message);
      kept.add(node);
      if (node === place) place = place.nextSibling;
      else this.log.insertBefore(node, place);
      const sameBefore = all[index - 1] && this.who(all[index - 1]) === this.who(message);
      const sameAfter = all[index + 1] && this.who(all[index + 1]) === this.who(message);
      node.classList.toggle("first", !sameBefore);
      node.classList.toggle("last", !sameAfter);
      const isMoot = owner !== "queue" && message.choices.some((choice) => choice.ends_waiting);
      this.offerChoices(node, message, picked, message === offer && !isMoot);
      this.showState(node, message, message === lastMine, isUp);
    });
    for (const [id, node] of this.nodes) {
      if (!kept.has(node)) {
        node.remove();
        this.nodes.delete(id);
      }
    }
  }

  pending(item) {
    const at = new Date(item.at).toISOString();
    return { ...item, key: item.id, author: "contact", choices: [], chosen: item.choice, at, waiting: true };
  }

  who(message) {
    if (message.author === "contact") return this.say("you");
    if (message.author === "bot") return this.say("bot");
    return this.say("operator", { name: message.author_name, shop: this.look.shop });
  }

  node(message) {
    const id = message.key || message.seq;
    if (!this.nodes.has(id)) this.nodes.set(id, this.build(message));
    return this.nodes.get(id);
  }

  build(message) {
    const isMine = message.author === "contact";
    const language = /^[a-z]{2,3}$/.test(message.language) && message.language;
    const content = isMine ? (message.text ? [el("p", {}, message.text)] : []) : markdown(message.text, this.say);
    return el(
      "div",
      { class: "message " + (isMine ? "mine" : "theirs") },
      el("div", { class: "who" }, this.who(message)),
      el("div", { class: "bubble", dir: "auto", lang: language }, ...this.extras(message), ...content),
      el("div", { class: "choices", hidden: true }),
      el(
        "div",
        { class: "meta", "aria-live": "off" },
        el("time", { datetime: message.at }, this.time(message.at)),
        el("span", { class: "state" }),
        el("button", { type: "button", class: "retry", onclick: () => this.act.retry(message.key) }, this.say("retry")),
        el("button", { type: "button", class: "discard", onclick: () => this.act.discard(message.key) }, this.say("discard")),
      ),
    );
  }

  extras(message) {
    const address = (url) => (url.startsWith("/") ? this.look.base + url : url);
    const picture = (src) => el("img", { src, alt: this.say("photo"), loading: "lazy" });
    const extras = (message.attachments || [])
      .filter((file) => file.url)
      .map((file) => el("p", file.kind === "image" ? { class: "photo" } : {}, link(address(file.url), file.kind === "image" ? picture(address(file.url)) : file.name || this.say("attachment"), this.say)));
    const image = message.photo || (message.image && address(message.image));
    return image ? [...extras, el("p", { class: "photo" }, picture(image))] : extras;
  }

  time(at) {
    const when = new Date(at);
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const isToday = when.toDateString() === new Date().toDateString();
    const day = isToday ? {} : { weekday: "long", day: "numeric", month: "long" };
    return new Intl.DateTimeFormat(this.look.locale, { ...day, ...clock }).format(when);
  }

  // Open while nothing was chosen and nothing newer is offered; afterwards a record of what was.
  offerChoices(node, message, picked, isLatest) {
    const isOpen = isLatest && !message.choices.some((choice) => picked.has(choice.id));
    const mark = JSON.stringify([isOpen, message.choices.map((choice) => [choice.id, picked.has(choice.id)])]);
    if (node.offered === mark || !message.choices.length) return;
    node.offered = mark;
    const group = node.querySelector(".choices");
    group.hidden = false;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.say("choices"));
    group.replaceChildren(
      ...message.choices.map((choice) => {
        if (isOpen) {
          return el("button", { type: "button", class: "choice", onclick: () => this.act.choose(choice) }, choice.title);
        }
        const isPicked = picked.has(choice.id);
        const note = isPicked && el("span", { class: "unseen" }, ` (${this.say("chosen")})`);
        return el("span", { class: "choice" + (isPicked ? " picked" : "") }, choice.title, note || null);
      }),
    );
  }

  showState(node, message, isLastMine, isUp) {
    if (message.author !== "contact") return;
    const state = !message.waiting ? "sent" : message.state === "queued" ? (isUp ? "sending" : "held") : message.state;
    node.dataset.state = state;
    const text = state === "failed" ? this.say(message.problem || "failed") : this.say(state);
    setText(node.querySelector(".state"), state !== "sent" || isLastMine ? text : "");
  }
}
