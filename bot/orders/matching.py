"""When a number and an e-mail are those of an order, however they were typed."""
import hmac
import re
from collections.abc import Sequence

from bot.model.order_forms import plain_signs
from bot.model.orders import Order

# "ordine n. 1004", "order no: 1004", "numero 1004", "#1004", "n° 1004"
_LEAD = re.compile(r"^(?:(?:ORDINE|ORDER|NUMERO|NUMBER|NUM|NRO?|NO|N)(?![A-Z])[\s.:°º#-]*|[#°º.:\s]+)+")
_NO_SIGN = re.compile(r"[^A-Z0-9]")


def written_number(text: str) -> str:
    """An order number in capitals and plain digits, without the words in front of it; its signs stay."""
    return re.sub(r"\s", "", _LEAD.sub("", plain_signs(text).strip().upper()))


def normalise_number(text: str, prefixes: Sequence[str] = ()) -> str:
    """One spelling for each order number: capitals and digits alone, no words and no shop prefix in front.

    Look-up, lock and the count of tries all go by it.

    >>> normalise_number("ordine n. #ord-1004", ["ORD-"])
    '1004'
    """
    number = _NO_SIGN.sub("", written_number(text))
    bare = sorted((_NO_SIGN.sub("", plain_signs(prefix).upper()) for prefix in prefixes), key=len, reverse=True)
    for prefix in bare:
        rest = number.removeprefix(prefix)
        if prefix and rest != number and rest[:1].isdigit():
            return rest
    return number


def emails_match(order: Order, email: str) -> bool:
    """Whether ``email`` is the order's, but for case and spaces; in constant time. An empty one matches none."""
    kept, given = _normalise_email(order.email), _normalise_email(email)
    return bool(kept) and hmac.compare_digest(kept, given)


def _normalise_email(email: str) -> bytes:
    return email.strip().casefold().encode()
