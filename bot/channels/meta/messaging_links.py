"""What a link of the shop's means: m.me/shop?ref=…, ig.me/m/shop?ref=…, the payload of a menu's button."""
import re
from dataclasses import dataclass

_FAQ = re.compile(r"faq-([a-z0-9-]{1,80})")
_ORDER = re.compile(r"order-([A-Za-z0-9_-]{1,60})")
_ORDER_WORDS = {"it": "Dov'è il mio ordine {number}?", "en": "Where is my order {number}?"}


@dataclass(frozen=True, slots=True)
class Link:
    """``choice``: what it means for certain, as in `Choice.payload`; '' = its text is read like any other."""

    text: str
    choice: str = ""


def ref_link(ref: str, language: str) -> Link | None:
    """What ``ref`` asks; None where it only tells where the shopper came from."""
    order, faq = _ORDER.fullmatch(ref), _FAQ.fullmatch(ref)
    if order is not None:
        return Link(_ORDER_WORDS[language].format(number=order[1]))
    return Link(ref, f"faq:{faq[1]}") if faq is not None else None
