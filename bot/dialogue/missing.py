"""Says whether an answer to the order form means "I cannot give you that", whatever else it resembles.

Only asked inside the form: outside of it the same words are a question for the pipeline.
"""
import re

# What the form may be asking for, with up to two words before it ("nessun numero", "the order number").
_VALUE = r"(?:[a-zà-ù']+[ '’]){0,2}(?:numer\w+|codice|e-?mail|indirizzo|number|code|address)\b"
_CANNOT = r"(?:don['’]?t|do not|can['’]?t|can ?not) (?:have|find|remember|know|see)"
_PATTERNS = (
    r"\bnon (?:lo|la|ce lo|me lo|me la) (?:so|trovo|ricordo|vedo|ho)\b",
    r"\bnon (?:ce )?l['’ ]?ho(?: più| qui| con me| sottomano)?\W*$",  # but not "non l'ho ancora ricevuto"
    rf"\bnon (?:ce )?l['’ ]?ho (?:più )?{_VALUE}",
    r"\bnon saprei\b",
    r"\bl['’ ]?ho (?:pers|dimenticat|buttat)[oa]\b",
    r"\bdove l[oa] (?:trovo|vedo|leggo)\b",
    rf"\bnon (?:ho|trovo|ricordo|so|conosco|vedo|mi ricordo) {_VALUE}",
    rf"\b(?:senza|qual['’ ]?è|quale|che|dov['’]è|ho perso|dove trovo) {_VALUE}",
    rf"\b{_CANNOT} (?:it|that)\b",
    rf"\b{_CANNOT} {_VALUE}",
    r"\b(?:lost|forgot) it\b",
    r"\bwhere (?:do|can) i find (?:it|that)\b",
    rf"\b(?:no|lost|forgot|what|which|where is|where['’]?s|where (?:do|can) i find|have not|haven['’]?t) {_VALUE}",
    r"^\W*(?:boh\W+)?(?:boh|non (?:mi )?(?:so|ricordo)|no idea|i (?:don['’]?t|do not) (?:know|remember)|dunno|idk)\W*$",
)
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def cannot_give(text: str) -> bool:
    return _ANY.search(text) is not None
