"""What tells a right reading from a wrong one: the numbers that the calibrated confidence looks at.

None of them may depend on how many labels or rows there are: the folds that teach the calibration have fewer of both.
"""
import numpy as np

from bot.nlu.match.index import Query, Retrieved
from bot.nlu.match.linear import log_softmax
from bot.nlu.match.store import Array

RETRIEVAL_SIGNALS = (
    "vote", "vote_margin", "vote_entropy", "nearest", "nearest_margin", "nearest_agrees", "bm25", "bm25_margin",
    "bm25_agrees", "unknown_words", "length",
)
HEAD_SIGNALS = (
    "fused", "fused_margin", "fused_entropy", "letters", "letters_margin", "letters_agrees", "meaning",
    "meaning_margin", "meaning_agrees", "vote_of_best", "nearest_of_best",
    *RETRIEVAL_SIGNALS,
)


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


def _margin(values: Array, best: int) -> float:
    """``best``'s value over the best of all others; negative where another leads."""
    if len(values) == 1:
        return float(values[0])
    top = int(np.argmax(values))
    if top != best:
        return float(values[best] - values[top])
    return float(values[best] - np.partition(values, -2)[-2])


def _entropy(p: Array) -> float:
    return float(-(p * np.log(p + 1e-9)).sum())


def retrieval_signals(query: Query, found: Retrieved) -> list[float]:
    best = int(np.argmax(found.vote))
    return [
        _logit(float(found.vote[best])),
        _margin(found.vote, best),
        _entropy(found.vote),
        float(found.nearest[best]),
        _margin(found.nearest, best),
        float(int(np.argmax(found.nearest)) == best),
        float(found.bm25[best]),
        _margin(found.bm25, best),
        float(int(np.argmax(found.bm25)) == best),
        found.unknown_share,
        float(np.log1p(len(query.terms))),
    ]


def head_signals(query: Query, found: Retrieved, letters: Array, meaning: Array, fused: Array) -> list[float]:
    """``letters``, ``meaning``: logits of the two linear models; ``fused``: probabilities."""
    best = int(np.argmax(fused))
    return [
        _logit(float(fused[best])),
        _margin(np.log(fused + 1e-9), best),
        _entropy(fused),
        float(letters[best]),
        _margin(letters, best),
        float(int(np.argmax(letters)) == best),
        float(log_softmax(meaning)[best]),
        _margin(meaning, best),
        float(int(np.argmax(meaning)) == best),
        float(found.vote[best]),
        float(found.nearest[best]),
        *retrieval_signals(query, found),
    ]
