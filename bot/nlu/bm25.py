"""BM25 over short texts, whole-array per query."""
import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bot.nlu.store import Array
from bot.nlu.text import normalise, words

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
        lengths = np.array([max(1, len(document)) for document in documents], dtype=np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        norm = _K1 * (1 - _B + _B * lengths / mean)
        postings: dict[str, tuple[list[int], list[int]]] = {}
        for number, document in enumerate(documents):
            for term, count in Counter(document).items():
                rows, counts = postings.setdefault(term, ([], []))
                rows.append(number)
                counts.append(count)
        self._postings: dict[str, tuple[Array, Array]] = {}
        self.idf: dict[str, float] = {}
        for term, (rows, counts) in postings.items():
            where = np.array(rows, dtype=np.int32)
            tf = np.array(counts, dtype=np.float32)
            idf = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            self.idf[term] = idf
            self._postings[term] = (where, idf * tf * (_K1 + 1) / (tf + norm[where]))

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

    def unknown_share(self, query: Sequence[str], without: Array | None = None) -> float:
        """Share of the query's terms that no document (but those left out) holds; 1 for an empty query."""
        if not query:
            return 1.0
        if without is None:
            return sum(term not in self.idf for term in query) / len(query)
        found = (self._postings.get(term) for term in query)
        return sum(posting is None or bool(without[posting[0]].all()) for posting in found) / len(query)
