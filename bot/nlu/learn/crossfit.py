"""Rows left out, and whole labels left out: what the pipeline would say to messages it has not been taught."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bot.nlu.match.bm25 import terms
from bot.nlu.match.field import Field, half_of
from bot.nlu.match.head import trust
from bot.nlu.match.index import Index, Matched, Query, build_index
from bot.nlu.match.knowledge import Knowledge
from bot.nlu.match.linear import Linear, fit_logistic, fit_svm
from bot.nlu.match.rows import is_name
from bot.nlu.match.store import Array
from bot.nlu.text.ngrams import Vectoriser

FOLDS = 5
#: Rows judged in a fold; more would cost time and tell nothing new.
_MOST_JUDGED = 1_500
_SEED = 7
#: Cosine from which two rows of a label count as copies of each other, or as one said in two languages.
_COPY, _TRANSLATION = 0.9, 0.85


@dataclass(frozen=True, slots=True)
class Held:
    """One row seen by models that had not seen it (``known``) nor anything of its label (not ``known``)."""

    query: Query
    found: Matched
    letters: Array
    meaning: Array
    share: float
    truth: int
    known: bool


def queries(index: Index) -> list[Query]:
    """Each row as if a shopper had written it."""
    return [
        Query(text, tuple(terms(text)), index.matrix[number], str(index.languages[number]))
        for number, text in enumerate(index.texts)
    ]


def row_folds(index: Index) -> Array:
    """A fold for each row, spread evenly within each label; near-copies, translations and equal texts stay together.

    Who writes ten phrasings writes some of them twice. A row that its own copy has taught is no stranger, and a
    calibration drawn from such rows promises too much. Names of intents are in no fold (-1): they only teach.
    """
    rng = np.random.default_rng(_SEED)
    folds = np.zeros(len(index.rows), dtype=np.int64)
    by_text: dict[str, int] = {}
    for label in range(len(index.labels)):
        rows = np.flatnonzero(index.row_labels == label)
        rng.shuffle(rows)
        filled = np.zeros(FOLDS, dtype=np.int64)
        offset = int(rng.integers(FOLDS))
        for group in _groups(index.matrix[rows], index.languages[rows]):
            own = rows[group].tolist()
            lightest = (int(np.argmin(np.roll(filled, -offset))) + offset) % FOLDS
            fold = next((by_text[index.texts[row]] for row in own if index.texts[row] in by_text), lightest)
            for row in own:
                folds[row] = by_text.setdefault(index.texts[row], fold)
                filled[folds[row]] += 1
    folds[[is_name(row) for row in index.rows]] = -1
    return folds


def _groups(vectors: Array, languages: Array) -> list[Array]:
    """Row numbers of one label in groups of rows that say the same in nearly the same words; the largest first."""
    cosines = vectors @ vectors.T
    same = languages[:, None] == languages[None, :]
    near = coo_matrix(np.where(same, cosines >= _COPY, cosines >= _TRANSLATION))
    _, numbers = connected_components(near, directed=False)
    groups = [np.flatnonzero(numbers == number) for number in range(int(numbers.max()) + 1)]
    return sorted(groups, key=len, reverse=True)


def label_folds(index: Index) -> Array:
    """A fold for each label, in which it is unknown. One label alone is never left out."""
    if len(index.labels) < 3:
        return np.full(len(index.labels), -1)
    return np.random.default_rng(_SEED).permutation(len(index.labels)) % FOLDS


def splits(index: Index) -> Iterator[tuple[Array, Array]]:
    """For each fold: rows to learn from, and rows to be judged (left out themselves, or with their label)."""
    folds, strangers = row_folds(index), label_folds(index)[index.row_labels]
    for fold in range(FOLDS):
        hidden = (folds == fold) | (strangers == fold)
        if hidden.any() and not hidden.all():
            yield ~hidden, hidden & (folds >= 0)


def cross_fit(index: Index, features: "tuple[Vectoriser, object]", knowledge: Knowledge) -> list[Held]:
    """Judge every row in each fold that leaves it out.

    The vocabulary is that of all rows: fitting it per fold costs time and changes next to nothing, because a gram
    that no training row holds has weight 0.
    """
    _, matrix = features
    asked = queries(index)
    held: list[Held] = []
    for learnt, judged in splits(index):
        letters, meaning = fit_pair(matrix, index, learnt)
        where = np.flatnonzero(judged)
        where = np.sort(np.random.default_rng(_SEED).permutation(where)[:_MOST_JUDGED])
        letter_logits, meaning_logits = letters.logits(matrix[where]), meaning.logits(index.matrix[where])  # type: ignore[index]
        # A row is judged with the field that was not taught its half of the library.
        without = [_without(index, learnt, knowledge.halves[1 - half]) for half in (0, 1)]
        for position, row in enumerate(where.tolist()):
            smaller, present = without[half_of(index.texts[row])]
            found = _spread(smaller.match(asked[row], knowledge.matcher), present, len(index.labels))
            share = trust(found.p, np.bincount(index.row_labels[learnt], minlength=len(index.labels)))
            truth = int(index.row_labels[row])
            known = bool(present[truth])
            held.append(
                Held(asked[row], found, letter_logits[position], meaning_logits[position], share, truth, known)
            )
    return held


def _without(index: Index, learnt: Array, field: Field) -> tuple[Index, Array]:
    """The index of the rows marked True, with the answers of the labels that are left, and which these are."""
    rows = [row for row, kept in zip(index.rows, learnt.tolist(), strict=True) if kept]
    left = {row.label for row in rows}
    told = [number for number, row in enumerate(index.told) if row.label in left]
    vectors = np.concatenate([index.matrix[learnt], index.vectors[len(index.rows) :][told]])
    groups = [row for row in index.groups if row.label in left]
    smaller = build_index([*rows, *(index.told[n] for n in told), *groups], None, field, vectors=vectors)
    return smaller, np.array([label in left for label in index.labels])


def _spread(found: Matched, present: Array, size: int) -> Matched:
    """What a smaller index said, in terms of all labels."""
    p = np.full(size, 1e-6, dtype=np.float32)
    p[present] = found.p
    features = np.zeros((size, found.features.shape[1]), dtype=np.float32)
    features[present] = found.features
    return replace(found, p=p, features=features)


def fit_pair(matrix: object, index: Index, learnt: Array) -> tuple[Linear, Linear]:
    """The letters' and the meaning's model on the rows marked True."""
    targets, classes = index.row_labels[learnt], len(index.labels)
    letters = fit_svm(matrix[np.flatnonzero(learnt)], targets, classes)  # type: ignore[index]
    return letters, fit_logistic(index.matrix[learnt], targets, classes)
