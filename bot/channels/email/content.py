"""What is inside a mail: its text and its files."""
from collections.abc import Iterator
from typing import NamedTuple

from bot.channels.email.charsets import decode
from bot.channels.email.headers import Mime, decoded, header, raw_header
from bot.channels.email.html_text import html_text
from bot.channels.text import clean

_HEAD = ("From", "Reply-To", "To", "Cc", "Date", "Subject")
MOST_FILES = 50
#: Below this an image inside HTML is a logo, a social network's sign or a tracking dot, not a photo.
SMALLEST_INLINE_IMAGE = 8 * 1024
#: Text parts beyond this are not read.
LONGEST_PART = 1_000_000
#: In a mail of which only a part was fetched: how large a file is that was left in the mailbox.
LEFT_OUT = "X-Sportello-Left-Out"
#: They tell a mail program who signed; to a person they are no files.
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})


class File(NamedTuple):
    """``place``: which part it is, counted as `Message.walk` goes."""

    place: int
    name: str
    mime_type: str
    size: int


class Content(NamedTuple):
    text: str
    files: tuple[File, ...]


def read_content(message: Mime, *, root: Mime | None = None, keep_quotes: bool = False) -> Content:
    """The text that a person reads (plain where there is any, else made from HTML) and the files beside it.

    Args:
        root: the mail in whose mailbox place it lies, where ``message`` is one inside it.
        keep_quotes: also what HTML marks as quoted.
    """
    places = {id(part): place for place, part in enumerate((root or message).walk())}
    texts, files = [], []
    for part, is_inline in _leaves(message):
        if part.get_content_type() in _SIGNATURES:
            continue
        if _is_text(part):
            texts.append(part)
        else:
            file = _file(part, places[id(part)])
            if not (is_inline and file.mime_type.startswith("image/") and file.size < SMALLEST_INLINE_IMAGE):
                files.append(file)
    # Beside a file, a quote is no answer: who sends a photo back says nothing with what the mail program put below it.
    words = (_part_text(part, may_be_quote=not files, keep_quotes=keep_quotes) for part in texts)
    return Content(clean("\n\n".join(filter(None, words))), tuple(files[:MOST_FILES]))


def file_content(message: Mime, place: int) -> tuple[bytes, str, int] | None:
    """(content, MIME type, size) of the part at that place; None where no file is there."""
    part = next((part for at, part in enumerate(message.walk()) if at == place), None)
    if part is None or (part.is_multipart() and part.get_content_maintype() != "message"):
        return None
    return _bytes(part), part.get_content_type(), _file(part, place).size


def _leaves(part: Mime, is_inline: bool = False) -> Iterator[tuple[Mime, bool]]:
    """The parts to show, in order; ``is_inline`` for what HTML shows inside itself."""
    kind = part.get_content_type()
    if not part.is_multipart() or part.get_content_maintype() == "message":
        yield part, is_inline
    elif kind == "multipart/alternative":
        yield from _alternative(part, is_inline)
    else:
        for one in _parts(part):
            yield from _leaves(one, kind == "multipart/related" and bool(one.get("Content-ID")))


def _alternative(part: Mime, is_inline: bool) -> Iterator[tuple[Mime, bool]]:
    """One text of several that say the same: the plain one, unless it is empty; and every file."""
    leaves = [leaf for one in _parts(part) for leaf in _leaves(one, is_inline)]
    texts = [leaf for leaf, _ in leaves if _is_text(leaf)]
    plain = [leaf for leaf in texts if leaf.get_content_type() == "text/plain" and _part_text(leaf)]
    shown = plain or [leaf for leaf in texts if leaf.get_content_type() == "text/html"]
    yield from ((leaf, inline) for leaf, inline in leaves if not _is_text(leaf) or leaf in shown)


def _parts(part: Mime) -> list[Mime]:
    payload = part.get_payload()
    return [one for one in payload if not isinstance(one, str)] if isinstance(payload, list) else []


def _is_text(part: Mime) -> bool:
    """A text that has a name is a text (programs name the mail's own words too), unless it is given as a file."""
    disposition = part.get_content_disposition()
    named = part.get_param("filename", header="content-disposition") is not None
    is_file = disposition == "attachment" or (disposition is not None and named)
    return part.get_content_type() in ("text/plain", "text/html") and not is_file


def whole_text(message: Mime) -> str:
    """Everything that a mail says, with what it quotes; for people who look at all of it."""
    head = [f"{name}: {header(message, name)}" for name in _HEAD if message.get(name) is not None]
    texts = [_part_text(part, keep_quotes=True) for part, _ in _leaves(message) if _is_text(part)]
    return "\n".join(head) + "\n\n" + "\n\n".join(filter(None, texts))


def _part_text(part: Mime, *, may_be_quote: bool = True, keep_quotes: bool = False) -> str:
    charset = part.get_param("charset")
    text = decode(_bytes(part)[:LONGEST_PART], charset if isinstance(charset, str) else None)
    if part.get_content_type() == "text/html":
        return html_text(text, may_be_quote=may_be_quote, keep_quotes=keep_quotes)
    return clean(_unflowed(text) if part.get_param("format") == "flowed" else text)


def _unflowed(text: str) -> str:
    """Lines that the mail program broke, joined again (RFC 3676)."""
    lines: list[str] = []
    is_open = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if is_open and not line.startswith(">"):
            lines[-1] += line
        else:
            lines.append(line)
        is_open = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(lines)


def _bytes(part: Mime) -> bytes:
    if part.is_multipart():  # a mail inside the mail
        return b"\n".join(map(_whole, _parts(part)))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _whole(mail: Mime) -> bytes:
    try:
        return mail.as_bytes()
    except (UnicodeError, LookupError):  # headers with bytes beyond ASCII do not always find their way back
        return mail.as_string().encode("utf-8", "replace")


def _file(part: Mime, place: int) -> File:
    name = decoded(part.get_filename() or "")
    if not name and part.get_content_type() == "message/rfc822" and (inner := _parts(part)):
        name = f"{header(inner[0], 'Subject') or 'mail'}.eml"
    left_out = raw_header(part, LEFT_OUT)
    size = int(left_out) if left_out.isdecimal() and len(left_out) < 12 else len(_bytes(part))
    return File(place, name[:200], part.get_content_type(), size)
