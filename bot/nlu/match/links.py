"""Which topic of the library an entry is: by its id, by what its editor says, or by what it says itself."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bot.model.faq import FaqEntry
from bot.model.topics import NO_TOPIC, Topic
from bot.nlu.match.bm25 import prepared
from bot.nlu.match.field import Field
from bot.nlu.match.rows import FAQ_PREFIX, sentences
from bot.nlu.text.embeddings import EmbeddingCache

#: From this score on a link is made, from the other on it is suggested. On the shops of `tests/shops` that are for
#: development 21 links are made: 19 to the entry's own topic, two of entries that join several to one of these.
_SURE, _MAYBE = 0.55, 0.35
_LEAD = 0.15
_ASKED_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Link:
    """``given``: the editor named the topic, by id or with ``like``. Only links that are ``made`` bring phrasings."""

    topic: str
    score: float
    given: bool
    made: bool


def link(
    entries: Iterable[FaqEntry], topics: Mapping[str, Topic], embeddings: EmbeddingCache, field: Field
) -> dict[str, Link]:
    """entry id → its topic, made or suggested; entries without one are left out.

    A topic that an editor named goes to nobody else by itself, and of several entries that read like one topic only the
    nearest gets it: what is special in the others is not to be swallowed.
    """
    found: dict[str, Link] = {}
    open_entries = []
    for entry in entries:
        named = entry.like or (entry.id if entry.id in topics else "")
        if named in topics:
            found[entry.id] = Link(named, 1.0, True, True)
        elif named != NO_TOPIC:
            open_entries.append(entry)
    taken = {one.topic for one in found.values()}
    read = {entry.id: _read(entry, embeddings, field) for entry in open_entries}
    best: dict[str, tuple[float, str]] = {}
    for name, one in read.items():
        if one is not None and one.topic in topics:
            best[one.topic] = max(best.get(one.topic, (0.0, "")), (one.score, name))
    for name, one in read.items():
        if one is None or one.topic not in topics or one.score < _MAYBE:
            continue
        first = best[one.topic][1] == name and one.topic not in taken
        found[name] = Link(one.topic, one.score, False, one.made and first)
    return found


def inherited(links: Mapping[str, Link], topics: Mapping[str, Topic]) -> dict[str, Topic]:
    """entry id → the topic whose ways to ask come with it."""
    return {name: topics[one.topic] for name, one in links.items() if one.made}


def _read(entry: FaqEntry, embeddings: EmbeddingCache, field: Field) -> Link | None:
    """What the entry's own words mean: heading and phrasings first, then the answer."""
    asked, told = [], []
    for text in entry.texts.values():
        asked += [prepared(one)[0] for one in (text.title, *text.phrasings)]
        told += [prepared(one)[0] for one in sentences(text.answer)]
    if not asked:
        return None
    p = (field.meant(embeddings.matrix(asked)) ** 2).mean(axis=0)
    if told:
        p = _ASKED_SHARE * p + (1 - _ASKED_SHARE) * (field.meant(embeddings.matrix(told)) ** 2).mean(axis=0)
    order = np.argsort(-p)[:2]
    score, second = (float(p[number]) for number in order)
    topic = field.topics[order[0]]
    if not topic.startswith(FAQ_PREFIX):
        return None
    return Link(topic.removeprefix(FAQ_PREFIX), round(score, 4), False, score >= _SURE and score - second >= _LEAD)
