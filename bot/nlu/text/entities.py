"""What a message names: identifiers, sizes, dates, and the shop's own products (spaCy's ruler and phrase matcher)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.model.order_forms import NO_FORMS, OrderForms, plain_signs
from bot.model.understanding import Entity
from bot.nlu.text.identifiers import find_identifiers
from bot.nlu.text.text import MAX_SCORED
from bot.nlu.text.tokens import LANGUAGES, pipeline

_MONTHS = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = [
    "oggi",
    "ieri",
    "domani",
    "dopodomani",
    "stamattina",
    "stasera",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "today",
    "yesterday",
    "tomorrow",
    "tonight",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
_SIZE_WORDS = ["taglia", "taglie", "tg", "tg.", "misura", "numero", "size", "sizes", "numeri", "eu", "uk", "us"]
_SIZE = r"^(?:3[4-9]|4\d|50|[3-9]|1[0-5])(?:[.,]5)?$"
#: Emoji cost spaCy's tokenizer time that grows with their square, and half a UTF-16 pair makes it raise.
_SIGN = re.compile(r"[^\w\s.,;:!?@#€$£%&()'’\"/+°º_-]")
#: spaCy looks at each sign of such a run again for each of its signs.
_RUN = re.compile(r"([^\w\s])\1{3,}")
_LETTER_SIZE = r"^(?:xxs|xs|s|m|l|xl|xxl|xxxl)$"


def _patterns() -> list[dict[str, Any]]:
    words: list[dict[str, Any]] = [
        {"LOWER": {"IN": _SIZE_WORDS}},
        {"LOWER": {"IN": [".", "la", "il", "a", "è", "is"]}, "OP": "?"},
    ]
    return [
        {"label": "size", "pattern": [*words, {"LOWER": {"REGEX": _SIZE}}]},
        {"label": "size", "pattern": [*words, {"LOWER": {"REGEX": _LETTER_SIZE}}]},
        {"label": "size", "pattern": [{"LOWER": {"REGEX": r"^(?:xxs|xs|xl|xxl|xxxl)$"}}]},
        {"label": "size", "pattern": [{"LOWER": {"REGEX": r"^(?:3[4-9]|4\d)(?:[.,]5)?$"}}]},
        {
            "label": "date",
            "pattern": [{"LOWER": {"REGEX": r"^\d{1,2}$"}}, {"LOWER": "di", "OP": "?"}, {"LOWER": {"IN": _MONTHS}}],
        },
        {
            "label": "date",
            "pattern": [{"LOWER": {"IN": _MONTHS[12:]}}, {"LOWER": {"REGEX": r"^\d{1,2}(?:st|nd|rd|th)?$"}}],
        },
        {"label": "date", "pattern": [{"LOWER": {"IN": _DAYS}}]},
        {"label": "date", "pattern": [{"TEXT": {"REGEX": r"^\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?$"}}]},
        {"label": "date", "pattern": [{"TEXT": {"REGEX": r"^\d{4}-\d{2}-\d{2}$"}}]},
    ]


class EntityReader:
    """One for a shop. ``products``: names as the catalogue writes them."""

    def __init__(self, products: Sequence[str] = ()) -> None:
        self._rulers = {language: self._ruler(pipeline(language)) for language in LANGUAGES}
        self._names = {name.casefold(): name for name in products}
        self._products = {language: self._matcher(pipeline(language), products) for language in LANGUAGES}

    @staticmethod
    def _ruler(nlp: Language) -> Any:
        from spacy.pipeline import EntityRuler

        ruler = EntityRuler(nlp, overwrite_ents=True)
        ruler.add_patterns(_patterns())
        return ruler

    @staticmethod
    def _matcher(nlp: Language, products: Sequence[str]) -> PhraseMatcher:
        matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        if products:
            matcher.add("product", [nlp.make_doc(name) for name in products])
        return matcher

    def read(
        self, text: str, language: str, *, expected: str | None = None, forms: OrderForms = NO_FORMS
    ) -> list[Entity]:
        """Entities in order of their place; identifiers win over sizes and dates, products over all but them."""
        written = text[:MAX_SCORED]
        plain = _SIGN.sub(" ", plain_signs(written))
        text = _RUN.sub(lambda run: run.group()[0].ljust(len(run.group())), plain)
        found = find_identifiers(text, expected=expected, forms=forms)
        language = language if language in LANGUAGES else LANGUAGES[0]
        doc = pipeline(language).make_doc(text)
        for entity in [*self._product_spans(doc, language), *self._ruled(doc, language)]:
            if all(entity.end <= other.start or entity.start >= other.end for other in found):
                found.append(entity)
        found = [replace(entity, text=written[entity.start : entity.end]) for entity in found]
        return sorted(found, key=lambda entity: entity.start)

    def _product_spans(self, doc: Doc, language: str) -> list[Entity]:
        spans = [doc[start:end] for _, start, end in self._products[language](doc)]
        spans.sort(key=lambda span: len(span.text), reverse=True)
        return [
            Entity(
                "product", self._names.get(span.text.casefold(), span.text), span.text, span.start_char, span.end_char
            )
            for span in spans
        ]

    def _ruled(self, doc: Doc, language: str) -> list[Entity]:
        return [
            Entity(span.label_, _value(span.label_, span.text), span.text, span.start_char, span.end_char)
            for span in self._rulers[language](doc).ents
        ]


def _value(kind: str, text: str) -> str:
    """'taglia 42,5' is the size '42.5'; a date stays as the shopper wrote it."""
    return text.split()[-1].upper().replace(",", ".") if kind == "size" else text.lower()
