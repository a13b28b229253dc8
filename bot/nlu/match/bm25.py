"""BM25 over short texts, whole-array per query."""
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bot.nlu.match.store import Array
from bot.nlu.text.text import normalise, words

_K1, _B = 1.2, 0.6


def stem(word: str) -> str:
    """A light stem for both languages: scarpa/scarpe, ordine/ordini, return/returns are one term."""
    if len(word) < 4 or word[-1].isdigit():
        return word
    if word.endswith("'"):
        return word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    if word.endswith("s"):
        return word[:-1].rstrip("e") or word
    return word.rstrip("aeiou") if len(word.rstrip("aeiou")) >= 3 else word


def terms(text: str) -> list[str]:
    """Stems of a normalised text."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=50_000)
def prepared(text: str) -> tuple[str, tuple[str, ...]]:
    """A row's text normalised, and its terms; remembered, because a publication changes few of many rows."""
    normal = normalise(text)
    return normal, tuple(terms(normal))


class Bm25:
    """Scores of one text against all documents; a document shared by no term scores 0."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        lengths = np.array([len(document) for document in documents], dtype=np.int64)
        counted = np.maximum(lengths, 1).astype(np.float32)
        mean = float(counted.mean()) if self.size else 1.0
        norm = _K1 * (1 - _B + _B * counted / mean)
        number: dict[str, int] = {}
        said = [number.setdefault(term, len(number)) for document in documents for term in document]
        # One key for each pair of term and document, sorted, so that each term's documents stand side by side.
        pairs = np.array(said, dtype=np.int64) * max(self.size, 1) + np.repeat(np.arange(self.size), lengths)
        keys, counts = np.unique(pairs, return_counts=True)
        rows = (keys % max(self.size, 1)).astype(np.int32)
        starts = np.searchsorted(keys // max(self.size, 1), np.arange(len(number) + 1))
        held_by = np.diff(starts)
        idf = np.log(1 + (self.size - held_by + 0.5) / (held_by + 0.5))
        tf = counts.astype(np.float32)
        weights = (np.repeat(idf, held_by) * tf * (_K1 + 1) / (tf + norm[rows])).astype(np.float32)
        self.idf: dict[str, float] = dict(zip(number, idf.tolist(), strict=True))
        self._postings: dict[str, tuple[Array, Array]] = {
            term: (rows[start:end], weights[start:end])
            for term, start, end in zip(number, starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        }

    def scores(self, query: Sequence[str]) -> Array:
        """Divided by the score of a document that holds every term once, so 0 to about 1 for any length of query."""
        total = np.zeros(self.size, dtype=np.float32)
        best = 0.0
        unknown = math.log(1 + self.size)
        for term in set(query):
            best += self.idf.get(term, unknown)
            found = self._postings.get(term)
            if found is not None:
                total[found[0]] += found[1]
        return total / max(best, 1e-6)

    def unknown_share(self, query: Sequence[str]) -> float:
        """Share of the query's terms that no document holds; 1 for an empty query."""
        return sum(term not in self.idf for term in query) / len(query) if query else 1.0
