"""What the framework brings to every shop: field, matcher, how sure it may be, alarms. Fitted once and shipped.

`python -m tools.knowledge` makes the files anew from the library of topics; another encoder has its own made when a
shop is trained with it.
"""
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.nlu.match.alarms import AlarmReader
from bot.nlu.match.confidence import Confidence
from bot.nlu.match.field import Field
from bot.nlu.match.matcher import Matcher
from bot.nlu.match.store import read_arrays, read_json, write_arrays, write_json

SHIPPED = Path(__file__).parents[1] / "knowledge"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``encoder``: id of the encoder whose vectors it was fitted on; with another one it says nothing true."""

    encoder: str
    field: Field
    matcher: Matcher
    confidence: Confidence
    alarms: AlarmReader

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "knowledge.json", {"encoder": self.encoder, "topics": self.field.topics})
        write_arrays(
            folder / "field.npz", {"weights": self.field.weights.astype(np.float16), "bias": self.field.bias}
        )
        write_arrays(folder / "matcher.npz", self.matcher.arrays())
        self.confidence.save(folder / "matching.npz")
        self.alarms.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "Knowledge":
        about, field = read_json(folder / "knowledge.json"), read_arrays(folder / "field.npz")
        return cls(
            about["encoder"],
            Field(tuple(about["topics"]), field["weights"].astype(np.float32), field["bias"]),
            Matcher(**read_arrays(folder / "matcher.npz")),
            Confidence.load(folder / "matching.npz"),
            AlarmReader.load(folder),
        )


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    return Knowledge.load(SHIPPED)
