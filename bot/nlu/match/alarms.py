"""Anger, legal threats, distress, fraud, health and safety: what must not be left to a bot."""
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from bot.model.understanding import Alarm
from bot.nlu.match.linear import Linear, fit_logistic, fit_svm, log_softmax
from bot.nlu.match.rows import Row
from bot.nlu.match.store import Array, read_arrays, read_json, write_arrays, write_json
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.ngrams import Vectoriser
from bot.nlu.text.text import normalise

EXAMPLES = Path(__file__).parents[1] / "alarm_examples"
#: What the classifier calls a message that is no alarm.
CALM = "calm"
_CLASSES = (CALM, *(alarm.value for alarm in Alarm))
_SHARPNESS, _MEANING_C = 4.0, 10.0
_FOLDS, _SEED = 5, 11
#: Share of the shop's rows, those most like an alarm, that are learnt as calm beside the framework's examples. All rows
#: would drown the alarms: whoever asks for a parcel would be calm, whatever else is said.
_MISTAKABLE = 0.03
#: Share of hard calm examples that may look like an alarm; of real calm messages, hardly half as many do.
_FALSE_ALARMS = 0.05


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
        """Rows of the shop that look like alarms count as calm, but for complaints: those may be either."""
        examples = [(normalise(text), name) for text, name in read_examples(folder)]
        calm = list(dict.fromkeys(normalise(row.text) for row in rows if row.label != "complaint"))
        first = cls._of(examples, embeddings, 0.0)
        calmness = first._calmness(calm, embeddings)
        mistakable = [calm[n] for n in np.argsort(calmness)[: round(_MISTAKABLE * len(calm))]]
        learnt = [*examples, *((text, CALM) for text in mistakable)]
        # The framework's own calm examples are the hard ones (capitals, swearing, irony); the border is drawn on them.
        hard = np.array([name == CALM for _, name in examples] + [False] * len(mistakable))
        folds = np.random.default_rng(_SEED).integers(0, _FOLDS, len(learnt))
        left_out = np.zeros(len(learnt))
        for fold in range(_FOLDS):
            others = [learnt[n] for n in np.flatnonzero(folds != fold)]
            judged = [learnt[n][0] for n in np.flatnonzero(folds == fold)]
            left_out[folds == fold] = cls._of(others, embeddings, 0.0)._calmness(judged, embeddings)
        return cls._of(learnt, embeddings, float(np.quantile(left_out[hard], _FALSE_ALARMS)))

    @classmethod
    def _of(cls, examples: Sequence[tuple[str, str]], embeddings: EmbeddingCache, border: float) -> "AlarmReader":
        """Both models on (normalised text, class)."""
        texts = [text for text, _ in examples]
        targets = np.array([_CLASSES.index(name) for _, name in examples])
        vectoriser = Vectoriser.fit(texts, len(_CLASSES))
        letters = fit_svm(vectoriser.matrix(texts), targets, len(_CLASSES))
        meaning = fit_logistic(embeddings.matrix(texts), targets, len(_CLASSES), c=_MEANING_C)
        return cls(vectoriser, letters, meaning, border)

    def _calmness(self, texts: Sequence[str], embeddings: EmbeddingCache) -> Array:
        """Probability of calm of each normalised text."""
        if not texts:
            return np.zeros(0)
        letters = self.letters.logits(self.vectoriser.matrix(texts))
        return _mean(letters, self.meaning.logits(embeddings.matrix(texts)))[:, 0]

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


def _mean(letters: Array, meaning: Array) -> Array:
    """Probabilities of the classes: the geometric mean of both models."""
    return np.asarray(np.exp(log_softmax((log_softmax(_SHARPNESS * letters) + log_softmax(meaning)) / 2)))
