"""Moments as people say them."""
from datetime import datetime, timedelta

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
