"""Meta's JSON, decoded even where a text in it was cut in the middle of an emoji."""
import json
from typing import TypeVar

import msgspec

from bot.model.errors import InboundError

#: What decoding raises.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

T = TypeVar("T")


def decode_delivery(raw: bytes, kind: type[T]) -> T:
    """The outside of a delivery.

    Raises:
        InboundError: it is none. Meta then sends the same again for days, so this must not be about one event in it.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except UNREADABLE as error:
        problem = str(error)
    try:
        # Half an emoji is no Unicode, and msgspec refuses the whole body for it; the standard library reads it.
        mended = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "ignore")
        return msgspec.json.decode(mended, type=kind)
    except (ValueError, *UNREADABLE):
        raise InboundError(f"This is no delivery of Meta's: {problem}.") from None
