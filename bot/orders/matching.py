"""When a number and an e-mail are those of an order, however they were typed."""
import hmac
import re
from collections.abc import Sequence

from bot.model.orders import Order

# "ordine n. 1004", "order no: 1004", "numero 1004", "#1004", "n° 1004"
_LEAD = re.compile(r"^(?:(?:ORDINE|ORDER|NUMERO|NUMBER|NUM|NRO?|NO|N)(?![A-Z])[\s.:°º#-]*|[#°º.:\s]+)+")


def normalise_number(text: str, prefixes: Sequence[str] = ()) -> str:
    """One spelling for each order number: capitals, no spaces, no words and no shop prefix in front.

    >>> normalise_number("ordine n. #ord-1004", ["ORD-"])
    '1004'
    """
    number = re.sub(r"\s", "", _LEAD.sub("", text.strip().upper()))
    for prefix in sorted((prefix.strip().upper() for prefix in prefixes), key=len, reverse=True):
        if len(number) > len(prefix) and number.startswith(prefix):
            return number.removeprefix(prefix)
    return number


def emails_match(order: Order, email: str) -> bool:
    """Whether ``email`` is the order's, but for case and spaces; in constant time. An empty one matches none."""
    kept, given = _normalise_email(order.email), _normalise_email(email)
    return bool(kept) and hmac.compare_digest(kept, given)


def _normalise_email(email: str) -> bytes:
    return email.strip().casefold().encode()
