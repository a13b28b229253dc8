"""Fits what is shipped with the framework: the field, the matcher and its calibration, on shops drawn from the library.

A drawn shop answers some topics, each with few or many phrasings, a heading and an answer, as editors write them. It is
asked what the library knows of these topics and of others that it does not answer. No phrasing that asks was taught to
the field, and no shop that calibrates was seen by the matcher: what is fitted here must hold for shops nobody has seen.
"""
import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from bot.model.faq import FaqEntry, FaqText
from bot.model.topics import Topic
from bot.nlu.match.alarms import AlarmReader
from bot.nlu.match.bm25 import terms
from bot.nlu.match.confidence import HELD_OUT, KNOWN, OUTSIDE, Confidence, fit_confidence
from bot.nlu.match.features import FEATURES
from bot.nlu.match.field import Field, half_of
from bot.nlu.match.index import Index, Matched, Query, build_index
from bot.nlu.match.knowledge import Knowledge, shipped
from bot.nlu.match.linear import fit_logistic
from bot.nlu.match.matcher import Matcher
from bot.nlu.match.rows import FAQ_PREFIX, Row, faq_rows, with_names
from bot.nlu.match.signals import match_signals, outside_of
from bot.nlu.match.store import Array
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.text import normalise

logger = logging.getLogger(__name__)

#: Phrasings that an entry of a drawn shop has beside its heading: one of these rows a shop, one number an entry.
_THICKNESS = ((0,), (0, 1, 2), (1, 2, 3), (2,), (0, 1, 2, 4, 8), (4, 8), (0, 2, 100), (2, 8, 100), (100,))
_SIZES = (10, 15, 25, 40, 60)
_ASKED_OF_ENTRY, _ASKED_OF_STRANGER, _DIALOGUE_SHARE = 3, 2, 0.16
_STRANGERS = 30
_HIDDEN, _STEPS, _DECAY = 12, 400, 3e-3
#: How often a drawn entry joins two neighbours, has no answer yet, or is written in one language.
_JOINED, _EMPTY, _ONE_LANGUAGE = 0.15, 0.05, 0.5
_FIELD_C = 30.0
_UNKNOWN_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Asked:
    """One message to a drawn shop: what was compared, and the number of the right label (-1: the shop has none)."""

    query: Query
    found: Matched
    truth: int
    outside: int
    thickness: int


@dataclass(frozen=True, slots=True)
class Half:
    """Library and dialogue cut in two: what the field is taught, and what asks."""

    taught: dict[str, Topic]
    asks: dict[str, Topic]
    talk: list[Row]
    asks_talk: list[Row]


