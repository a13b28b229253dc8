"""Anger, legal threats, distress, fraud, health and safety: what must not be left to a bot."""
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.model.understanding import Alarm
from bot.nlu.embeddings import EmbeddingCache
from bot.nlu.linear import Linear, fit_logistic, fit_svm, log_softmax
from bot.nlu.ngrams import Vectoriser
from bot.nlu.rows import Row
from bot.nlu.store import Array, read_arrays, read_json, write_arrays, write_json
from bot.nlu.text import normalise

EXAMPLES = Path(__file__).parent / "alarm_examples"
#: What the classifier calls a message that is no alarm.
CALM = "calm"
_CLASSES = (CALM, *(alarm.value for alarm in Alarm))
_SHARPNESS, _MEANING_C = 4.0, 10.0
_FOLDS, _SEED = 5, 11
#: Calm rows of the shop for each example of the framework.
_CALM_ROWS = 2
#: Share of hard calm examples that may look like an alarm.
_FALSE_ALARMS = 0.03


def read_examples(folder: Path = EXAMPLES) -> list[tuple[str, str]]:
    """(text, class) of the framework's own examples, both languages."""
    examples = []
    for file in sorted(folder.glob("*.yml")):
        for name, texts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            examples += [(str(text), str(name)) for text in texts]
    return examples


@dataclass(frozen=True, slots=True)
class AlarmReader:
    """Two linear models, on letters and on meaning; their mean decides.

    ``border``: what calm may lack at most before it is an alarm; drawn on examples left out.
    """

    vectoriser: Vectoriser
    letters: Linear
    meaning: Linear
    border: float

    @classmethod
    def fit(cls, rows: Sequence[Row], embeddings: EmbeddingCache, folder: Path = EXAMPLES) -> "AlarmReader":
        """The shop's own rows count as calm, but for complaints, which are anger or calm as the examples say."""
        examples = read_examples(folder)
        own = len(examples)
        calm = [(row.text, CALM) for row in rows if row.label != "complaint"]
        examples += [calm[n] for n in np.random.default_rng(_SEED).permutation(len(calm))[: _CALM_ROWS * own]]
        texts = [normalise(text) for text, _ in examples]
        targets = np.array([_CLASSES.index(name) for _, name in examples])
        vectoriser = Vectoriser.fit(texts, len(_CLASSES))
        matrix, vectors = vectoriser.matrix(texts), embeddings.matrix(texts)
        folds = np.random.default_rng(_SEED).integers(0, _FOLDS, len(texts))
        calmness = np.zeros(len(texts))
        for fold in range(_FOLDS):
            letters, meaning = _fit(matrix, vectors, targets, folds != fold)
            p = _mean(letters.logits(matrix[folds == fold]), meaning.logits(vectors[folds == fold]))
            calmness[folds == fold] = p[:, 0]
        letters, meaning = _fit(matrix, vectors, targets, np.ones(len(texts), dtype=bool))
        # The framework's own calm examples are the hard ones (capitals, swearing, irony); the border is drawn on them.
        hard = calmness[:own][targets[:own] == 0]
        return cls(vectoriser, letters, meaning, float(np.quantile(hard, _FALSE_ALARMS)))

    def probabilities(self, text: str, vector: Array) -> dict[str, float]:
        where, values = self.vectoriser.vector(text)
        letters = values @ self.letters.weights[where] + self.letters.bias
        return dict(zip(_CLASSES, _mean(letters, self.meaning.logits(vector)).tolist(), strict=True))

    def read(self, text: str, vector: Array) -> Alarm | None:
        """``text`` normalised, ``vector`` its embedding."""
        p = self.probabilities(text, vector)
        calm = p.pop(CALM)
        if calm >= self.border:
            return None
        return Alarm(max(p, key=lambda name: p[name]))

    def save(self, folder: Path) -> None:
        write_json(folder / "alarms.json", {"vocabulary": list(self.vectoriser.vocabulary), "border": self.border})
        write_arrays(folder / "alarms.npz", {
            "idf": self.vectoriser.idf,
            "letters": self.letters.weights.astype(np.float16), "letters_bias": self.letters.bias,
            "meaning": self.meaning.weights, "meaning_bias": self.meaning.bias,
        })

    @classmethod
    def load(cls, folder: Path) -> "AlarmReader":
        about, arrays = read_json(folder / "alarms.json"), read_arrays(folder / "alarms.npz")
        vectoriser = Vectoriser({gram: n for n, gram in enumerate(about["vocabulary"])}, arrays["idf"])
        letters = Linear(arrays["letters"].astype(np.float32), arrays["letters_bias"])
        return cls(vectoriser, letters, Linear(arrays["meaning"], arrays["meaning_bias"]), about["border"])


def _fit(matrix: Any, vectors: Array, targets: Array, learnt: Array) -> tuple[Linear, Linear]:
    letters = fit_svm(matrix[np.flatnonzero(learnt)], targets[learnt], len(_CLASSES))
    return letters, fit_logistic(vectors[learnt], targets[learnt], len(_CLASSES), c=_MEANING_C)


def _mean(letters: Array, meaning: Array) -> Array:
    """Probabilities of the classes: the geometric mean of both models."""
    return np.asarray(np.exp(log_softmax((log_softmax(_SHARPNESS * letters) + log_softmax(meaning)) / 2)))
