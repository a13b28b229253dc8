"""How shoppers really type: misspellings, chat spellings, dictation and a little dialect."""

from __future__ import annotations

import random
import re
from pathlib import Path

SPELLINGS = Path(__file__).parent / "spellings"
KEYBOARD = ("qwertyuiopè", "asdfghjklò", "zxcvbnm")
DOUBLES = re.compile(r"([bcdfglmnprstvz])\1")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?'?")
ACCENTS = str.maketrans("àèéìòù", "aeeiou")


def _read_spellings(name: str) -> dict[str, tuple[str, ...]]:
    lines = (SPELLINGS / name).read_text(encoding="utf-8").splitlines()
    split = [line.split(" = ") for line in lines if line and not line.startswith("#")]
    return {word: tuple(spellings.split(", ")) for word, spellings in split}


CHAT_ITALIAN = _read_spellings("chat_it.txt")
DIALECT = _read_spellings("dialect_it.txt")
CHAT_ENGLISH = _read_spellings("chat_en.txt")
NEIGHBOURS = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in KEYBOARD
    for place, key in enumerate(row)
}


def typo(word: str, chance: random.Random) -> str:
    """One slip of the finger: swap, drop, double or neighbouring key; words under four letters stay."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.random()
    if kind < 0.3:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.6:
        return word[:at] + word[at + 1 :]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    near = NEIGHBOURS.get(word[at].lower())
    return word[:at] + (chance.choice(near) if near else word[at]) + word[at + 1 :]


def typos(text: str, count: int, chance: random.Random) -> str:
    """At most `count` slips, each in another word of four letters or more."""
    words = text.split(" ")
    long_enough = [place for place, word in enumerate(words) if len(word) >= 4]
    for place in chance.sample(long_enough, min(count, len(long_enough))):
        words[place] = typo(words[place], chance)
    return " ".join(words)


def _swap_words(text: str, table: dict[str, tuple[str, ...]], rate: float, chance: random.Random) -> str:
    def swapped(match: re.Match[str]) -> str:
        choices = table.get(match.group().lower())
        return chance.choice(choices) if choices and chance.random() < rate else match.group()

    return WORD.sub(swapped, text)


def _accents(text: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return text.translate(ACCENTS)
    return re.sub(r"([àèéìòù])\b", lambda match: match.group().translate(ACCENTS) + "'", text)


def _single_doubles(text: str, chance: random.Random) -> str:
    return DOUBLES.sub(lambda match: match.group(1) if chance.random() < 0.3 else match.group(), text)


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s'€]", " ", text).split())


def _dictated(text: str, chance: random.Random) -> str:
    """As a phone writes what was spoken: no marks, no apostrophes, a filler in front."""
    filler = chance.choice(("allora ", "senta ", "ehm ", "ascolti ", "cioè ", "ecco ", "praticamente ", "ok ", ""))
    return filler + _bare(text).replace("'", chance.choice(("'", " ", ""))).lower()


def italian(text: str, chance: random.Random) -> str:
    """One plausible way an Italian shopper would have typed the sentence."""
    kind = chance.random()
    if kind < 0.54:
        noisy = typos(text, chance.randint(1, 3 if len(text) > 20 else 2), chance)
    elif kind < 0.7:
        noisy = _swap_words(text, CHAT_ITALIAN, 0.7, chance)
    elif kind < 0.76:
        noisy = _accents(text, chance)
    elif kind < 0.83:
        noisy = _dictated(text, chance)
    elif kind < 0.89:
        noisy = _single_doubles(text, chance)
    elif kind < 0.94:
        noisy = _swap_words(text, DIALECT, 0.5, chance)
    else:
        noisy = text.replace(" ", "", 1) if chance.random() < 0.3 else text + chance.choice(("??", "!!!", "...", " ?"))
    return _bare(noisy) if chance.random() < 0.25 else noisy


def chat(text: str, chance: random.Random) -> str:
    """Chat spellings wherever one is known; the text itself where none is."""
    return _swap_words(text, CHAT_ITALIAN, 0.8, chance)


def english(text: str, chance: random.Random) -> str:
    """The same for an English shopper."""
    if chance.random() < 0.65:
        return typos(text, chance.randint(1, 3 if len(text) > 20 else 2), chance)
    return _bare(_swap_words(text, CHAT_ENGLISH, 0.7, chance))
