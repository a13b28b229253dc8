"""The fitted head: late fusion of letters (n-grams), meaning (embedding) and the matcher, weighed per language.

It knows the labels it was fitted on, one by one, and is worth something where each has many examples.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.match.index import Matched, Query
from bot.nlu.match.linear import Linear, log_softmax
from bot.nlu.match.store import Array, read_arrays, read_json, write_arrays, write_json
from bot.nlu.text.ngrams import Vectoriser


@dataclass(frozen=True, slots=True)
class Fusion:
    """How the log-probabilities of the scorers are added; chosen on rows left out. Weights of 0 are allowed.

    Attributes:
        sharpness: what SVM distances are multiplied with before they count as logits.
        temperature: what the sum is multiplied with, so that the probabilities mean something.
    """

    letters: float = 0.3
    meaning: float = 0.7
    matched: float = 0.0
    sharpness: float = 4.0
    temperature: float = 1.0

    def fuse(self, letters: Array, meaning: Array, matched: Array) -> Array:
        """Probabilities from SVM distances, logits and the matcher's probabilities; works on one row or many."""
        total = (
            self.letters * log_softmax(letters * self.sharpness)
            + self.meaning * log_softmax(meaning)
            + self.matched * np.log(matched + 1e-4)
        )
        return np.asarray(np.exp(log_softmax(self.temperature * total)))


#: Examples up to which a head adds nothing, and from which it is trusted wholly.
_FEW, _MANY = 4, 12


def trust(matched: Array, counts: Array) -> float:
    """What a head may say of this message: much where the labels that it may mean have many examples."""
    return float(matched @ np.clip((counts - _FEW) / (_MANY - _FEW), 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class HeadScores:
    letters: Array
    meaning: Array
    fused: Array


@dataclass(frozen=True, slots=True)
class Head:
    """``labels`` are those of the index that it was fitted on, in the same order."""

    labels: tuple[str, ...]
    vectoriser: Vectoriser
    letters: Linear
    meaning: Linear
    fusions: dict[str, Fusion]

    def score(self, query: Query, found: Matched, share: float) -> HeadScores:
        """``share``: what the head has to say beside the matcher, 0 to 1; see `trust`."""
        where, values = self.vectoriser.vector(query.text)
        letters = values @ self.letters.weights[where] + self.letters.bias
        meaning = self.meaning.logits(query.vector)
        return HeadScores(letters, meaning, self.fused(query.language, letters, meaning, found.p, share))

    def fused(self, language: str, letters: Array, meaning: Array, matched: Array, share: float) -> Array:
        own = self.fusion(language).fuse(letters, meaning, matched)
        return np.asarray(np.exp(log_softmax((1 - share) * np.log(matched + 1e-9) + share * np.log(own + 1e-9))))

    def fusion(self, language: str) -> Fusion:
        return self.fusions.get(language) or self.fusions[""]

    def save(self, folder: Path) -> None:
        write_json(
            folder / "head.json",
            {
                "labels": self.labels,
                "vocabulary": list(self.vectoriser.vocabulary),
                "fusions": {
                    language: [fusion.letters, fusion.meaning, fusion.matched, fusion.sharpness, fusion.temperature]
                    for language, fusion in self.fusions.items()
                },
            },
        )
        write_arrays(
            folder / "head.npz",
            {
                "idf": self.vectoriser.idf,
                # Half precision moves a logit by less than a thousandth and halves the archive.
                "letters": self.letters.weights.astype(np.float16),
                "letters_bias": self.letters.bias,
                "meaning": self.meaning.weights,
                "meaning_bias": self.meaning.bias,
            },
        )

    @classmethod
    def load(cls, folder: Path) -> "Head":
        about, arrays = read_json(folder / "head.json"), read_arrays(folder / "head.npz")
        vocabulary = {gram: number for number, gram in enumerate(about["vocabulary"])}
        return cls(
            tuple(about["labels"]),
            Vectoriser(vocabulary, arrays["idf"]),
            Linear(arrays["letters"].astype(np.float32), arrays["letters_bias"]),
            Linear(arrays["meaning"], arrays["meaning_bias"]),
            {language: Fusion(*values) for language, values in about["fusions"].items()},
        )
