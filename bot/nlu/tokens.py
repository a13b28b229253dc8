"""spaCy's blank Italian and English pipelines: words, and their dictionary forms by look-up."""
from functools import lru_cache

import spacy
from spacy.language import Language

LANGUAGES = ("it", "en")


@lru_cache(maxsize=len(LANGUAGES))
def pipeline(language: str) -> Language:
    """The blank pipeline of 'it' or 'en' with look-up lemmas; shared by all who need words."""
    nlp = spacy.blank(language)
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    return nlp


@lru_cache(maxsize=len(LANGUAGES))
def _forms(language: str) -> tuple[object, frozenset[str]]:
    table = pipeline(language).get_pipe("lemmatizer").lookups.get_table("lemma_lookup")  # type: ignore[attr-defined]
    return table, frozenset(table.values())


def is_form(word: str, language: str) -> bool:
    """The dictionary of the language knows this (lower-case, accented) word as a form or as a lemma."""
    table, lemmas = _forms(language)
    return word in lemmas or word in table  # type: ignore[operator]
