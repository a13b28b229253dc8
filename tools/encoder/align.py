"""IBM model 1 over the pairs: which English pieces an Italian piece stands for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Pieces = Sequence[Sequence[int]]
NOTHING = 0
LONGEST = 40


class Alignment:
    """p(English piece | Italian piece) for the piece pairs that ever met, sparse."""

    def __init__(self, italian: NDArray[np.int64], english: NDArray[np.int64], chance: NDArray[np.float64]) -> None:
        order = np.argsort(italian, kind="stable")
        self._italian, self._english, self._chance = italian[order], english[order], chance[order]

    def english_of(self, piece: int, *, least: float = 0.02) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """English pieces and their shares (summing to 1, likelier than `least`); empty when never seen."""
        start, end = np.searchsorted(self._italian, [piece, piece + 1])
        english, chance = self._english[start:end], self._chance[start:end]
        strong = chance >= least
        english, chance = english[strong], chance[strong]
        return english, chance / chance.sum() if chance.size else chance


def meetings(italian: Pieces, english: Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Every (English position, Italian piece) of every pair; piece 0 stands for "translates nothing".

    Returns the number of the English position, the Italian and the English piece, one entry each.
    """
    places, italians, englishes = [], [], []
    position = 0
    for one, other in zip(italian, english, strict=True):
        one_pieces = np.array([NOTHING, *one[:LONGEST]], dtype=np.int32)
        other_pieces = np.array(other[:LONGEST], dtype=np.int32)
        count = len(other_pieces)
        places.append(np.repeat(np.arange(position, position + count, dtype=np.int32), len(one_pieces)))
        italians.append(np.tile(one_pieces, count))
        englishes.append(np.repeat(other_pieces, len(one_pieces)))
        position += count
    return (
        np.concatenate(places).astype(np.int64),
        np.concatenate(italians).astype(np.int64),
        np.concatenate(englishes).astype(np.int64),
    )


def align(italian: Pieces, english: Pieces, rounds: int) -> Alignment:
    """Expectation maximisation from a uniform start."""
    places, italians, englishes = meetings(italian, english)
    width = int(englishes.max()) + 1
    keys, entry = np.unique(italians * width + englishes, return_inverse=True)
    italian_of_key, english_of_key = keys // width, keys % width
    del italians, englishes
    chance = np.ones(len(keys))
    for _ in range(rounds):
        likely = chance[entry]
        likely /= np.bincount(places, weights=likely)[places]
        counts = np.bincount(entry, weights=likely, minlength=len(keys))
        chance = counts / np.bincount(italian_of_key, weights=counts)[italian_of_key]
    return Alignment(italian_of_key, english_of_key, chance)
