"""spaCy's blank Italian and English pipelines: words, and their dictionary forms by look-up."""
import gzip
import re
from array import array
from bisect import bisect_left
from functools import lru_cache
from zlib import crc32

import numpy as np
import spacy
import spacy_lookups_data
from spacy.language import Language
from spacy.util import load_language_data

LANGUAGES = ("it", "en")
_TABLE = "lemma_lookup"
_QUOTED = re.compile(rb'"([^"]*)"')


@lru_cache(maxsize=len(LANGUAGES))
def pipeline(language: str) -> Language:
    """The blank pipeline of 'it' or 'en'; shared by all who need words."""
    return spacy.blank(language)


def lemma(word: str, language: str) -> str:
    """The dictionary form of a word; the word itself where the dictionary does not know it."""
    table = _lemmas(language)
    return table.get(word) or table.get(word.lower()) or word


def is_form(word: str, language: str) -> bool:
    """The dictionary of the language knows this (lower-case, accented) word as a form or as a lemma.

    One unknown word in ten thousand is taken for a known one: 375,000 words are kept as 4 bytes each instead of 180.
    """
    known, mark = _forms(language), crc32(word.encode())
    place = bisect_left(known, mark)
    return place < len(known) and known[place] == mark


@lru_cache(maxsize=len(LANGUAGES))
def _lemmas(language: str) -> dict[str, str]:
    """What spaCy's look-up lemmatizer reads, form → lemma. Loaded where somebody asks for a lemma: serving does not."""
    table: dict[str, str] = load_language_data(getattr(spacy_lookups_data, language)[_TABLE])
    return table


@lru_cache(maxsize=len(LANGUAGES))
def _forms(language: str) -> "array[int]":
    """Marks of all words of the table, read from the file as it is: as a dictionary they would fill 60 MB for a moment,
    and the system would not get all of it back.
    """
    path = getattr(spacy_lookups_data, language)[_TABLE]
    raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_suffix(f"{path.suffix}.gz").read_bytes())
    if b"\\" in raw:
        raise ValueError(f"{path} has escaped words, which this reader does not know: another spacy-lookups-data?")
    marks = np.unique(np.fromiter((crc32(match[1]) for match in _QUOTED.finditer(raw)), dtype=np.uint32))
    return array("I", marks.tobytes())  # one look-up in it takes a tenth of numpy's
