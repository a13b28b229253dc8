/** Talking to the desk: JSON, one error type, and the way to the login when the session has ended. */
import { keep } from "./store.js";

const ROOT = "/console/api";
const PATIENCE_MS = 20000;
const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";

/** `code` is the desk's, or 'offline' where no answer came. */
export class ApiError extends Error {
  constructor(code, message, status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** Nobody knows whether it was done. */
  get isUnconfirmed() {
    return this.code === "offline" || this.code === "unconfirmed";
  }
}

export const get = (path) => call(ROOT + path, {});

/** `keepalive` lets the request outlive the page. */
export const post = (path, body, { keepalive = false } = {}) =>
  call(ROOT + path, {
    method: "POST",
    keepalive,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify(body),
  });

export const command = (id, name, body, options) => post(`/conversations/${id}/${name}`, body, options);

/** New for each command; a repeated key is done once. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function signOut() {
  await call("/console/logout", { method: "POST", headers: { "X-CSRF-Token": token } });
  location.assign("/console?signed_out");
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  } catch (error) {
    throw new ApiError("offline", String(error));
  }
  if (response.status === 401) {
    keep(sessionStorage, "reopen", location.hash || null);
    location.assign("/console?ended");
    throw new ApiError("signed_out", "", 401);
  }
  // An answer cut off on its way is no answer.
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new ApiError("offline", response.statusText, response.status);
  if (!response.ok) throw new ApiError(answer.error?.code ?? "unreadable", answer.error?.message ?? "", response.status);
  return answer;
}
