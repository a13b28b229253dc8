"""What the index holds: a row for each example of an intent and each phrasing of a FAQ entry, on one scale."""
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.faq import FaqEntry

#: A label is a dialogue intent ('order_status') or, with this prefix, a FAQ id ('faq/shipping-cost').
FAQ_PREFIX = "faq/"
#: The intent of messages that the desk is not for; never answered.
OUT_OF_SCOPE = "out_of_scope"


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


def rows_id(rows: Sequence[Row]) -> str:
    """A hash of the rows whatever their order: equal ids mean that a head fitted on one serves the other."""
    digest = hashlib.sha256()
    for line in sorted(f"{row.label}\t{row.language}\t{row.text}" for row in rows):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()[:16]
