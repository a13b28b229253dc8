"""Likeness of spelling: TF-IDF over the letters within words, one text against many at once."""
import threading
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

from bot.nlu.match.store import Array
from bot.nlu.text.ngrams import grams_of, letter_grams

#: A number for each gram this process has met: texts keep their grams as numbers, and a publication counts them again
#: without reading letters.
_numbers: dict[str, int] = {}
_lock = threading.Lock()


@lru_cache(maxsize=60_000)
def _grams(text: str) -> tuple[Array, Array]:
    """Numbers of a row's grams, and how much each counts in it (1 + log of its number)."""
    counts = Counter(letter_grams(text))
    with _lock:
        where = np.array([_numbers.setdefault(gram, len(_numbers)) for gram in counts], dtype=np.int64)
    return where, 1 + np.log(np.array(list(counts.values()), dtype=np.float32))


class Letters:
    """An inverted index of letter n-grams. Grams that no text holds count as rare ones in the message's length."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        pairs = [_grams(text) for text in texts]
        lengths = np.array([len(where) for where, _ in pairs], dtype=np.int64)
        self._columns: dict[int, int] = {}
        self._rare = float(np.log(1 + self._size)) + 1
        if not lengths.sum():
            return
        met, where = np.unique(np.concatenate([where for where, _ in pairs]), return_inverse=True)
        held = np.bincount(where)
        self._idf = (np.log((1 + self._size) / (1 + held)) + 1).astype(np.float32)
        values = np.concatenate([weights for _, weights in pairs]) * self._idf[where]
        rows = np.repeat(np.arange(self._size), lengths)
        norms = np.sqrt(np.bincount(rows, values * values, minlength=self._size))
        values = (values / np.maximum(norms[rows], 1e-9)).astype(np.float32)
        columns = sparse.csc_matrix((values, (rows, where)), shape=(self._size, len(met)))
        self._columns = {number: column for column, number in enumerate(met.tolist())}
        self._indptr, self._rows, self._values = columns.indptr, columns.indices, columns.data

    def likeness(self, text: str) -> Array:
        """Cosine with each text, 0 to 1."""
        norm, pieces, weights = 0.0, [], []
        for gram, count in Counter(grams_of(text)[1]).items():
            column = self._columns.get(_numbers.get(gram, -1))
            weight = (1 + float(np.log(count))) * (self._rare if column is None else float(self._idf[column]))
            norm += weight * weight
            if column is not None:
                start, end = self._indptr[column], self._indptr[column + 1]
                pieces.append(self._rows[start:end])
                weights.append(self._values[start:end] * np.float32(weight))
        if not pieces:
            return np.zeros(self._size, dtype=np.float32)
        total = np.bincount(np.concatenate(pieces), np.concatenate(weights), minlength=self._size)
        return np.asarray(total / np.sqrt(norm), dtype=np.float32)
