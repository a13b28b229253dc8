// What stays on the shopper's device, and only once they opened the widget. Where a browser forbids it, memory serves.
const storage = {
  allowed: false,
  isFull: false,
  memory: {},
  get(name, otherwise = null) {
    let text = this.memory[name];
    try {
      // Once a write failed, what lies on the device is older than what we know.
      if (!this.isFull || text == null) text = localStorage.getItem("sportello." + name) ?? text;
    } catch {}
    try {
      return text == null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    const text = JSON.stringify(value);
    this.memory[name] = text;
    if (!this.allowed) return;
    try {
      localStorage.setItem("sportello." + name, text);
    } catch {
      this.isFull = true;
    }
  },
  forget(name) {
    delete this.memory[name];
    try {
      localStorage.removeItem("sportello." + name);
    } catch {}
  },
};

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Pages without https have no randomUUID.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
