"""Parallel files → one clean list of weighted pairs, and a list held out for the learning curve."""

from __future__ import annotations

import csv
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tools.encoder import noise
from tools.encoder.frames import expand
from tools.encoder.settings import Recipe, Workplace
from tools.encoder.sources import OWN_PAIRS, SOURCES, Source

LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Pair:
    """An English sentence and its Italian counterpart."""

    source: str
    weight: float
    english: str
    italian: str


def clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split())


def usable(english: str, italian: str) -> bool:
    """Same-text pairs, code and pairs of very different length teach nothing about the other language."""
    if english.lower() == italian.lower() or not 2 <= len(english) <= 400 or not 2 <= len(italian) <= 400:
        return False
    if not LETTERS.search(english) or not LETTERS.search(italian):
        return False
    return 0.33 < (len(italian) + 8) / (len(english) + 8) < 3


def read_tsv(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of a `en<TAB>it` file with one header line; names the line that has not two columns."""
    with path.open(encoding="utf-8", newline="") as lines:
        next(lines)
        for number, line in enumerate(lines, start=2):
            columns = line.rstrip("\n").split("\t")
            if len(columns) != 2:
                raise SystemExit(f"{path}:{number}: expected two columns (en, it), found {len(columns)}.")
            yield clean(columns[0]), clean(columns[1])


def _from_source(folder: Path, source: Source) -> Iterator[Pair]:
    path = folder / source.file
    if not path.exists():
        print(f"  {source.file}: not in {folder}, left out")
        return
    for english, italian in read_tsv(path):
        yield Pair(source.name, source.weight, english, italian)


def own_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """The shop pairs: every hand-written file, then every frame filled."""
    for path in sorted(folder.glob("*.tsv")):
        yield from read_tsv(path)
    yield from expand(folder / "frames")


def gather(workplace: Workplace) -> list[Pair]:
    """All usable pairs, each kept once, the own ones first."""
    collected = [Pair(OWN_PAIRS.name, OWN_PAIRS.weight, en, it) for en, it in own_pairs(workplace.pairs)]
    for source in SOURCES:
        collected += _from_source(workplace.data, source)
    seen: set[tuple[str, str]] = set()
    kept = []
    for pair in collected:
        key = (pair.english.lower(), pair.italian.lower())
        if key not in seen and usable(pair.english, pair.italian):
            seen.add(key)
            kept.append(pair)
    return kept


def with_chat_spellings(pairs: list[Pair], recipe: Recipe) -> list[Pair]:
    """The pairs and, for everyday ones, a copy in chat spelling: so that the spellings get pieces and rows."""
    chance = random.Random(recipe.seed)
    spelled = [replace(pair, italian=noise.chat(pair.italian, chance)) for pair in pairs if pair.weight > 1]
    plain = {pair.italian for pair in pairs}
    return pairs + [pair for pair in spelled if pair.italian not in plain]


def write(path: Path, pairs: list[Pair]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
        writer.writerows((pair.source, pair.weight, pair.english, pair.italian) for pair in pairs)


def load(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
        return [Pair(source, float(weight), english, italian) for source, weight, english, italian in rows]


def prepare(workplace: Workplace, recipe: Recipe) -> None:
    """Write the training pairs and the held-out ones; no English sentence is in both."""
    pairs = gather(workplace)
    shuffled = random.Random(recipe.seed).sample(pairs, len(pairs))
    kept_out = {pair.english.lower() for pair in shuffled[: recipe.held_out]}
    write(workplace.held_out, shuffled[: recipe.held_out])
    training = [pair for pair in pairs if pair.english.lower() not in kept_out]
    write(workplace.prepared, training)
    print(f"  {len(training)} pairs for training, {recipe.held_out} held out")
