// The line to the desk: a session, a live stream down, posts up. It comes back by itself and tells only what is new.
const FIRST_BYTE_MS = 8000;
const SILENCE_MS = 40000;
const ANSWER_MS = 15000;
const PHOTO_MS = 60000;
const HIDDEN_MS = 20000;
const NO_STREAM_MS = 60000;
// A bubble can become visible after a later one; asking again from a little earlier finds it.
const LOOK_BACK = 16;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const jitter = (ms) => ms * (0.5 + Math.random() / 2);

class Refused extends Error {
  constructor(status) {
    super("HTTP " + status);
    this.status = status;
  }
}

class Connection {
  // hooks: opened(session), received(messages), state(state), typing(typing), line(isUp), lost()
  constructor(base, locale, hooks) {
    Object.assign(this, { base, locale, hooks });
    this.ready = this.begun = this.running = false;
    this.cursor = 0;
    this.unstreamedUntil = 0;
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => {
      hooks.line(false);
      this.abort?.abort();
    });
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.hiding);
      // Browsers allow six connections to one host: pages in the background must not hold them.
      if (document.hidden) this.hiding = setTimeout(() => this.park(), HIDDEN_MS);
      else this.wake();
    });
  }

  get token() {
    return storage.get("token");
  }

  // Runs until the page ends; a second call only wakes it.
  async start() {
    if (this.running) return this.wake();
    this.running = true;
    let fails = 0;
    for (;;) {
      const began = Date.now();
      try {
        if (!this.ready) await this.openSession();
        if (this.parked || !this.begun) {
          await this.nap(SILENCE_MS * 90);
          continue;
        }
        if (began < this.unstreamedUntil) await this.poll();
        else await this.listen();
        fails = 0;
      } catch (error) {
        if (error.status === 401 || error.status === 404) this.reset(error.status);
        fails += 1;
        await this.fallBack(fails);
      }
      const wait = fails ? 500 * 2 ** Math.min(fails, 4) : Date.now() - began > 5000 ? 300 : 1500;
      if (!this.parked) await this.nap(jitter(this.isUp ? Math.min(wait, 4000) : wait));
    }
  }

  wake() {
    this.parked = false;
    this.rouse?.();
  }

  park() {
    this.parked = true;
    this.abort?.abort();
  }

  nap(ms) {
    return Promise.race([pause(ms), new Promise((done) => (this.rouse = done))]);
  }

  setLine(isUp) {
    this.isUp = isUp;
    this.hooks.line(isUp);
  }

  reset(status) {
    if (status === 401) {
      storage.forget("token");
      this.ready = false;
    } else {
      this.begun = false;
      this.hooks.lost();
    }
  }

  // Once a message was accepted there is a conversation to listen to.
  begin() {
    if (this.begun) return;
    this.begun = true;
    this.wake();
  }

  async openSession() {
    const body = { locale: this.locale };
    if (this.token) body.token = this.token;
    const session = await this.request("/session", { body });
    storage.set("token", session.token);
    this.ready = true;
    this.begun = this.begun || session.cursor > 0;
    this.take(session.messages);
    this.setLine(true);
    this.report("opened", session);
  }

  post(item) {
    const body = { id: item.id, locale: this.locale };
    if (item.choice) body.choice = item.choice;
    else body.text = item.text;
    if (item.photo) body.photo = item.photo.split(",")[1];
    return this.request("/messages", { body });
  }

  async fallBack(fails) {
    if (fails < 2 || this.parked) return;
    try {
      if (this.ready && this.begun) await this.poll();
    } catch {
      this.setLine(false);
      return;
    }
    if (!this.ready) this.setLine(false);
    else if (fails > 2) this.unstreamedUntil = Date.now() + NO_STREAM_MS;
  }

  async poll() {
    const answer = await this.request("/messages?" + this.where());
    this.take(answer.messages);
    this.setLine(true);
    this.report("state", answer.conversation);
  }

  where() {
    return `after=${Math.max(0, this.cursor - LOOK_BACK)}&locale=${encodeURIComponent(this.locale)}`;
  }

  async listen() {
    const abort = (this.abort = new AbortController());
    let watch = setTimeout(() => abort.abort(), FIRST_BYTE_MS);
    try {
      const response = await fetch(`${this.base}/api/widget/stream?${this.where()}`, {
        headers: { Authorization: "Bearer " + this.token },
        signal: abort.signal,
        cache: "no-store",
      });
      if (!response.ok) throw new Refused(response.status);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let buffer = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE_MS);
        this.setLine(true);
        const events = (buffer + decoder.decode(value, { stream: true })).split("\n\n");
        buffer = events.pop();
        events.forEach((event) => this.tell(event));
      }
    } finally {
      clearTimeout(watch);
      abort.abort();
    }
  }

  tell(event) {
    const lines = event.split("\n");
    const field = (name) => lines.find((line) => line.startsWith(name + ": "))?.slice(name.length + 2);
    const kind = field("event");
    if (kind === "message") this.take([JSON.parse(field("data"))]);
    else if (kind === "state" || kind === "typing") this.report(kind, JSON.parse(field("data")));
  }

  take(messages) {
    for (const message of messages) this.cursor = Math.max(this.cursor, message.seq);
    this.report("received", messages);
  }

  // In a task of its own: a fault in what is drawn must neither look like a broken line nor be hidden by it.
  report(hook, value) {
    queueMicrotask(() => this.hooks[hook](value));
  }

  // The answer as JSON; Refused where the desk said no, another error where it could not be reached.
  async request(path, { body } = {}) {
    const abort = new AbortController();
    const watch = setTimeout(() => abort.abort(), body?.photo ? PHOTO_MS : ANSWER_MS);
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (this.token) headers.Authorization = "Bearer " + this.token;
    try {
      const response = await fetch(this.base + "/api/widget" + path, {
        method: body ? "POST" : "GET",
        headers,
        body: body && JSON.stringify(body),
        signal: abort.signal,
        cache: "no-store",
      });
      if (!response.ok) throw new Refused(response.status);
      return await response.json();
    } finally {
      clearTimeout(watch);
    }
  }
}
