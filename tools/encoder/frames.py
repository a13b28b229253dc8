"""Frames such as `How do I return {item}? | Come faccio a rendere {item}?` and word lists → sentence pairs."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path

SLOT = re.compile(r"\{(\w+)\}")
FILLINGS = 12

Words = dict[str, list[tuple[str, str]]]


def _columns(path: Path, number: int, line: str) -> tuple[str, str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 2 or not all(parts):
        raise SystemExit(f"{path}:{number}: expected 'English | Italian', found {line!r}.")
    return parts[0], parts[1]


def read_words(path: Path) -> Words:
    """Word lists: a line `[name]`, then lines `English | Italian`."""
    words: Words = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            name = line.strip("[] ")
            words[name] = []
        else:
            words[name].append(_columns(path, number, line))
    return words


def read_frames(path: Path) -> Iterator[tuple[str, str]]:
    """Frames of one file; both sides must have the same slots."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        english, italian = _columns(path, number, line)
        if set(SLOT.findall(english)) != set(SLOT.findall(italian)):
            raise SystemExit(f"{path}:{number}: the two sides have different slots.")
        yield english, italian


def fill(english: str, italian: str, words: Words, chance: random.Random) -> Iterator[tuple[str, str]]:
    """At most `FILLINGS` fillings of one frame, chosen among all combinations."""
    slots = sorted(set(SLOT.findall(english)))
    combinations = list(itertools.product(*(words[slot] for slot in slots)))
    for combination in chance.sample(combinations, min(FILLINGS, len(combinations))):
        filled_english, filled_italian = english, italian
        for slot, (one, other) in zip(slots, combination, strict=True):
            filled_english = filled_english.replace("{" + slot + "}", one)
            filled_italian = filled_italian.replace("{" + slot + "}", other)
        yield tidy(filled_english), tidy(filled_italian)


def tidy(text: str) -> str:
    return text[:1].upper() + text[1:]


def expand(folder: Path) -> Iterator[tuple[str, str]]:
    """Every frame of `*.frames` filled from `words.txt`; the same each time."""
    words = read_words(folder / "words.txt")
    for path in sorted(folder.glob("*.frames")):
        for english, italian in read_frames(path):
            yield from fill(english, italian, words, random.Random(english))
