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
_FIELDS = ("field.npz", "field-0.npz", "field-1.npz")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known before a shop is.

    Attributes:
        encoder: id of the encoder whose vectors it was fitted on; with another one it says nothing true.
        halves: two fields, taught with `half_of` 0 and 1 of the texts: what a row is judged with that the field was
            taught, else whoever calibrates on the library's own rows promises too much.
    """

    encoder: str
    field: Field
    halves: tuple[Field, Field]
    matcher: Matcher
    confidence: Confidence
    alarms: AlarmReader

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "knowledge.json", {"encoder": self.encoder, "topics": self.field.topics})
        for name, field in zip(_FIELDS, (self.field, *self.halves), strict=True):
            write_arrays(folder / name, {"weights": field.weights.astype(np.float16), "bias": field.bias})
        write_arrays(folder / "matcher.npz", self.matcher.arrays())
        self.confidence.save(folder / "matching.npz")
        self.alarms.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "Knowledge":
        about = read_json(folder / "knowledge.json")
        topics = tuple(about["topics"])
        fields = [
            Field(topics, arrays["weights"].astype(np.float32), arrays["bias"])
            for arrays in (read_arrays(folder / name) for name in _FIELDS)
        ]
        return cls(
            about["encoder"],
            fields[0],
            (fields[1], fields[2]),
            Matcher(**read_arrays(folder / "matcher.npz")),
            Confidence.load(folder / "matching.npz"),
            AlarmReader.load(folder),
        )


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    return Knowledge.load(SHIPPED)
