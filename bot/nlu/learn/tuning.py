"""Weights chosen on rows left out: per language, and 0 is a possible weight."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from bot.nlu.learn.crossfit import Held
from bot.nlu.match.head import Fusion
from bot.nlu.match.store import Array

#: A language with fewer rows takes the weights of all rows together.
_LEAST_ROWS = 60
#: Rows that are enough to choose two numbers.
_MOST_ROWS = 1_500
_SHARPNESS = (3.0, 5.0)
_MEANING = (0.0, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_MATCHED = (0.0, 0.15, 0.3, 0.5)
_FINAL = (0.7, 1.0, 1.3, 1.7, 2.2, 3.0)
#: Few rows must not choose far from what few-shot draws of BANKING77, HWU64 and small talk have in common: this share
#: of meaning and nothing of the matcher. A whole unit away costs as much as so many rows each read a nat worse.
_USUAL, _PRIOR_ROWS = 0.75, 300.0


def _languages(of_rows: Array) -> list[str]:
    return [language for language in ("it", "en") if int((of_rows == language).sum()) >= _LEAST_ROWS]


def tune_fusions(held: Sequence[Held]) -> dict[str, Fusion]:
    """How each language weighs letters, meaning and matcher; '' serves all others."""
    known = [row for row in held if row.known]
    if not known:
        return {"": Fusion()}
    known = [known[row] for row in np.random.default_rng(2).permutation(len(known))[:_MOST_ROWS]]
    chosen = {"": _tune_fusion(known)}
    for language in _languages(np.array([row.query.language for row in known])):
        chosen[language] = _tune_fusion([row for row in known if row.query.language == language])
    return chosen


def _tune_fusion(held: Sequence[Held]) -> Fusion:
    letters = np.stack([row.letters for row in held])
    meaning = np.stack([row.meaning for row in held])
    matched = np.stack([row.found.p for row in held])
    truth = np.array([row.truth for row in held])

    candidates = (
        Fusion((1 - meaning_weight) * (1 - weight), meaning_weight * (1 - weight), weight, sharpness, factor)
        for meaning_weight, weight, sharpness, factor in product(_MEANING, _MATCHED, _SHARPNESS, _FINAL)
    )
    def cost(fusion: Fusion) -> float:
        # The loss and not the accuracy: with few rows the one tells neighbours apart where the other cannot.
        away = (fusion.meaning / (1 - fusion.matched) - _USUAL) ** 2 + fusion.matched**2
        return _loss(fusion.fuse(letters, meaning, matched), truth) + _PRIOR_ROWS * away / len(held)

    return min(candidates, key=cost)


def _loss(p: Array, truth: Array) -> float:
    return float(-np.log(p[np.arange(len(truth)), truth] + 1e-6).mean())
