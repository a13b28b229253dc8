"""A mail that passes another one on: whose words are whose."""
import re
from email.utils import parseaddr
from typing import NamedTuple

from bot.channels.email.headers import is_address
from bot.channels.email.quotes import header_block, is_forward_mark
from bot.channels.email.stripping import strip_reply, tame

_IS_FORWARD = re.compile(r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:fwd?|i|inoltr\w*|wg|tr|rv|doorst\w*|enc)\s*:", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\[\]();:,\"']+@[^\s<>\[\]();:,\"']+")


class Forward(NamedTuple):
    """``own``: what stands above. The rest is of the mail that was passed on; '' where it is not told."""

    own: str
    name: str
    address: str
    subject: str
    text: str


def is_forward(subject: str) -> bool:
    """Whether the subject says so ("Fwd:", "I:", "Inoltro:" …)."""
    return _IS_FORWARD.match(subject) is not None


def split_forward(text: str, subject: str) -> Forward | None:
    """The two mails in a text that passes one on inside itself; None where it does not."""
    lines = tame(text).split("\n")
    for at, line in enumerate(lines):
        bare = line.lstrip("> ")
        rest = [one.removeprefix(">").strip() for one in lines[at:]] if line.startswith(">") else lines[at:]
        if is_forward_mark(bare):
            return _split(lines[:at], _unquoted(rest[1:]))
        if is_forward(subject) and header_block(rest, 0) is not None:
            return _split(lines[:at], rest)
    return None


def _unquoted(lines: list[str]) -> list[str]:
    """Some programs quote what they pass on."""
    first = next((line for line in lines if line), "")
    return [line.removeprefix(">").strip() for line in lines] if first.startswith(">") else lines


def _split(above: list[str], below: list[str]) -> Forward:
    begin = next((at for at, line in enumerate(below) if line), len(below))
    own = strip_reply(re.sub(r"(?:^|\n)[-_]{5,}[^\n]{0,60}$", "", "\n".join(above)), has_files=True)
    head = header_block(below, begin) if begin < len(below) else None
    if head is None:
        return Forward(own, "", "", "", strip_reply("\n".join(below)))
    name, address = _person(head.sender)
    return Forward(own, name, address, head.subject, strip_reply("\n".join(below[head.end :])))


def _person(written: str) -> tuple[str, str]:
    """(name, address) as mail programs write them: 'Ada <a@b.c>', 'Ada [mailto:a@b.c]', 'a@b.c'."""
    text = written.replace("*", "").replace("mailto:", "")
    name, address = parseaddr(text)
    if not is_address(address):
        found = _ADDRESS.search(text)
        address = found[0] if found else ""
        name = re.sub(r"[<\[(].*", "", text).strip(" \"'") if found else text
    name = name.strip(" \"'")
    return ("" if "@" in name else name[:200], address.lower()) if is_address(address) else (name[:200], "")
