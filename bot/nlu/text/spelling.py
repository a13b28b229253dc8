"""Slips of the finger: a word that nobody knows becomes the word of the shop's own rows that it was meant to be."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.text.text import fold
from bot.nlu.text.tokens import LANGUAGES, is_form

_WORD = re.compile(r"[^\W\d_]+")
#: A shorter word is near to too many others; from the second length on two slips are forgiven.
_SHORTEST, _LONG = 4, 8


class Speller:
    """Knows the words of the shop's rows; what dictionaries or the encoder know is none of its business.

    A swap of neighbouring letters, a letter too many, too few or wrong is one slip. The first letter seldom is, and
    taking it for right spares most words that only look like one of the shop's.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """``texts``: normalised."""
        counts = Counter(word for text in texts for word in _words(text))
        self._known = frozenset(fold(word) for word in counts)
        self._near: dict[tuple[str, int], list[str]] = {}
        # The more frequent of two equally near words comes first, and the first is taken.
        for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            self._near.setdefault((fold(word[0]), len(word)), []).append(word)

    def repair(self, text: str, is_word: Callable[[str], bool]) -> str:
        """The normalised text with its unknown words replaced where a known one is near.

        Args:
            is_word: says of a word that neither rows nor dictionaries hold whether the encoder knows it.
        """
        return _WORD.sub(lambda match: self._nearest(match.group(), is_word), text)

    def _nearest(self, word: str, is_word: Callable[[str], bool]) -> str:
        if len(word) < _SHORTEST or fold(word) in self._known or _in_dictionary(word) or is_word(word):
            return word
        slips = 1 if len(word) < _LONG else 2
        sizes = range(len(word) - slips, len(word) + slips + 1)
        near = [own for size in sizes for own in self._near.get((fold(word[0]), size), ())]
        found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found else word


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=20_000)
def _in_dictionary(word: str) -> bool:
    return any(is_form(word, language) for language in LANGUAGES)
