"""What keeps an answer in the thread of the mail it answers."""
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.channels.email.headers import Mime, header, raw_header

#: Printable and without spaces: what is put back into a header must not become a second header.
_ID = re.compile(r"<[!-;=?-~]{1,248}>")
#: A long thread keeps its first mail and its last ones; mail programs hang the rest on these.
MOST_REFERENCES = 10
LONGEST_SUBJECT = 200
_IS_ANSWER = re.compile(r"\s*(?:re|r|ri|rif|aw|antw|antwort|sv|vs|odp|tr|res)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


class Threading(NamedTuple):
    """``references``: the ids of the thread, in order, the answered mail last."""

    subject: str
    in_reply_to: str
    references: tuple[str, ...]


def thread_of(message: Mime) -> dict[str, Any]:
    """What `answer_to` needs to know of a mail, as a small JSON object."""
    references = ids_in(raw_header(message, "References")) or ids_in(raw_header(message, "In-Reply-To"))[:1]
    return {
        "message_id": (ids_in(raw_header(message, "Message-ID")) or [""])[0],
        "references": _capped(references),
        "subject": header(message, "Subject")[:LONGEST_SUBJECT],
    }


def answer_to(thread: Mapping[str, Any], *, subject: str) -> Threading:
    """The headers of an answer. ``subject``: what it is called where the mail had none."""
    message_id = str(thread.get("message_id") or "")
    given = str(thread.get("subject") or "")
    references = [*map(str, thread.get("references") or ()), *([message_id] if message_id else [])]
    named = given if is_answer(given) else f"Re: {given}" if given else subject
    return Threading(named, message_id, tuple(_capped(references)))


def is_answer(subject: str) -> bool:
    """Whether the subject says that the mail answers another ("Re:", "R:", "AW:" …)."""
    return _IS_ANSWER.match(subject) is not None


def ids_in(text: str) -> list[str]:
    return _ID.findall(text)


def _capped(references: list[str]) -> list[str]:
    different = list(dict.fromkeys(references))
    return different if len(different) <= MOST_REFERENCES else [different[0], *different[1 - MOST_REFERENCES :]]
