"""Weights chosen on rows left out: per language, and 0 is a possible weight."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from bot.nlu.learn.crossfit import Held, queries, row_folds
from bot.nlu.match.head import Fusion
from bot.nlu.match.index import Index, Mix
from bot.nlu.match.rows import is_name
from bot.nlu.match.store import Array

#: A language with fewer rows takes the weights of all rows together.
_LEAST_ROWS = 60
#: Rows that are enough to choose two numbers.
_MOST_ROWS = 1_500
_EMBEDDING = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0)
_TEMPERATURES = (0.03, 0.05, 0.08)
_SHARPNESS = (3.0, 5.0)
_MEANING = (0.0, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_VOTE = (0.0, 0.15)
_FINAL = (0.7, 1.0, 1.3, 1.7, 2.2, 3.0)
#: Few rows must not choose far from what few-shot draws of BANKING77, HWU64 and small talk have in common: this share
#: of meaning and no vote. A whole unit away costs as much as so many rows that are each read a nat worse.
_USUAL, _PRIOR_ROWS = 0.75, 300.0


def _languages(of_rows: Array) -> list[str]:
    return [language for language in ("it", "en") if int((of_rows == language).sum()) >= _LEAST_ROWS]


def tune_mixes(index: Index) -> dict[str, Mix]:
    """How each language weighs embedding and words in retrieval; '' serves all others."""
    languages = np.array([str(language) for language in index.languages])
    written = np.flatnonzero([not is_name(row) for row in index.rows])
    sample = np.random.default_rng(1).permutation(written)[:_MOST_ROWS]
    chosen = {"": _tune_mix(index, sample)}
    for language in _languages(languages[sample]):
        chosen[language] = _tune_mix(index, sample[languages[sample] == language])
    return chosen


def _tune_mix(index: Index, sample: Array) -> Mix:
    asked, folds = queries(index), row_folds(index)
    loss = {Mix(*values): 0.0 for values in product(_EMBEDDING, _TEMPERATURES)}
    cosines = index.matrix[sample] @ index.matrix.T
    for position, row in enumerate(sample.tolist()):
        without = folds == folds[row]
        if without.all():
            continue
        cosine, bm25 = index.similarities(asked[row], cosines[position])
        for mix in loss:
            vote = index.vote(cosine, bm25, mix, without)
            loss[mix] -= float(np.log(vote[index.row_labels[row]] + 1e-3))
    return min(loss, key=lambda mix: loss[mix])


def tune_fusions(held: Sequence[Held]) -> dict[str, Fusion]:
    """How each language weighs letters, meaning and vote; '' serves all others."""
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
    vote = np.stack([row.found.vote for row in held])
    truth = np.array([row.truth for row in held])

    candidates = (
        Fusion(
            (1 - meaning_weight) * (1 - vote_weight), meaning_weight * (1 - vote_weight), vote_weight, sharpness, factor
        )
        for meaning_weight, vote_weight, sharpness, factor in product(_MEANING, _VOTE, _SHARPNESS, _FINAL)
    )
    def cost(fusion: Fusion) -> float:
        # The loss and not the accuracy: with few rows the one tells neighbours apart where the other cannot.
        away = (fusion.meaning / (1 - fusion.vote) - _USUAL) ** 2 + fusion.vote**2
        return _loss(fusion.fuse(letters, meaning, vote), truth) + _PRIOR_ROWS * away / len(held)

    return min(candidates, key=cost)


def _loss(p: Array, truth: Array) -> float:
    return float(-np.log(p[np.arange(len(truth)), truth] + 1e-6).mean())
