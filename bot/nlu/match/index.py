"""Live retrieval: dialogue examples and FAQ phrasings as rows of one index, labels on one scale."""
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from bot.nlu.match.bm25 import Bm25, prepared
from bot.nlu.match.rows import Row
from bot.nlu.match.store import Array
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.spelling import Speller
from bot.nlu.text.text import words

#: How many rows vote.
NEIGHBOURS = 20
#: What a row of the other language loses: a translation helps where the message's own language has nothing.
FOREIGN_PENALTY = 0.1
#: Probability of a label that no neighbour voted for.
FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Mix:
    """How embedding and words are weighed for one language; chosen on rows left out."""

    embedding: float = 0.8
    temperature: float = 0.06


@dataclass(frozen=True, slots=True)
class Query:
    """A normalised text with all that scorers need of it, made once."""

    text: str
    terms: tuple[str, ...]
    vector: Array
    language: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """``vote``: one probability a label. ``nearest``, ``bm25``: best row of each label, -1 without one."""

    vote: Array
    nearest: Array
    bm25: Array
    unknown_share: float


@dataclass
class Index:
    """Rows sorted by label, so that the best row of each label is one reduction.

    ``exact``: the label of texts that stand under one label alone.
    """

    rows: tuple[Row, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    row_labels: Array
    starts: Array
    languages: Array
    matrix: Array
    bm25: Bm25
    exact: dict[str, int]
    foreign: dict[str, Array] = field(default_factory=dict)

    @cached_property
    def speller(self) -> Speller:
        """Made for the first message and not for the publication, which would wait for it."""
        return Speller(self.texts)

    def penalty(self, language: str) -> Array:
        """What each row loses against a message in ``language``; none where the message is in neither."""
        if language not in self.foreign:
            other = (self.languages != language) & (self.languages != "")
            self.foreign[language] = np.where(other, FOREIGN_PENALTY, 0.0).astype(np.float32)
        return self.foreign[language]

    def similarities(self, query: Query, cosine: Array | None = None) -> tuple[Array, Array]:
        """Cosine and BM25 of each row with the query. ``cosine``: where it was computed for many at once."""
        cosine = self.matrix @ query.vector if cosine is None else cosine
        if query.language in ("it", "en"):
            cosine = cosine - self.penalty(query.language)
        return cosine, self.bm25.scores(query.terms)

    def retrieve(
        self, query: Query, mix: Mix, *, without: Array | None = None, cosine: Array | None = None
    ) -> Retrieved:
        """Ask the index. ``without``: rows to leave out (True), for honest calibration."""
        cosine, bm25 = self.similarities(query, cosine)
        if without is not None:
            cosine, bm25 = np.where(without, -1, cosine), np.where(without, 0, bm25)
        return Retrieved(
            vote=self.vote(cosine, bm25, mix, without),
            nearest=np.maximum.reduceat(cosine, self.starts),
            bm25=np.maximum.reduceat(bm25, self.starts),
            unknown_share=self.bm25.unknown_share(query.terms, without),
        )

    def vote(self, cosine: Array, bm25: Array, mix: Mix, without: Array | None = None) -> Array:
        """Soft vote of the nearest rows; sums to 1."""
        scores = mix.embedding * cosine + (1 - mix.embedding) * bm25
        if without is not None:
            scores = np.where(without, -1, scores)
        top = np.argpartition(scores, -min(NEIGHBOURS, len(scores)))[-NEIGHBOURS:]
        weights = np.exp((scores[top] - scores[top].max()) / mix.temperature)
        votes = np.bincount(self.row_labels[top], weights, minlength=len(self.labels)) + FLOOR
        return (votes / votes.sum()).astype(np.float32)


def build_index(rows: Sequence[Row], embeddings: EmbeddingCache | None, *, matrix: Array | None = None) -> Index:
    """Encodes what the cache does not know yet. ``rows`` must not be empty.

    Args:
        embeddings: may be None where ``matrix`` is given.
        matrix: the embeddings of an index over the very same rows; the cache learns them.
    """
    ordered = tuple(sorted(rows, key=lambda row: (row.label, row.language, row.text)))
    texts, documents = zip(*(prepared(row.text) for row in ordered), strict=True)
    if matrix is None:
        assert embeddings is not None
        matrix = embeddings.matrix(texts)
    elif embeddings is not None:
        embeddings.learn(dict(zip(texts, matrix, strict=True)))
    labels = tuple(sorted({row.label for row in ordered}))
    numbers = {label: number for number, label in enumerate(labels)}
    row_labels = np.array([numbers[row.label] for row in ordered], dtype=np.int64)
    return Index(
        rows=ordered,
        texts=texts,
        labels=labels,
        row_labels=row_labels,
        starts=np.searchsorted(row_labels, np.arange(len(labels))),
        languages=np.array([row.language for row in ordered]),
        matrix=matrix,
        bm25=Bm25(documents),
        exact=_exact(texts, row_labels),
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
