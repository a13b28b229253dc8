"""Anger, legal threats, distress, fraud, health and safety: what must not be left to a bot."""
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
_BORDER = 0.5


def read_examples(folder: Path = EXAMPLES) -> list[tuple[str, str]]:
    """(text, class) of the framework's own examples, both languages."""
    examples = []
    for file in sorted(folder.glob("*.yml")):
        for name, texts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            examples += [(str(text), str(name)) for text in texts]
    return examples


@dataclass(frozen=True, slots=True)
class AlarmReader:
    """Two linear models, on letters and on meaning; their mean decides."""

    vectoriser: Vectoriser
    letters: Linear
    meaning: Linear
    border: float = _BORDER

    @classmethod
    def fit(cls, rows: Sequence[Row], embeddings: EmbeddingCache, folder: Path = EXAMPLES) -> "AlarmReader":
        """The shop's own rows count as calm, but for complaints, which are anger or calm as the examples say."""
        examples = read_examples(folder)
        examples += [(row.text, CALM) for row in rows if row.label != "complaint"]
        texts = [normalise(text) for text, _ in examples]
        targets = np.array([_CLASSES.index(name) for _, name in examples])
        vectoriser = Vectoriser.fit(texts)
        letters = fit_svm(vectoriser.matrix(texts), targets, len(_CLASSES))
        meaning = fit_logistic(embeddings.matrix(texts), targets, len(_CLASSES), c=_MEANING_C)
        return cls(vectoriser, letters, meaning)

    def probabilities(self, text: str, vector: Array) -> dict[str, float]:
        where, values = self.vectoriser.vector(text)
        letters = values @ self.letters.weights[where] + self.letters.bias
        p = np.exp((log_softmax(_SHARPNESS * letters) + log_softmax(self.meaning.logits(vector))) / 2)
        return dict(zip(_CLASSES, (p / p.sum()).tolist(), strict=True))

    def read(self, text: str, vector: Array) -> Alarm | None:
        """``text`` normalised, ``vector`` its embedding."""
        p = self.probabilities(text, vector)
        calm = p.pop(CALM)
        if calm > self.border:
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
