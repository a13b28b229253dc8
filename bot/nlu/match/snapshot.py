"""One immutable snapshot: rows, scorers, calibration and bands that belong together, read once a message."""
from dataclasses import dataclass

import numpy as np

from bot.model.understanding import Band, Candidate
from bot.nlu.learn.crossfit import mix_of
from bot.nlu.match.bm25 import terms
from bot.nlu.match.confidence import Bands, Confidence
from bot.nlu.match.head import Head
from bot.nlu.match.index import Index, Mix, Query, exact_key
from bot.nlu.match.rows import faq_id_of, intent_of
from bot.nlu.match.signals import HEAD_SIGNALS, RETRIEVAL_SIGNALS, head_signals, retrieval_signals
from bot.nlu.match.store import Array
from bot.nlu.text.embeddings import EmbeddingCache

_CANDIDATES = 10
#: Confidence of a message that is a row of the index, word for word.
EXACT = 0.99


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text means on the one scale, best label first."""

    label: str
    confidence: float
    band: Band
    candidates: tuple[Candidate, ...]
    signals: dict[str, float]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A calibration and the bands drawn from it."""

    confidence: Confidence
    bands: Bands


@dataclass(frozen=True, slots=True)
class Trained:
    """A head never travels without its own calibration."""

    head: Head
    scorer: Scorer


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that answers a message.

    Attributes:
        trained: None while only retrieval knows the publication.
        faq_version: id of the publication (or of the files at training) that the rows are from.
        model: id of the trained model that the calibration of retrieval is from.
    """

    index: Index
    embeddings: EmbeddingCache
    mixes: dict[str, Mix]
    retrieval: Scorer
    trained: Trained | None
    rows_id: str
    faq_version: str
    model: str

    def query(self, text: str, language: str) -> Query:
        """``text`` normalised, not empty. What was mistyped is read as it was meant."""
        text = self.index.speller.repair(text, self.embeddings.encoder.is_word)
        return Query(text, tuple(terms(text)), self.embeddings.vector(text), language)

    def read(self, query: Query) -> Reading:
        """What the text means; it should hold at least a letter."""
        found = self.index.retrieve(query, mix_of(self.mixes, query.language))
        names: tuple[str, ...] = RETRIEVAL_SIGNALS
        if self.trained is None:
            numbers, p, scorer = retrieval_signals(query, found), found.vote, self.retrieval
        else:
            scores = self.trained.head.score(query, found)
            numbers = head_signals(query, found, scores.letters, scores.meaning, scores.fused)
            p, scorer, names = scores.fused, self.trained.scorer, HEAD_SIGNALS
        confidence = scorer.confidence.of(numbers)
        band = scorer.bands.of(confidence)
        told = self.index.exact.get(exact_key(query.text))
        if told is not None:
            # The very words of an example: what its author said they mean.
            p = 0.02 * p
            p[told] += 0.98
            confidence, band = max(confidence, EXACT), Band.ANSWER
        return Reading(
            label=self.index.labels[int(np.argmax(p))],
            confidence=confidence,
            band=band,
            candidates=self._candidates(p, confidence),
            signals={name: round(float(number), 4) for name, number in zip(names, numbers, strict=True)},
        )

    def _candidates(self, p: Array, confidence: float) -> tuple[Candidate, ...]:
        """The best carries the calibrated confidence, the others share what is left in proportion."""
        order = np.argsort(-p, kind="stable")[:_CANDIDATES].tolist()
        rest = float(1 - p[order[0]]) or 1.0
        scores = [confidence, *((1 - confidence) * float(p[number]) / rest for number in order[1:])]
        return tuple(
            Candidate(intent_of(self.index.labels[number]), faq_id_of(self.index.labels[number]), round(score, 4))
            for number, score in zip(order, scores, strict=True)
        )
