"""What the index holds: a row for each example of an intent and each phrasing of a FAQ entry, on one scale."""
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.model.faq import FaqEntry
from bot.model.topics import Topic

#: A label is a dialogue intent ('order_status') or, with this prefix, a FAQ id ('faq/shipping-cost').
FAQ_PREFIX = "faq/"
#: The intent of messages that the desk is not for; never answered.
OUT_OF_SCOPE = "out_of_scope"
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
_MARKUP = re.compile(r"[*_`#>|]+|\[([^\]]*)\]\([^)]*\)")
_LEAST_LETTERS = 12
_NAME_PART = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])")


#: What a row is to its label: its heading, a way to ask, a way to ask that came with its topic, a sentence of its
#: answer, or the words that stand above it. The first three are what shoppers say (`ASKED`).
TITLE, PHRASING, INHERITED, ANSWER, GROUP = "title", "phrasing", "inherited", "answer", "group"
ASKED = frozenset({TITLE, PHRASING, INHERITED})


@dataclass(frozen=True, slots=True)
class Row:
    """``text`` as written; ``language``: 'it' or 'en', '' where it is both or neither ("ok")."""

    text: str
    label: str
    language: str
    kind: str = PHRASING


def is_faq(label: str) -> bool:
    return label.startswith(FAQ_PREFIX)


def intent_of(label: str) -> str:
    """The intent Rasa sees: 'faq' for every entry."""
    return "faq" if is_faq(label) else label


def faq_id_of(label: str) -> str | None:
    return label.removeprefix(FAQ_PREFIX) if is_faq(label) else None


def label_of(intent: str, faq_id: str | None) -> str:
    return f"{FAQ_PREFIX}{faq_id}" if faq_id else intent


def faq_rows(entries: Iterable[FaqEntry], inherited: Mapping[str, Topic] | None = None) -> list[Row]:
    """Everything entries say, each text once per label.

    Args:
        inherited: entry id → the topic whose ways to ask come with it.
    """
    seen: dict[tuple[str, str], Row] = {}
    for entry in entries:
        label = f"{FAQ_PREFIX}{entry.id}"
        topic = (inherited or {}).get(entry.id)
        for row in [*_own_rows(entry, label), *(_topic_rows(topic, label, set(entry.texts)) if topic else ())]:
            seen.setdefault((row.text, label), row)
    return list(seen.values())


def _own_rows(entry: FaqEntry, label: str) -> Iterator[Row]:
    for language, text in entry.texts.items():
        yield Row(text.title, label, language, TITLE)
        for phrasing in text.phrasings:
            yield Row(phrasing, label, language)
        for sentence in (*sentences(text.answer), *sentences(text.short_answer or "")):
            yield Row(sentence, label, language, ANSWER)
        if entry.topic:
            yield Row(entry.topic, label, language, GROUP)


def _topic_rows(topic: Topic, label: str, languages: set[str]) -> Iterator[Row]:
    """Both languages come along: an entry that is written in one is asked for in the other too."""
    for language, text in sorted(topic.texts.items(), key=lambda one: one[0] not in languages):
        for phrasing in (text.title, *text.phrasings):
            yield Row(phrasing, label, language, INHERITED)


@lru_cache(maxsize=20_000)
def sentences(answer: str) -> tuple[str, ...]:
    """The sentences of a Markdown answer, without its marks; very short ones stay with the one before."""
    found: list[str] = []
    for piece in _SENTENCE.split(_MARKUP.sub(lambda match: match[1] or " ", answer)):
        piece = piece.strip(" -•\t")
        if found and len(piece) < _LEAST_LETTERS:
            found[-1] = f"{found[-1]} {piece}".strip()
        elif piece:
            found.append(piece)
    return tuple(found)


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
    for line in sorted(f"{row.label}\t{row.language}\t{row.kind}\t{row.text}" for row in rows):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()[:16]