def fit_knowledge(
    topics: Mapping[str, Topic], dialogue: Sequence[Row], embeddings: EmbeddingCache, *, shops: int = 60, seed: int = 3
) -> Knowledge:
    """Everything that `Knowledge` holds. Takes minutes.

    Args:
        dialogue: examples of the dialogue intents, which every shop has.
        shops: how many are drawn.
    """
    rng = random.Random(seed)
    drawn: list[list[Asked]] = []
    fields: list[Field] = []
    for side in (0, 1):
        half = cut(topics, dialogue, side)
        fields.append(fit_field(half.taught, half.talk, embeddings))
        for number in range(shops // 2):
            drawn.append(list(draw_shop(half, dialogue, fields[side], embeddings, rng, number)))
    ready = [shop for shop in drawn if shop]
    matcher = fit_matcher(ready)
    return Knowledge(
        encoder=embeddings.encoder.id,
        field=fit_field(topics, dialogue, embeddings),
        halves=(fields[0], fields[1]),
        matcher=matcher,
        confidence=_calibrate(ready),
        alarms=AlarmReader.fit([*dialogue, *_library_rows(topics)], embeddings),
    )


def knowledge_for(
    embeddings: EmbeddingCache, topics: Mapping[str, Topic], dialogue: Sequence[Row]
) -> Knowledge:
    """What is shipped; for another encoder it is fitted now, which takes minutes, where there is a library."""
    known = shipped()
    if embeddings.encoder.id == known.encoder or not topics:
        return known
    logger.info("fitting what the framework knows of shops for another encoder; this takes some minutes")
    return fit_knowledge(topics, dialogue, embeddings)


def _library_rows(topics: Mapping[str, Topic]) -> list[Row]:
    """What shoppers ask calmly."""
    return [
        Row(phrasing, f"{FAQ_PREFIX}{name}", language)
        for name, topic in topics.items()
        for language, text in topic.texts.items()
        for phrasing in text.phrasings
    ]


def cut(topics: Mapping[str, Topic], dialogue: Sequence[Row], side: int) -> Half:
    """``side``: of `half_of`, the texts that teach."""
    sides: tuple[dict[str, Topic], dict[str, Topic]] = ({}, {})
    for name, topic in topics.items():
        for teaches, own in zip((True, False), sides, strict=True):
            texts = {language: _part(text, side, teaches) for language, text in topic.texts.items()}
            own[name] = replace(topic, texts=texts)
    talk = [row for row in dialogue if half_of(normalise(row.text)) == side]
    return Half(sides[0], sides[1], talk, [row for row in dialogue if half_of(normalise(row.text)) != side])


def _part(text: FaqText, side: int, teaches: bool) -> FaqText:
    kept = (one for one in text.phrasings if (half_of(normalise(one)) == side) == teaches)
    return replace(text, phrasings=tuple(kept))


def fit_field(topics: Mapping[str, Topic], dialogue: Sequence[Row], embeddings: EmbeddingCache) -> Field:
    """Which topic a text means: taught with titles, phrasings and the examples of dialogue intents."""
    pairs = [(row.text, row.label) for row in dialogue]
    for name, topic in topics.items():
        for text in topic.texts.values():
            pairs += [(phrasing, f"{FAQ_PREFIX}{name}") for phrasing in (text.title, *text.phrasings)]
    labels = sorted({label for _, label in pairs})
    numbers = {label: number for number, label in enumerate(labels)}
    vectors = embeddings.matrix([normalise(text) for text, _ in pairs])
    linear = fit_logistic(vectors, np.array([numbers[label] for _, label in pairs]), len(labels), c=_FIELD_C)
    return Field(tuple(labels), linear.weights, linear.bias)


def draw_shop(
    half: Half, dialogue: Sequence[Row], field: Field, embeddings: EmbeddingCache, rng: random.Random, number: int
) -> Iterator[Asked]:
    """Make one shop, ask it, and tell what was compared."""
    thickness = _THICKNESS[number % len(_THICKNESS)]
    names = rng.sample(sorted(half.asks), min(rng.choice(_SIZES), len(half.asks) * 2 // 3))
    entries: list[FaqEntry] = []
    asked: list[tuple[str, str, str, int]] = []
    joined: set[str] = set()
    for name in names:
        if name in joined:
            continue
        own = [half.asks[name]]
        friend = next((one for one in own[0].near if one in half.asks and one not in names), None)
        if friend and rng.random() < _JOINED:
            own.append(half.asks[friend])
            joined.add(friend)
        count = rng.choice(thickness)
        entry, messages = _entry(name, own, half, count, rng)
        entries.append(entry)
        asked += [(f"{FAQ_PREFIX}{name}", language, text, count) for language, text in messages]
    strangers = [name for name in half.asks if name not in names and name not in joined]
    for name in rng.sample(strangers, min(_STRANGERS, len(strangers))):
        for language, text in half.asks[name].texts.items():
            some = rng.sample(text.phrasings, min(_ASKED_OF_STRANGER, len(text.phrasings)))
            asked += [("", language, one, -1) for one in some]
    held = set(rng.sample(half.asks_talk, round(len(half.asks_talk) * _DIALOGUE_SHARE)))
    asked += [(row.label, row.language, row.text, 100) for row in half.asks_talk if row in held]
    talk = [row for row in dialogue if row not in held]
    index = build_index(with_names([*talk, *faq_rows(entries)]), embeddings, field)
    yield from ask(index, asked, embeddings)


def ask(index: Index, asked: Sequence[tuple[str, str, str, int]], embeddings: EmbeddingCache) -> Iterator[Asked]:
    """``asked``: label, language, text, number of phrasings its entry has."""
    texts = [normalise(text) or "?" for _, _, text, _ in asked]
    vectors = embeddings.matrix(texts)
    numbers = {label: number for number, label in enumerate(index.labels)}
    outside = outside_of(index.labels)
    for (label, language, _, count), text, vector in zip(asked, texts, vectors, strict=True):
        query = Query(text, tuple(terms(text)), vector, language)
        features = index.features.of(query.text, query.terms, query.vector, query.language)
        found = Matched(np.zeros(0), features, index.features.words.unknown_share(query.terms))
        yield Asked(query, found, numbers.get(label, -1), outside, count)


def _entry(
    name: str, topics: Sequence[Topic], half: Half, count: int, rng: random.Random
) -> tuple[FaqEntry, list[tuple[str, str]]]:
    """An entry as an editor may write it, and messages for it that it does not hold."""
    texts: dict[str, FaqText] = {}
    messages: list[tuple[str, str]] = []
    languages = sorted(topics[0].texts)
    written = [rng.choice(languages)] if rng.random() < _ONE_LANGUAGE else languages
    for language in languages:
        held: list[str] = []
        left: list[str] = []
        for topic in topics:
            own = list(topic.texts[language].phrasings)
            rng.shuffle(own)
            held += own[: _ASKED_OF_ENTRY]
            left += own[_ASKED_OF_ENTRY :]
        rng.shuffle(left)
        messages += [(language, text) for text in held]
        if language not in written:
            continue
        if count >= len(left):
            left += [one for topic in topics for one in half.taught[topic.id].texts[language].phrasings]
        title = topics[0].texts[language].title
        if left and rng.random() < 0.3:
            title = left.pop()
        answer = "" if rng.random() < _EMPTY else "\n\n".join(topic.texts[language].answer for topic in topics)
        texts[language] = FaqText(title, tuple(left[:count]), answer, "", 0)
    return FaqEntry(name, "", texts), messages


def fit_matcher(shops: Sequence[Sequence[Asked]]) -> Matcher:
    """Makes the right label of each message the most likely one of its shop."""
    known = [[one for one in shop if one.truth >= 0] for shop in shops]
    stacks = [(np.stack([one.found.features for one in shop]), np.array([one.truth for one in shop])) for shop in known]
    flat = np.concatenate([features.reshape(-1, len(FEATURES)) for features, _ in stacks])
    mean, scale = flat.mean(axis=0), flat.std(axis=0) + 1e-6
    ready = [(((features - mean) / scale).astype(np.float32), truths) for features, truths in stacks]
    size = len(FEATURES)
    start = np.random.default_rng(0).normal(0, 0.3, size * _HIDDEN + 2 * _HIDDEN + size)
    solved = minimize(_loss, start, args=(ready, size), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    inner, bias, outer, direct = _unpack(solved, size)
    return Matcher(mean, scale, *(one.astype(np.float32) for one in (inner, bias, outer, direct)))


def _unpack(flat: Array, size: int) -> tuple[Array, Array, Array, Array]:
    cuts = np.cumsum([size * _HIDDEN, _HIDDEN, _HIDDEN])
    inner, bias, outer, direct = np.split(flat, cuts)
    return inner.reshape(size, _HIDDEN), bias, outer, direct


def _loss(flat: Array, shops: Sequence[tuple[Array, Array]], size: int) -> tuple[float, Array]:
    """Mean cross-entropy over messages, each shop alike, and its gradient."""
    inner, bias, outer, direct = (one.astype(np.float32) for one in _unpack(flat, size))
    total, gradient = 0.0, np.zeros_like(flat)
    for z, truths in shops:
        hidden = np.tanh(z @ inner + bias)
        scores = hidden @ outer + z @ direct
        scores -= scores.max(axis=1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(axis=1, keepdims=True)
        rows = np.arange(len(truths))
        total -= float(np.log(p[rows, truths] + 1e-9).mean()) / len(shops)
        error = p
        error[rows, truths] -= 1
        error /= len(truths) * len(shops)
        back = error[..., None] * outer * (1 - hidden**2)
        flat_z, flat_back = z.reshape(-1, size), back.reshape(-1, _HIDDEN)
        first = (flat_z.T @ flat_back).ravel(), flat_back.sum(axis=0)
        gradient += np.concatenate([*first, np.tensordot(error, hidden, 2), np.tensordot(error, z, 2)])
    return total + _DECAY * float(flat @ flat), gradient + 2 * _DECAY * flat


def _calibrate(shops: Sequence[Sequence[Asked]]) -> Confidence:
    """Each half of the shops is judged by a matcher that was fitted on the other half."""
    signals: list[list[float]] = []
    rows: list[tuple[bool, bool, int]] = []
    for side in (0, 1):
        matcher = fit_matcher([shop for number, shop in enumerate(shops) if number % 2 != side])
        for shop in (shop for number, shop in enumerate(shops) if number % 2 == side):
            for one in shop:
                found = replace(one.found, p=matcher.probabilities(one.found.features))
                top = np.argsort(-found.p)[:3].tolist()
                signals.append(match_signals(one.query, found, top[0], one.outside))
                right = top[0] == (one.truth if one.truth >= 0 else one.outside)
                kind = HELD_OUT if one.truth < 0 else OUTSIDE if one.truth == one.outside else KNOWN
                rows.append((right, one.truth in top, kind))
    right, among, kinds = (np.array(column) for column in zip(*rows, strict=True))
    return fit_confidence(np.array(signals), right, among, kinds, _UNKNOWN_SHARE)
