/** The page's language, its words, and moments as people say them. */
import english from "./words-en.js";
import italian from "./words-it.js";

const WORDS = { en: english, it: italian };
const CHOICE = "sportello.language";
const DAY_MS = 86400000;

export const language = chosenLanguage();
document.documentElement.lang = language;

const region = language === "it" ? "it-IT" : "en-GB";
const clock = new Intl.DateTimeFormat(region, { hour: "2-digit", minute: "2-digit" });
const fullDay = new Intl.DateTimeFormat(region, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(region, { day: "numeric", month: "short" });
const share = new Intl.NumberFormat(region, { style: "percent" });

/** A word or sentence; an unknown key is null, so that callers can fall back to the bare value. */
export function find(key, values = {}) {
  return WORDS[language][key]?.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "").trim() ?? null;
}

export function t(key, values) {
  return find(key, values) ?? key;
}

export function switchLanguage() {
  localStorage.setItem(CHOICE, language === "it" ? "en" : "it");
  location.reload();
}

export const time = (iso) => clock.format(new Date(iso));
export const percent = (value) => share.format(value);

/** An ISO day ("2026-06-02") has no time zone: it is read as local noon. */
export const date = (iso) => fullDay.format(new Date(iso.length === 10 ? `${iso}T12:00` : iso));
export const briefDate = (iso) => shortDay.format(new Date(iso.length === 10 ? `${iso}T12:00` : iso));

export const dayKey = (iso) => new Date(iso).toDateString();

export function dayName(iso, nowMs) {
  if (dayKey(iso) === new Date(nowMs).toDateString()) return t("today");
  if (dayKey(iso) === new Date(nowMs - DAY_MS).toDateString()) return t("yesterday");
  return date(iso);
}

export function money(amount, currency) {
  return new Intl.NumberFormat(region, { style: "currency", currency }).format(Number(amount));
}

/** "0:42" in the first two minutes, then "12 min", "1 h 05", "2 d". */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 120) return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
  return language === "it" ? `${Math.floor(hours / 24)} g` : `${Math.floor(hours / 24)} d`;
}

function chosenLanguage() {
  let kept = null;
  try {
    kept = localStorage.getItem(CHOICE);
  } catch {
    // Storage may be forbidden: then the browser's language holds.
  }
  if (kept in WORDS) return kept;
  return navigator.languages.map((each) => each.slice(0, 2).toLowerCase()).find((each) => each in WORDS) ?? "en";
}
