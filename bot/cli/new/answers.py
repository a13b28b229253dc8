"""What `sportello new` asks, as checked values."""
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from bot.model.errors import SettingError
from bot.settings.document import listed, suggestion
from bot.settings.shop import WEEKDAYS, Language

LANGUAGES: tuple[str, ...] = get_args(Language)
_DAYS = {
    "mon": ("lun", "lunedì", "lunedi", "mon", "monday"),
    "tue": ("mar", "martedì", "martedi", "tue", "tuesday"),
    "wed": ("mer", "mercoledì", "mercoledi", "wed", "wednesday"),
    "thu": ("gio", "giovedì", "giovedi", "thu", "thursday"),
    "fri": ("ven", "venerdì", "venerdi", "fri", "friday"),
    "sat": ("sab", "sabato", "sat", "saturday"),
    "sun": ("dom", "domenica", "sun", "sunday"),
}
_DAY_OF = {word: day for day, words in _DAYS.items() for word in words}
_TONES = {"tu": "informal", "informal": "informal", "lei": "formal", "formal": "formal"}
_RANGE = re.compile(r"\s*([^\W\d]+)\.?\s*(?:(?:-|–|a|to)\s*([^\W\d]+)\.?)?[\s:]+(?=\d)", re.IGNORECASE)
_SLOT = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|a|to)\s*(\d{1,2})(?:[:.](\d{2}))?", re.IGNORECASE)
#: Weekday → its slots as shop.yml writes them.
Week = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Answers:
    """A new shop. An empty text was left out; ``topics`` are ids of the library."""

    name: str
    languages: tuple[str, ...]
    tone: str
    hours: Week
    email: str
    phone: str
    site: str
    privacy_url: str
    shipping_price: str
    free_shipping_over: str
    delivery_days: str
    return_days: str
    topics: tuple[str, ...]
    with_order: bool

    @property
    def main_language(self) -> str:
        return self.languages[0]


def parse_languages(text: str) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(word.lower() for word in re.split(r"[\s,;]+", text) if word))
    for word in given:
        if word not in LANGUAGES:
            raise _wrong("languages", word, LANGUAGES)
    if not given:
        raise SettingError(f"none is named. Allowed: {listed(LANGUAGES)}, the main one first.", file="languages")
    return given


def parse_tone(text: str) -> str:
    if text.strip().lower() not in _TONES:
        raise _wrong("tone", text, ("tu", "Lei", "informal", "formal"))
    return _TONES[text.strip().lower()]


def parse_hours(text: str) -> Week:
    """ "lun-ven 9-13, 14:30-18; sab 9-13": days, their slots, a semicolon; days left out are closed.

    Raises:
        SettingError: with the part that was not understood.
    """
    week: dict[str, list[str]] = {day: [] for day in WEEKDAYS}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        head = _RANGE.match(part)
        if head is None:
            raise SettingError(f"'{part}' is not days and times. Write them like: mon-fri 9-13, 14:30-18; sat 9-13.",
                               file="hours")
        for day in _days(head[1], head[2]):
            week[day] += [_slot(one, part) for one in re.split(r",| e | and ", part[head.end():])]
    return {day: tuple(slots) for day, slots in week.items()}


def _days(first: str, last: str | None) -> Sequence[str]:
    for word in filter(None, (first, last)):
        if word.lower() not in _DAY_OF:
            raise _wrong("hours", word, tuple(_DAY_OF))
    start = WEEKDAYS.index(_DAY_OF[first.lower()])
    end = WEEKDAYS.index(_DAY_OF[last.lower()]) if last else start
    return [WEEKDAYS[index % 7] for index in range(start, end + 1 if end >= start else end + 8)]


def _slot(text: str, part: str) -> str:
    met = _SLOT.fullmatch(text.strip())
    if met is None:
        raise SettingError(f"'{text.strip()}' in '{part}' is no slot. Write it like 9-13 or 14:30-18.", file="hours")
    start, end = f"{int(met[1]):02}:{met[2] or '00'}", f"{int(met[3]):02}:{met[4] or '00'}"
    if max(int(met[1]), int(met[3])) > 24 or max(int(met[2] or 0), int(met[4] or 0)) > 59:
        raise SettingError(f"'{text.strip()}' in '{part}' is no time of a day.", file="hours")
    return f"{start}-{end}"


def check_email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text.strip()):
        raise SettingError(f"'{text}' is no e-mail address. Write one like help@shop.example.", file="email")
    return text.strip()


def check_address(text: str, name: str) -> str:
    """An address of the web, with https:// where it was left out; empty stays empty."""
    text = text.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    if text and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        raise SettingError(f"'{text}' is no address. Write one like https://www.shop.example.", file=name)
    return text


def parse_topics(text: str, known: Sequence[str], common: Sequence[str]) -> tuple[str, ...]:
    """'common', 'all', 'none', or ids with commas; '+id' adds to the common ones."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    chosen: list[str] = []
    for word in words:
        name = word.lstrip("+")
        if word.startswith("+") and not chosen:
            chosen += common
        if name == "all":
            chosen += known
        elif name == "common":
            chosen += common
        elif name in known:
            chosen.append(name)
        elif name != "none":
            raise SettingError(
                f"'{name}' is no topic.{suggestion(name, known)} Allowed: common, all, none, or ids: {listed(known)}.",
                file="topics",
            )
    return tuple(name for name in known if name in chosen)


def _wrong(name: str, met: str, allowed: Sequence[str]) -> SettingError:
    return SettingError(f"'{met}'.{suggestion(met, allowed)} Allowed: {listed(allowed)}.", file=name)
