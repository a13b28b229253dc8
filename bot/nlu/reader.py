"""From a message to a Parse: language, entities, alarm, parts and follow-ups around one snapshot's readings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model.order_forms import NO_FORMS, OrderForms
from bot.model.understanding import Band, Candidate, Entity, Hints, Parse, Part
from bot.nlu.match.alarms import AlarmReader
from bot.nlu.match.rows import FAQ_PREFIX, OUT_OF_SCOPE, faq_id_of, intent_of, is_faq, label_of
from bot.nlu.match.snapshot import Reading, Snapshot
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.followups import in_context, is_follow_up, opens_as_follow_up
from bot.nlu.text.language import LanguageReader
from bot.nlu.text.parts import MOST_PARTS, Span, clauses, core
from bot.nlu.text.text import clean, has_letters, normalise

#: Intents that accompany a question and are none themselves.
_COURTESY = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "inform"})
#: Confidence of what is certain by form: a bare number, an answer to the form's question.
_CERTAIN = 0.97
_FORM_WORDS = 8
#: A fragment that alone is as sure as this needs no context, though it is not sure enough to be answered.
_NEARLY_SURE = 0.9
#: A sentence without the form of a follow-up is one where the earlier topic is among so many of its candidates.
_NEAR = 3
#: Cosine to an example from which a text says the same as it: what stands before or beside it does not change it.
_SAID_WHOLE = 0.85
#: A part that the whole message confirms is answered from this confidence on.
_AGREED = 0.75
#: A part means what is among so many candidates of the whole message.
_PLAUSIBLE = 4
#: What names a thing and says nothing of what is wished; so many words must be left beside it.
_IDENTIFIERS = frozenset({"order_number", "email", "phone", "tracking_code"})
_WISH_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_SIGNS = {
    "👍": "affirm",
    "👌": "affirm",
    "✅": "affirm",
    "👎": "deny",
    "🙏": "thank",
    "❤": "thank",
    "😊": "thank",
    "👋": "greet",
}


@dataclass(frozen=True, slots=True)
class MessageReader:
    """What is the same for all publications: languages, entities, alarms."""

    languages: LanguageReader
    entities: EntityReader
    alarms: AlarmReader | None

    def parse(self, text: str, hints: Hints, snapshot: Snapshot, forms: OrderForms = NO_FORMS) -> Parse:
        """Read one message against one snapshot. Never raises on any text."""
        language, heard = self.languages.hear(text, hints)
        entities = tuple(self.entities.read(text, language, expected=hints.expected, forms=forms))
        artefacts = {
            "model": snapshot.model,
            "encoder": snapshot.embeddings.encoder.id,
            "faq_version": snapshot.faq_version,
            "rows": snapshot.rows_id,
            "scorer": "head" if snapshot.trained else "retrieval",
        }
        found = self._certain(text, language, entities, hints, snapshot)
        if found is None:
            found = self._read(text, language, hints, snapshot, entities)
        return replace(found, entities=entities, artefacts=artefacts, heard=heard)

    def _certain(
        self, text: str, language: str, entities: Sequence[Entity], hints: Hints, snapshot: Snapshot
    ) -> Parse | None:
        """What needs no scorer: nothing said, a sign, bare values, the value a form waits for."""
        if not normalise(text):
            sign = next((intent for sign, intent in _SIGNS.items() if sign in text), None)
            if sign and sign in snapshot.index.labels:
                return _parse(text, language, [_by_form(text, sign)])
            parts = [_by_form(text, OUT_OF_SCOPE, band=Band.HAND_OVER)] if text.strip() else []
            return _parse(text, language, parts)
        rest = _without(text, entities)
        given = any(entity.kind == hints.expected for entity in entities)
        if entities and not has_letters(rest) or given and len(rest.split()) <= _FORM_WORDS and "?" not in rest:
            return _parse(text, language, [_by_form(text, "inform")])
        if not has_letters(clean(text)):
            return _parse(text, language, [_by_form(text, OUT_OF_SCOPE, band=Band.HAND_OVER)])
        return None

    def _read(
        self, text: str, language: str, hints: Hints, snapshot: Snapshot, entities: Sequence[Entity]
    ) -> Parse:
        said = normalise(text)
        query = snapshot.query(said, language)
        alarm = self.alarms.read(query.text, query.vector) if self.alarms else None
        span = core(text)
        wish = normalise(_wish(text, span, entities)) or said
        whole = snapshot.read(query if wish == said else snapshot.query(wish, language))
        if wish != said and intent_of(whole.label) in _COURTESY:
            whole = snapshot.read(query)  # "ok grazie" is a thank, and no yes with a politeness beside it
        alone, follows = whole, False
        if hints.previous_faq_id:
            previous = f"{FAQ_PREFIX}{hints.previous_faq_id}"
            whole = _follow_up(text[slice(*span)], language, previous, alone, snapshot)
            follows = whole.label == previous and (alone.label != previous or alone.band is not Band.ANSWER)
        elif hints.previous_intent:
            whole = _after_intent(text[slice(*span)], language, hints.previous_intent, alone, snapshot)
        pieces = [] if hints.expected else self._pieces(text, span, language, whole, snapshot, entities)
        parts = [_part(text, piece, reading) for piece, reading in pieces or [((0, len(text)), whole)]]
        follows = follows and not pieces
        return replace(_parse(text, language, parts), alarm=alarm, follows=follows, signals=whole.signals)

    def _pieces(
        self, text: str, span: Span, language: str, whole: Reading, snapshot: Snapshot, entities: Sequence[Entity]
    ) -> list[tuple[Span, Reading]]:
        """The parts where the message holds several questions that read well alone; else nothing."""
        spans = clauses(text, span)
        if not 1 < len(spans) <= MOST_PARTS:
            return []
        read = [
            (piece, snapshot.read(snapshot.query(normalise(_wish(text, piece, entities)) or "?", language)))
            for piece in spans
        ]
        told = [pair for pair in _joined(read) if pair[1].label not in _COURTESY and pair[1].label != OUT_OF_SCOPE]
        told = [pair for pair in _agreed(told, whole) if pair[1].band is not Band.HAND_OVER]
        if not any(is_faq(reading.label) for _, reading in told):
            return []  # one intent owns a message that asks for no entry
        sure = [pair for pair in told if pair[1].band is Band.ANSWER]
        if len({reading.label for _, reading in told}) < 2 or not sure:
            return []
        if len(told) == len(sure) and all(reading.signals["nearest"] >= _SAID_WHOLE for _, reading in sure):
            return told  # each is as good as an example: what both together resemble does not count
        if whole.band is Band.ANSWER and (len(sure) < len(told) or whole.label not in [one.label for _, one in told]):
            return []
        if len(sure) < 2 and whole.label not in [one.label for _, one in sure]:
            return []  # some words that are sure by themselves do not speak for a whole that means something else
        # What the whole does not mean in the least is no question of it, but what some words mean out of context.
        plausible = {label_of(one.intent, one.faq_id) for one in whole.candidates[:_PLAUSIBLE]}
        return told if all(reading.label in plausible for _, reading in sure) else []


def _joined(read: Sequence[tuple[Span, Reading]]) -> list[tuple[Span, Reading]]:
    """Neighbours that say the same are one part; the surer reading speaks for both."""
    joined: list[tuple[Span, Reading]] = []
    for span, reading in read:
        if joined and joined[-1][1].label == reading.label:
            (start, _), before = joined[-1]
            joined[-1] = ((start, span[1]), max(before, reading, key=lambda one: one.confidence))
        else:
            joined.append((span, reading))
    return joined


def _agreed(told: Sequence[tuple[Span, Reading]], whole: Reading) -> list[tuple[Span, Reading]]:
    """Two parts that mean just what the whole message wavers between are a band surer than each by itself."""
    wavers = {label_of(one.intent, one.faq_id) for one in whole.candidates[:2]}
    if whole.band is Band.ANSWER or len(told) != 2 or {reading.label for _, reading in told} != wavers:
        return list(told)
    return [(span, _surer(reading)) for span, reading in told]


def _surer(reading: Reading) -> Reading:
    if reading.band is Band.HAND_OVER:
        return replace(reading, band=Band.OFFER)
    return replace(reading, band=Band.ANSWER) if reading.confidence >= _AGREED else reading


def _follow_up(text: str, language: str, label: str, alone: Reading, snapshot: Snapshot) -> Reading:
    """The fragment read together with the question of ``label`` that was answered last."""
    if alone.band is not Band.ANSWER and alone.label not in (label, OUT_OF_SCOPE) and alone.confidence >= _NEARLY_SURE:
        return alone
    if not is_follow_up(text):
        # A whole sentence leans on what came before only where that is what it may mean by itself.
        if alone.band is Band.ANSWER or label not in _near(alone) or alone.label == label:
            return alone
    elif intent_of(alone.label) in _COURTESY and alone.band is Band.ANSWER:
        return alone
    elif alone.band is Band.ANSWER and alone.signals["nearest"] >= _SAID_WHOLE:
        return alone  # "And can I pay on delivery?" is no question about the topic before
    title = next((row.text for row in snapshot.index.rows if row.label == label and row.language == language), None)
    if title is None or alone.band is Band.ANSWER and not opens_as_follow_up(text):
        return alone
    together = snapshot.read(snapshot.query(normalise(in_context(title, text)), language))
    if alone.band is Band.ANSWER and together.label not in (label, alone.label):
        return alone
    return together if together.confidence >= alone.confidence or alone.band is not Band.ANSWER else alone


def _after_intent(text: str, language: str, intent: str, alone: Reading, snapshot: Snapshot) -> Reading:
    """What came after a dialogue intent ("and when does it arrive?"), where by itself it may well mean that again."""
    told = [row.text for row in snapshot.index.rows if row.label == intent and row.language == language]
    if alone.band is Band.ANSWER or intent not in _near(alone) or not told:
        return alone
    # Beside any of an intent's examples nearly every fragment seems to mean it; the shortest one pulls least.
    together = snapshot.read(snapshot.query(normalise(in_context(min(told, key=len), text)), language))
    # What was told last is evidence of its own.
    is_meant = together.label == intent and together.confidence >= _AGREED
    return replace(together, band=Band.ANSWER) if is_meant else together


def _near(reading: Reading) -> list[str]:
    return [label_of(one.intent, one.faq_id) for one in reading.candidates[:_NEAR]]


def _wish(text: str, span: Span, entities: Sequence[Entity]) -> str:
    """The words of a span without the numbers and addresses said beside them, where there are words enough.

    No editor writes an order number into a phrasing; to the scorers it is a strange word that says "order status".
    """
    start, end = span
    said = [
        replace(entity, start=entity.start - start, end=entity.end - start)
        for entity in entities
        if entity.kind in _IDENTIFIERS and start <= entity.start and entity.end <= end
    ]
    words = _without(text[start:end], said)
    return words if said and len(_WORD.findall(words)) >= _WISH_WORDS else text[start:end]


def _without(text: str, entities: Sequence[Entity]) -> str:
    rest = text
    for entity in sorted(entities, key=lambda entity: -entity.start):
        rest = f"{rest[: entity.start]} {rest[entity.end :]}"
    return rest


def _by_form(text: str, intent: str, *, band: Band = Band.ANSWER) -> Part:
    score = _CERTAIN if band is Band.ANSWER else 0.0
    return Part(text, 0, len(text), intent, None, score, band, (Candidate(intent, None, score),))


def _part(text: str, span: Span, reading: Reading) -> Part:
    return Part(
        text=text[slice(*span)],
        start=span[0],
        end=span[1],
        intent=intent_of(reading.label),
        faq_id=faq_id_of(reading.label),
        confidence=round(reading.confidence, 4),
        band=reading.band,
        candidates=reading.candidates,
    )


def _parse(text: str, language: str, parts: Sequence[Part]) -> Parse:
    """The message speaks with the voice of its surest part that is no FAQ entry, else of its surest part."""
    if not parts:
        return Parse(text, language, OUT_OF_SCOPE, 0.0, Band.HAND_OVER)
    lead = max(parts, key=lambda part: (part.band is Band.ANSWER, part.intent != "faq", part.confidence))
    return Parse(
        text=text,
        language=language,
        intent=lead.intent,
        confidence=lead.confidence,
        band=lead.band,
        faq_id=lead.faq_id,
        candidates=lead.candidates,
        parts=tuple(parts),
    )
