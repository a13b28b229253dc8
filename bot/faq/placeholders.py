"""``{name}`` in an answer becomes the shop's own words; ``\\{`` is a brace."""
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.model.ports import OpeningHours
from bot.settings import ShopFile
from bot.settings.document import listed, suggestion

#: What depends on the moment and the reader is filled as an answer is read. Until then it stands between two signs
#: of Unicode's private use, which nobody writes.
_LATER = re.compile("\ue000([a-z_]+)\ue001")
MOMENTS = ("opening_hours", "next_opening")
_NOW = {"it": "adesso", "en": "now"}
_NEVER = {"it": "a data da definire", "en": "at a date to be announced"}
_PLACEHOLDER = re.compile(r"(?<!\\)\{([^{}]*)\}")


def fill(text: str, placeholders: Mapping[str, str]) -> str:
    """The text with its placeholders filled.

    Raises:
        ValueError: a placeholder that ``shop.yml`` does not know; its text names those it does.
    """

    def known(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name not in placeholders:
            raise ValueError(
                f"unknown placeholder {{{name}}}.{suggestion(name, placeholders)} Allowed: {listed(placeholders)}. "
                "Add it to faq.placeholders in shop.yml, or correct it."
            )
        return placeholders[name]

    return _PLACEHOLDER.sub(known, text).replace("\\{", "{").replace("\\}", "}")


def known_placeholders(shop: ShopFile) -> dict[str, str]:
    """The shop's own words, who the shop is, and what is filled later."""
    about = shop.shop
    told = {
        "shop_name": about.name,
        "shop_email": about.email,
        "shop_phone": about.phone,
        "legal_name": about.legal_name,
        "vat_number": about.vat_number,
    }
    # What shop.yml leaves empty is unknown, and an answer that names it is told so.
    own = {name: text for name, text in told.items() if text}
    return {**shop.faq.placeholders, **own, **{name: f"\ue000{name}\ue001" for name in MOMENTS}}


def fill_moments(text: str, hours: OpeningHours, at: datetime, language: str) -> str:
    """The text with opening hours and next opening, as they are at a moment, in the reader's language."""
    if "\ue000" not in text:
        return text
    words: dict[str, Callable[[], str]] = {
        "opening_hours": lambda: hours.week(language),
        "next_opening": lambda: _next_opening(hours, at, language),
    }
    return _LATER.sub(lambda match: words[match[1]]() if match[1] in words else "", text)


def _next_opening(hours: OpeningHours, at: datetime, language: str) -> str:
    if hours.is_open(at):
        return _NOW.get(language, _NOW["en"])
    opens = hours.next_opening(at)
    if opens is None:
        return _NEVER.get(language, _NEVER["en"])
    return hours.describe(opens, seen_from=at, language=language)
