"""A mail too large to be fetched whole, put together from its parts: every text, and every file that can be shown."""
from collections.abc import Callable, Iterator
from typing import Any

from bot.channels.email.content import LEFT_OUT, LONGEST_PART

#: As it travels, a third larger than the file: what is larger is not shown to operators either.
MOST_FILE = 28 * 1024 * 1024
_MOST_TEXT = 4 * LONGEST_PART
_MOST_PARTS = 200

#: Gives what a name like 'BODY.PEEK[1.2]' stands for.
Fetch = Callable[[str], bytes]


def assembled(structure: Any, fetch: Fetch, *, most_file: int = MOST_FILE) -> bytes:
    """The mail; a file that is left in the mailbox has no content and says its size.

    Args:
        structure: IMAP's BODYSTRUCTURE, as IMAPClient reads it.
    """
    return fetch("BODY.PEEK[HEADER]") + b"".join(_content(structure, "", fetch, most_file))


def _content(structure: Any, section: str, fetch: Fetch, most_file: int) -> Iterator[bytes]:
    if not structure.is_multipart:
        limit = _MOST_TEXT if structure[0].lower() == b"text" else most_file
        yield fetch(f"BODY.PEEK[{section or 1}]<0.{limit}>")
        return
    boundary = _boundary(structure)
    for number, part in enumerate(structure[0][:_MOST_PARTS], 1):
        place = f"{section}.{number}" if section else str(number)
        head = fetch(f"BODY.PEEK[{place}.MIME]").strip()
        yield b"\r\n--" + boundary + b"\r\n" + head
        if _is_left_out(part, most_file):
            yield f"\r\n{LEFT_OUT}: {_size(part)}\r\n\r\n".encode()
        else:
            yield b"\r\n\r\n"
            yield from _content(part, place, fetch, most_file)
    yield b"\r\n--" + boundary + b"--\r\n"


def _is_left_out(part: Any, most_file: int) -> bool:
    return not part.is_multipart and part[0].lower() != b"text" and int(part[6] or 0) > most_file


def _size(part: Any) -> int:
    """Of the file itself."""
    return int(part[6]) * 3 // 4 if (part[5] or b"").lower() == b"base64" else int(part[6])


def _boundary(structure: Any) -> bytes:
    values = list(structure[2] or ()) if len(structure) > 2 else []
    named = dict(zip((one.lower() for one in values[::2]), values[1::2], strict=False))
    return bytes(named.get(b"boundary", b"sportello"))
