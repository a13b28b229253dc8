"""The outside of Meta's deliveries."""
from typing import TypeVar

from bot.channels.decoding import UNREADABLE, decode
from bot.model.errors import InboundError

T = TypeVar("T")


def decode_delivery(raw: bytes, kind: type[T]) -> T:
    """The outside of a delivery.

    Raises:
        InboundError: it is none. Meta then sends the same again for days, so this must not be about one event in it.
    """
    try:
        return decode(raw, kind)
    except UNREADABLE as error:
        raise InboundError(f"This is no delivery of Meta's: {error}.") from None
