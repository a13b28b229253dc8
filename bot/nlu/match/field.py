"""What the framework knows of the field: which topics of the library a text means, told by one linear model."""
import zlib
from dataclasses import dataclass

import numpy as np

from bot.nlu.match.store import Array


def half_of(text: str) -> int:
    """0 or 1: which half of what the library says a normalised text belongs to, the same on every machine."""
    return zlib.crc32(text.encode()) % 2


@dataclass(frozen=True, slots=True)
class Field:
    """``weights``: embedding × topics; ``topics``: their ids, and names of dialogue intents, in that order."""

    topics: tuple[str, ...]
    weights: Array
    bias: Array

    def meant(self, vectors: Array) -> Array:
        """Square roots of the probability of each topic: the product of two of these is 1 where they mean the same."""
        logits = vectors @ self.weights + self.bias
        p = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.sqrt(p / p.sum(axis=-1, keepdims=True)).astype(np.float32)

    def spread(self, vectors: Array, labels: Array, size: int) -> Array:
        """labels × topics: what the rows of each label mean together; zeros for a label without rows."""
        total = np.zeros((size, len(self.bias)), dtype=np.float32)
        if len(labels):
            np.add.at(total, labels, self.meant(vectors) ** 2)
        counts = np.maximum(np.bincount(labels, minlength=size), 1)[:, None]
        return np.sqrt(total / counts).astype(np.float32)




def no_field(size: int) -> Field:
    """For data of another field, and for measuring what the library adds."""
    return Field(("",), np.zeros((size, 1), dtype=np.float32), np.zeros(1, dtype=np.float32))
