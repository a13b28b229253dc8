// What the shopper sent and the desk has not shown back yet. It lives in storage, so a reload loses nothing; every
// item keeps the id it was born with, so sending it again never makes a second message.
const TRIES = 4;
const KEEP_SENT_MS = 3600000;

class Outbox {
  // hooks: changed(), accepted(item), unreachable(), denied(item)
  constructor(connection, hooks) {
    Object.assign(this, { connection, hooks });
    this.tries = {};
    addEventListener("storage", (event) => event.key === "sportello.out" && hooks.changed());
  }

  // Read anew each time: another tab of the same shop may have changed it.
  get items() {
    const fresh = Date.now() - KEEP_SENT_MS;
    return storage.get("out", []).filter((item) => item.state !== "sent" || item.at > fresh);
  }

  set items(items) {
    storage.set("out", items);
    this.hooks.changed();
  }

  add(text, choice, photo) {
    this.items = [...this.items, { id: newId(), text, choice, photo, at: Date.now(), state: "queued" }];
    this.drain();
  }

  mark(id, state, problem) {
    this.items = this.items.map((item) => (item.id === id ? { ...item, state, problem } : item));
  }

  retry(id) {
    delete this.tries[id];
    this.mark(id, "queued");
    this.drain();
  }

  // Shown back by the desk, or given up by the shopper.
  drop(ids) {
    const items = this.items;
    const kept = items.filter((item) => !ids.includes(item.id));
    if (kept.length < items.length) this.items = kept;
  }

  // The desk does not know this conversation any more: what it once took must go again.
  requeue() {
    this.items = this.items.map((item) => (item.state === "sent" ? { ...item, state: "queued" } : item));
    this.drain();
  }

  async drain() {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    let item;
    while (this.connection.ready && (item = this.items.find((one) => one.state === "queued"))) {
      item.began = performance.now();
      try {
        await this.connection.post(item);
        this.mark(item.id, "sent");
        this.hooks.accepted(item);
      } catch (error) {
        if (!this.failed(item, error)) break;
      }
    }
    this.busy = false;
  }

  // True where the next item may go now.
  failed(item, error) {
    const status = error.status;
    if (status === 401) {
      this.connection.reset(status);
      this.connection.wake();
      return false;
    }
    const tries = (this.tries[item.id] = (this.tries[item.id] || 0) + 1);
    const passing = !status || status >= 500 || status === 429 || status === 408;
    if (passing && (!status || tries < TRIES)) {
      if (!status) this.hooks.unreachable();
      this.timer = setTimeout(() => this.drain(), jitter(1000 * 2 ** Math.min(tries, 4)));
      return false;
    }
    this.mark(item.id, "failed", status === 413 ? "tooLong" : passing ? "failed" : "refused");
    this.hooks.denied(item);
    return true;
  }
}
