"""Headers of a mail, read whatever is wrong with them."""
import binascii
import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from bot.channels.email.charsets import decode
from bot.channels.text import clean

#: Longer ones are an attack on whoever reads them.
LONGEST = 2_000
LONGEST_ADDRESS = 254  # RFC 5321

Mime = Message

_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>()\[\]\\,;:\"]{1,64}@[^\s\x00-\x1f\x7f@<>()\\,;:\"]{1,189}")
_SOMEWHERE = re.compile(rf"(?<![^\s<,;:\"(]){_ADDRESS.pattern}(?![^\s>,;\")])")


def raw_header(message: Mime, name: str) -> str:
    """As it was sent, on one line; '' where there is none."""
    value = message.get(name, "")
    return " ".join(value[:LONGEST].split()) if isinstance(value, str) else decoded(value)


def header(message: Mime, name: str) -> str:
    """Decoded, on one line, without control characters; '' where there is none."""
    value = message.get(name, "")
    return decoded(value if not isinstance(value, str) else value[:LONGEST])


def decoded(value: object) -> str:
    """The words of a header value (RFC 2047), on one line."""
    try:
        chunks = decode_header(value)  # type: ignore[arg-type]  # a Header too, where it held raw bytes
        words = "".join(one if isinstance(one, str) else decode(one, charset) for one, charset in chunks)
    except (HeaderParseError, binascii.Error, ValueError, LookupError):
        words = str(value)
    return " ".join(clean(words).split())[:LONGEST]


def sender(message: Mime) -> tuple[str, str]:
    """(display name, address in small letters) of who wrote; ('', '') where no address can be read."""
    raw = raw_header(message, "From")
    name, address = parseaddr(raw)
    if not is_address(address):
        found = _SOMEWHERE.search(raw)
        name, address = "", found[0] if found else ""
    return (decoded(name), address.lower()) if is_address(address) else ("", "")


def is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def utc(moment: datetime | None) -> datetime | None:
    """A server's time as aware UTC; None where it gave none that exists."""
    try:
        return moment.astimezone(UTC) if moment is not None else None
    except (ValueError, OverflowError):
        return None
