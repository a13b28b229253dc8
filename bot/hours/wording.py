"""Moments as people say them."""
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.settings.slots import DAY, Slot

_WEEKDAYS = {
    "it": ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "it": (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
        "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_TOMORROW = {"it": "domani", "en": "tomorrow"}


def describe(moment: datetime, seen_from: datetime, language: str) -> str:
    """"alle 14:30" on the same day, "domani alle 9:00", "lunedì 24 novembre alle 9:00"; both in local time."""
    language = language if language in _WEEKDAYS else "en"
    preposition = "at " if language == "en" else "all'" if moment.hour == 1 else "alle "
    at = f"{preposition}{moment.hour}:{moment.minute:02}"
    day = moment.date()
    if day == seen_from.date():
        return at
    if day == seen_from.date() + timedelta(days=1):
        return f"{_TOMORROW[language]} {at}"
    number = "1º" if language == "it" and day.day == 1 else str(day.day)
    year = f" {day.year}" if day - seen_from.date() > timedelta(days=300) else ""
    return f"{_WEEKDAYS[language][day.weekday()]} {number} {_MONTHS[language][day.month - 1]}{year} {at}"


def describe_week(week: Sequence[Sequence[Slot]], language: str) -> str:
    """The slots of each day, Monday first, with days of the same hours named together."""
    language = language if language in _WEEKDAYS else "en"
    names = _WEEKDAYS[language]
    told = []
    for slots, group in groupby(enumerate(week), key=lambda pair: [str(slot) for slot in pair[1]]):
        days = [number for number, _ in group]
        if slots:
            told.append(f"{_run(days, names, language)} {_hours(week[days[0]], language)}")
    if told:
        return ", ".join(told)
    return "chiuso" if language == "it" else "closed"


def _run(days: Sequence[int], names: Sequence[str], language: str) -> str:
    first, last = names[days[0]], names[days[-1]]
    if len(days) == 1:
        return first
    if len(days) == 7:
        return "tutti i giorni" if language == "it" else "every day"
    if len(days) == 2:
        return f"{first} e {last}" if language == "it" else f"{first} and {last}"
    return f"da {first} a {last}" if language == "it" else f"{first} to {last}"


def _hours(slots: Sequence[Slot], language: str) -> str:
    if [(slot.start, slot.end) for slot in slots] == [(0, DAY)]:
        return "24 ore su 24" if language == "it" else "round the clock"
    spans = [f"{_clock(slot.start)}–{_clock(slot.end if slot.end <= DAY else slot.end - DAY)}" for slot in slots]
    return (" e " if language == "it" else " and ").join(spans)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
