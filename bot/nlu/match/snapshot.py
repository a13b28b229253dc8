"""One immutable snapshot: rows, scorers, calibration and bands that belong together, read once a message."""
from dataclasses import dataclass

import numpy as np

from bot.model.understanding import Band, Candidate
from bot.nlu.match.bm25 import terms
from bot.nlu.match.confidence import Bands, Confidence
from bot.nlu.match.head import Head, trust
from bot.nlu.match.index import Index, Query, exact_key
from bot.nlu.match.knowledge import Knowledge
from bot.nlu.match.rows import faq_id_of, intent_of
from bot.nlu.match.signals import MATCH_SIGNALS, head_signals, match_signals, outside_of
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
        knowledge: what the framework brings: it reads every entry, also one that was saved a second ago.
        matching: the bands of that reading, for what the shop asks of them.
        trained: what the shop's own rows add where they are many; None until it is fitted for these rows.
        faq_version: id of the publication (or of the files at training) that the rows are from.
        model: id of the trained model.
    """

    index: Index
    embeddings: EmbeddingCache
    knowledge: Knowledge
    matching: Scorer
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
        found = self.index.match(query, self.knowledge.matcher)
        p, share, scores = found.p, 0.0, None
        if self.trained is not None:
            share = trust(found.p, self.index.features.counts)
            scores = self.trained.head.score(query, found, share)
            p = scores.fused
        best, outside = int(np.argmax(p)), outside_of(self.index.labels)
        numbers = match_signals(query, found, best, outside)
        confidence = self.matching.confidence.of(numbers)
        above = _above(self.matching, confidence)
        if self.trained is not None and scores is not None and share > 0:
            by_head = self.trained.scorer.confidence.of(
                head_signals(query, found, scores.letters, scores.meaning, p, outside)
            )
            above = (1 - share) * above + share * _above(self.trained.scorer, by_head)
            confidence = (1 - share) * confidence + share * by_head
        band = Band.ANSWER if above[0] >= 0 else Band.OFFER if above[1] >= 0 else Band.HAND_OVER
        told = self.index.exact.get(exact_key(query.text))
        if told is not None:
            # The very words of an example: what its author said they mean.
            p = 0.02 * p
            p[told] += 0.98
            confidence, band = max(confidence, EXACT), Band.ANSWER
        signals = {name: round(float(number), 4) for name, number in zip(MATCH_SIGNALS, numbers, strict=True)}
        return Reading(
            label=self.index.labels[int(np.argmax(p))],
            confidence=confidence,
            band=band,
            candidates=self._candidates(p, confidence),
            signals={**signals, "head_share": round(share, 4)},
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


def _above(scorer: Scorer, confidence: float) -> Array:
    """How far a confidence lies above the borders of *answer* and *offer*, in logits, which two scorers can share."""
    return np.array([_logit(confidence) - _logit(scorer.bands.answer), _logit(confidence) - _logit(scorer.bands.offer)])


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))
