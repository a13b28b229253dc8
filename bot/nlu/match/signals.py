"""What tells a right reading from a wrong one: the numbers that the calibrated confidence looks at.

None of them may depend on how many labels or rows there are: what teaches the calibration has fewer of both.
"""
import numpy as np

from bot.nlu.match.features import FEATURES
from bot.nlu.match.index import Matched, Query
from bot.nlu.match.linear import log_softmax
from bot.nlu.match.rows import OUT_OF_SCOPE
from bot.nlu.match.store import Array

#: Features of the best label that are told as they are, and those by which it leads the second.
_OWN = ("nearest", "typical", "mean", "letters", "words", "answer", "answer_letters", "coverage", "title", "field",
        "field_told", "examples", "dialogue")
_LEAD = ("nearest", "mean", "letters", "words", "answer", "coverage", "title", "field")
_OWN_AT = [FEATURES.index(name) for name in _OWN]
_LEAD_AT = [FEATURES.index(name) for name in _LEAD]
MATCH_SIGNALS = (
    "match", "match_margin", "match_entropy", "outside", "unknown_words", "length", "thinness", "agreement",
    *_OWN, *(f"{name}_lead" for name in _LEAD), "thin_nearest", "thin_coverage", "thin_match",
)
HEAD_SIGNALS = (
    "fused", "fused_margin", "fused_entropy", "letters_logit", "letters_margin", "letters_agrees", "meaning",
    "meaning_margin", "meaning_agrees", "match_of_best", "nearest_of_best",
    *MATCH_SIGNALS,
)
_NEAREST = FEATURES.index("nearest")
_EXAMPLES = FEATURES.index("examples")


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


def match_signals(query: Query, found: Matched, best: int, outside: int) -> list[float]:
    """``best``: number of the label that is judged; ``outside``: that of out_of_scope, -1 where there is none."""
    p, features = found.p, found.features
    own = features[best]
    leads = [_margin(features[:, column], best) for column in _LEAD_AT]
    thinness = 1.0 / (1.0 + float(np.expm1(own[_EXAMPLES])))
    match = _logit(float(p[best]))
    return [
        match,
        _margin(np.log(p + 1e-9), best),
        _entropy(p),
        float(p[outside]) if outside >= 0 else 0.0,
        found.unknown_share,
        float(np.log1p(len(query.terms))),
        thinness,
        sum(lead >= 0 for lead in leads) / len(leads),
        *own[_OWN_AT].tolist(),
        *leads,
        thinness * float(own[_NEAREST]),
        thinness * float(own[FEATURES.index("coverage")]),
        thinness * match,
    ]


def head_signals(
    query: Query, found: Matched, letters: Array, meaning: Array, fused: Array, outside: int
) -> list[float]:
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
        float(found.p[best]),
        float(found.features[best, _NEAREST]),
        *match_signals(query, found, best, outside),
    ]


def outside_of(labels: tuple[str, ...]) -> int:
    return labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else -1
