"""One small model for every entry: from features of a pair (message, label) to a score that competes on one scale."""
from dataclasses import dataclass

import numpy as np

from bot.nlu.match.store import Array


@dataclass(frozen=True, slots=True)
class Matcher:
    """Two layers over standardised features. Learned across all entries (`bot/nlu/learn/matching.py`), applied to any.

    Attributes:
        mean, scale: of the features.
        inner, inner_bias: features × hidden.
        outer: hidden; ``direct``: features, past the hidden layer.
    """

    mean: Array
    scale: Array
    inner: Array
    inner_bias: Array
    outer: Array
    direct: Array

    def scores(self, features: Array) -> Array:
        """One logit a label; works on one message or many."""
        z = (features - self.mean) / self.scale
        return np.asarray(np.tanh(z @ self.inner + self.inner_bias) @ self.outer + z @ self.direct)

    def probabilities(self, features: Array) -> Array:
        """Over the labels of one message; sums to 1."""
        scores = self.scores(features)
        p = np.exp(scores - scores.max())
        return np.asarray(p / p.sum(), dtype=np.float32)

    def arrays(self) -> dict[str, Array]:
        return {name: getattr(self, name) for name in self.__slots__}
