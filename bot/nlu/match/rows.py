"""What the index holds: a row for each example of an intent and each phrasing of a FAQ entry, on one scale."""
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.faq import FaqEntry

#: A label is a dialogue intent ('order_status') or, with this prefix, a FAQ id ('faq/shipping-cost').
FAQ_PREFIX = "faq/"
#: The intent of messages that the desk is not for; never answered.
OUT_OF_SCOPE = "out_of_scope"
_NAME_PART = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Row:
    """``text`` as written; ``language``: 'it' or 'en', '' where it is both or neither ("ok")."""

    text: str
    label: str
    language: str


def is_faq(label: str) -> bool:
    return label.startswith(FAQ_PREFIX)


def intent_of(label: str) -> str:
    """The intent Rasa sees: 'faq' for every entry."""
    return "faq" if is_faq(label) else label


def faq_id_of(label: str) -> str | None:
    return label.removeprefix(FAQ_PREFIX) if is_faq(label) else None


def label_of(intent: str, faq_id: str | None) -> str:
    return f"{FAQ_PREFIX}{faq_id}" if faq_id else intent


def faq_rows(entries: Iterable[FaqEntry]) -> list[Row]:
    """Titles and phrasings of all entries, each text once per label."""
    seen: dict[tuple[str, str], Row] = {}
    for entry in entries:
        for language, text in entry.texts.items():
            for phrasing in (text.title, *text.phrasings):
                row = Row(phrasing, f"{FAQ_PREFIX}{entry.id}", language)
                seen.setdefault((phrasing, row.label), row)
    return list(seen.values())


def name_of(label: str) -> str:
    """What an intent's name says: 'track order' of 'track_order' or 'trackOrder'; '' where it is a mere number.

    FAQ entries say it in their title; 'out_of_scope' says nothing of what is asked.
    """
    if is_faq(label) or label == OUT_OF_SCOPE or any(sign.isdigit() for sign in label):
        return ""
    return " ".join(part.lower() for part in _NAME_PART.findall(label))


def with_names(rows: Sequence[Row]) -> list[Row]:
    """The rows and the name of each intent as one more; in no language, since it names the intent for all of them."""
    names = {Row(name_of(label), label, "") for label in {row.label for row in rows} if name_of(label)}
    return [*rows, *sorted(names - set(rows), key=lambda row: row.label)]


def is_name(row: Row) -> bool:
    """Nobody wrote this row as an example: it teaches, but it is no message to be judged by."""
    return not row.language and row.text == name_of(row.label)


def rows_id(rows: Sequence[Row]) -> str:
    """A hash of the rows whatever their order: equal ids mean that a head fitted on one serves the other."""
    digest = hashlib.sha256()
    for line in sorted(f"{row.label}\t{row.language}\t{row.text}" for row in rows):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()[:16]
