"""Providers' JSON, decoded even where a text in it was cut in the middle of an emoji."""
import json
from typing import TypeVar

import msgspec

#: What decoding raises.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

T = TypeVar("T")


def decode(raw: bytes, kind: type[T]) -> T:
    """``raw`` as ``kind``; halves of emojis are left out.

    Raises:
        DecodeError, UnicodeDecodeError, RecursionError: it is none; all three are `UNREADABLE`.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except UNREADABLE:
        mended = _mended(raw)
        if mended is None:
            raise
    return msgspec.json.decode(mended, type=kind)


def _mended(raw: bytes) -> bytes | None:
    """The same without half emojis: they are no Unicode, and msgspec refuses all of it for one. None: there is none."""
    if b"\\ud" not in raw.lower():
        return None
    try:
        # The standard library reads them.
        return json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "ignore")
    except (ValueError, RecursionError):
        return None
