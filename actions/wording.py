"""Dates and lists as people write them."""
from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

LOCALES = {"it": "it_IT", "en": "en_GB"}
AND = {"it": "e", "en": "and"}


def day(at: date, language: str) -> str:
    """'martedì 2 giugno', 'Tuesday 2 June'."""
    return format_date(at, "EEEE d MMMM", locale=LOCALES.get(language, LOCALES["en"]))


def listed(things: Sequence[str], language: str) -> str:
    """'a, b e c'."""
    *first, last = things
    return f"{', '.join(first)} {AND.get(language, AND['en'])} {last}" if first else last
