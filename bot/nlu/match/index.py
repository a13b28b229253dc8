"""Everything that is matched: dialogue examples and FAQ entries as rows of one index, labels on one scale."""
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bot.nlu.match.bm25 import prepared
from bot.nlu.match.features import Features, split
from bot.nlu.match.field import Field
from bot.nlu.match.matcher import Matcher
from bot.nlu.match.rows import Row
from bot.nlu.match.store import Array
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.spelling import Speller
from bot.nlu.text.text import words


@dataclass(frozen=True, slots=True)
class Query:
    """A normalised text with all that scorers need of it, made once."""

    text: str
    terms: tuple[str, ...]
    vector: Array
    language: str


@dataclass(frozen=True, slots=True)
class Matched:
    """``p``: one probability a label; ``features``: labels × FEATURES that led to it."""

    p: Array
    features: Array
    unknown_share: float


@dataclass
class Index:
    """Rows sorted by label.

    Attributes:
        rows, texts, matrix: what shoppers say: the rows, normalised, and their embeddings.
        told, groups: sentences of answers, and what stands above entries.
        vectors: embeddings of ``rows`` and then of ``told``.
        exact: the label of texts that stand under one label alone.
    """

    rows: tuple[Row, ...]
    told: tuple[Row, ...]
    groups: tuple[Row, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    row_labels: Array
    languages: Array
    vectors: Array
    features: Features
    exact: dict[str, int]

    @property
    def matrix(self) -> Array:
        return self.vectors[: len(self.rows)]

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """What `build_index` makes the same index from, with ``vectors``."""
        return (*self.rows, *self.told, *self.groups)

    @cached_property
    def speller(self) -> Speller:
        """Made for the first message and not for the publication, which would wait for it."""
        return Speller(self.texts)

    def match(self, query: Query, matcher: Matcher) -> Matched:
        """Compare with every label."""
        features = self.features.of(query.text, query.terms, query.vector, query.language)
        return Matched(matcher.probabilities(features), features, self.features.words.unknown_share(query.terms))


def build_index(
    rows: Sequence[Row], embeddings: EmbeddingCache | None, field: Field, *, vectors: Array | None = None
) -> Index:
    """Encodes what the cache does not know yet. ``rows`` must hold at least one that is asked.

    Args:
        embeddings: may be None where ``vectors`` is given.
        vectors: those of an index over the very same rows; the cache learns them.
    """
    asked, told, groups = split(sorted(rows, key=lambda row: (row.label, row.language, row.kind, row.text)))
    texts = [prepared(row.text)[0] for row in (*asked, *told)]
    if vectors is None:
        assert embeddings is not None
        vectors = embeddings.matrix(texts)
    elif embeddings is not None:
        embeddings.learn(dict(zip(texts, vectors, strict=True)))
    labels = tuple(sorted({row.label for row in asked}))
    told = [row for row in told if row.label in set(labels)]
    numbers = {label: number for number, label in enumerate(labels)}
    row_labels = np.array([numbers[row.label] for row in asked], dtype=np.int64)
    return Index(
        rows=tuple(asked),
        told=tuple(told),
        groups=tuple(groups),
        texts=tuple(texts[: len(asked)]),
        labels=labels,
        row_labels=row_labels,
        languages=np.array([row.language for row in asked]),
        vectors=vectors,
        features=Features(labels, asked, told, vectors, groups, field),
        exact=_exact(texts[: len(asked)], row_labels),
    )


def _exact(texts: Sequence[str], row_labels: Array) -> dict[str, int]:
    """The label of each text that stands under one label alone."""
    found: dict[str, set[int]] = {}
    for text, label in zip(texts, row_labels.tolist(), strict=True):
        found.setdefault(exact_key(text), set()).add(label)
    return {key: min(labels) for key, labels in found.items() if len(labels) == 1}


@lru_cache(maxsize=50_000)
def exact_key(text: str) -> str:
    """Two normalised texts with the same words in the same order say the same; punctuation does not count."""
    return " ".join(words(text)) or text
