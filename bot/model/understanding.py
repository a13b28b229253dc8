"""What a message was understood to mean: the values that leave the NLU pipeline."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Band(StrEnum):
    """How sure the pipeline is, in the only terms the rest of the house knows."""

    ANSWER = "answer"
    OFFER = "offer"
    HAND_OVER = "hand_over"


class Alarm(StrEnum):
    """What in a message must not be left to a bot. All but ANGER are never answered with a FAQ."""

    ANGER = "anger"
    LEGAL = "legal"
    DISTRESS = "distress"
    FRAUD = "fraud"
    SAFETY = "safety"


#: A person goes on at once; anger alone may still be served or noted.
SENSITIVE = frozenset({Alarm.LEGAL, Alarm.DISTRESS, Alarm.FRAUD, Alarm.SAFETY})


@dataclass(frozen=True, slots=True)
class Entity:
    """``kind``: order_number, email, phone, tracking_code, postcode, size, product, date. ``value`` is normalised."""

    kind: str
    value: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading on the one scale of dialogue intents and FAQ ids. ``faq_id`` is set exactly where intent is 'faq'."""

    intent: str
    faq_id: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message. ``start`` and ``end`` are character offsets in ``Parse.text``."""

    text: str
    start: int
    end: int
    intent: str
    faq_id: str | None
    confidence: float
    band: Band
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before a message is read.

    Attributes:
        language: the conversation's language so far (sticky); None before the first sure message.
        locale: what the shopper's browser or app says ("it-IT"); a weak prior.
        previous_faq_id: the FAQ entry answered last, for "e per la Svizzera?".
        previous_intent: the dialogue intent answered last, where that was no FAQ entry ("order_status").
        expected: entity kind that an open form asks for ("order_number"); a form value is never split.
    """

    language: str | None = None
    locale: str | None = None
    previous_faq_id: str | None = None
    previous_intent: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Parse:
    """The reading of one message.

    Attributes:
        language: 'it', 'en' or 'other'; what to answer in.
        heard: the language of the message's own words, '' where they say nothing; None where nobody listened.
        intent: a dialogue intent of domain.yml, or 'faq' with ``faq_id``.
        confidence: calibrated, 0 to 1.
        candidates: best first, at most ten.
        parts: at least one where the text is not empty; several questions give several parts.
        alarm: None where a bot may answer.
        artefacts: ids from which the reading can be recomputed: model, encoder, faq_version.
        follows: by itself the message was no question about ``faq_id``; it is one after what was answered last.
        source: 'nlu', 'choice' (the shopper tapped a choice) or 'lexical' (the pipeline failed).
    """

    text: str
    language: str
    intent: str
    confidence: float
    band: Band
    faq_id: str | None = None
    candidates: tuple[Candidate, ...] = ()
    entities: tuple[Entity, ...] = ()
    parts: tuple[Part, ...] = ()
    alarm: Alarm | None = None
    follows: bool = False
    artefacts: Mapping[str, str] = field(default_factory=dict)
    source: str = "nlu"
    signals: Mapping[str, Any] = field(default_factory=dict)
    heard: str | None = None

    def entity(self, kind: str) -> str | None:
        """The first value of an entity kind; None where there is none."""
        return next((entity.value for entity in self.entities if entity.kind == kind), None)
