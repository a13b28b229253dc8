"""TF-IDF over words (1–2) and letters within words (2–5): what spelling alone says, in any language."""
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

from bot.nlu.match.store import Array
from bot.nlu.text.text import fold, words

_SHORTEST, _LONGEST = 2, 5
#: 100 MB of weights are enough for a desk: grams times classes, and never fewer grams than these.
_MOST_WEIGHTS, _LEAST_GRAMS = 25_000_000, 5_000


def _word_grams(tokens: Sequence[str]) -> list[str]:
    pairs = [f"w {first} {second}" for first, second in zip(tokens, tokens[1:], strict=False)]
    return [f"w {token}" for token in tokens] + pairs


def letter_grams(text: str) -> list[str]:
    grams: list[str] = []
    for word in fold(text).split():
        padded = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            if len(padded) <= size:
                grams.append(padded)
                break
            grams += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return grams


@lru_cache(maxsize=64)  # matcher, head and alarms ask for those of the same message
def grams_of(text: str) -> tuple[list[str], list[str]]:
    return _word_grams(words(text)), letter_grams(text)


class Vectoriser:
    """Each half (words, letters) is a unit vector, so neither drowns the other."""

    def __init__(self, vocabulary: dict[str, int], idf: Array) -> None:
        self.vocabulary = vocabulary
        self.idf = idf

    @classmethod
    def fit(cls, texts: Sequence[str], classes: int) -> "Vectoriser":
        """``classes``: how many the weights are for; with many of them the rarest grams are left out."""
        document_counts: Counter[str] = Counter()
        for text in texts:
            document_counts.update(set(_word_grams(words(text))) | set(letter_grams(text)))
        # In larger sets a gram seen once only makes the model bigger.
        least = 1 if len(texts) < 3_000 else 2
        common = document_counts.most_common(max(_LEAST_GRAMS, _MOST_WEIGHTS // classes))
        kept = sorted(gram for gram, count in common if count >= least)
        idf = np.array([np.log((1 + len(texts)) / (1 + document_counts[gram])) + 1 for gram in kept], dtype=np.float32)
        return cls({gram: number for number, gram in enumerate(kept)}, idf)

    def vector(self, text: str) -> tuple[Array, Array]:
        """Indices and values of one normalised text."""
        halves = [self._half(grams) for grams in grams_of(text)]
        return np.concatenate([half[0] for half in halves]), np.concatenate([half[1] for half in halves])

    def _half(self, grams: Sequence[str]) -> tuple[Array, Array]:
        counts: Counter[int | None] = Counter(map(self.vocabulary.get, grams))
        del counts[None]  # grams that training did not meet
        where = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        tf = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(tf)) * self.idf[where] if len(where) else tf
        norm = float(np.linalg.norm(values))
        return where, values / norm if norm else values

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        vectors = [self.vector(text) for text in texts]
        starts = np.cumsum([0, *(len(where) for where, _ in vectors)])
        where = np.concatenate([where for where, _ in vectors]) if vectors else np.zeros(0, dtype=np.int64)
        values = np.concatenate([values for _, values in vectors]) if vectors else np.zeros(0, dtype=np.float32)
        return sparse.csr_matrix((values, where, starts), shape=(len(texts), len(self.idf)))
