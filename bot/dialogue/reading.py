"""Which intent Rasa's rules see: the reading of a message, given what the conversation is in the middle of."""
from collections.abc import Mapping
from typing import Any

from bot.dialogue.missing import cannot_give
from bot.model.leaving import wants_out
from bot.model.understanding import Alarm, Band, Parse

FALLBACK = "nlu_fallback"
#: Slot of the order form → entity kind that fills it.
FORM_VALUES = {"order_number": "order_number", "order_email": "email"}
#: Beside a sure question these are only its politeness.
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "inform", "out_of_scope"})
ORDER_ENTITIES = ("order_number", "tracking_code")

#: Taken even where the reading is not quite sure: the worst they lead to is a needless politeness.
HARMLESS = frozenset({"greet", "thank", "bot_challenge"})

#: A person who was not asked for costs a colleague a minute; one who was asked for and refused costs a customer:
#: two chances in three are enough.
LIKELY = 0.65


def is_about_an_order(parse: Parse) -> bool:
    """It asks for an order's status, or names one order."""
    asked = {parse.intent, *(part.intent for part in parse.parts)}
    return "order_status" in asked or any(parse.entity(kind) for kind in ORDER_ENTITIES)


def is_upset_about_an_order(parse: Parse) -> bool:
    angry = parse.alarm is Alarm.ANGER or (parse.intent == "complaint" and parse.band is Band.ANSWER)
    return angry and (is_about_an_order(parse) or _wavers_with_an_order(parse))


def _wavers_with_an_order(parse: Parse) -> bool:
    """An unsure complaint that would be an order question: that it is angry the alarm says already."""
    if parse.intent != "complaint" or parse.band is Band.ANSWER:
        return False
    others = (candidate.intent for candidate in parse.candidates if candidate.intent != "complaint")
    return next(others, None) == "order_status"


def intent_for_rules(parse: Parse, slots: Mapping[str, Any]) -> str:
    """The intent that Rasa is told.

    Args:
        slots: the conversation's slots; ``requested_slot`` says what an open form waits for.
    """
    requested = slots.get("requested_slot")
    if parse.source == "choice":
        return parse.intent
    if parse.intent == "handoff_request" and parse.band is Band.ANSWER:
        return "handoff_request"
    if requested:
        form_intent = _in_form(parse)
        if form_intent:
            return form_intent
    if is_upset_about_an_order(parse):
        return "order_status"
    if parse.alarm is Alarm.ANGER and not (parse.intent == "faq" and parse.band is Band.ANSWER):
        return "complaint"
    if parse.intent in SMALL_TALK and any(part.faq_id and part.band is Band.ANSWER for part in parse.parts):
        return "faq"
    if parse.band is not Band.ANSWER:
        return _unsure(parse, slots)
    if parse.language == "other":
        return FALLBACK
    if parse.intent == "inform" and not any(parse.entity(kind) for kind in FORM_VALUES.values()):
        return FALLBACK
    return parse.intent


def _unsure(parse: Parse, slots: Mapping[str, Any]) -> str:
    """A reading that is not sure is taken only where it cannot lead to a wrong answer."""
    number, email = parse.entity("order_number"), parse.entity("email")
    if number and (email or (parse.band is Band.OFFER and parse.intent in ("inform", "order_status"))):
        return "order_status"
    if parse.intent == "handoff_request" and parse.confidence >= LIKELY:
        return "handoff_request"
    if parse.band is not Band.OFFER or parse.language == "other":
        return FALLBACK
    is_asked = slots.get("requested_slot") or slots.get("offered")
    if parse.intent in HARMLESS or (is_asked and parse.intent in ("affirm", "deny")):
        return parse.intent
    return FALLBACK


def _in_form(parse: Parse) -> str | None:
    """The intent where the message answers the form; None where it says something else."""
    if wants_out(parse.text):
        return "deny"
    gives_value = any(parse.entity(kind) for kind in FORM_VALUES.values())
    if gives_value and not (parse.band is Band.ANSWER and parse.intent == "complaint"):
        return "inform"
    return "inform" if cannot_give(parse.text) else None


def upset(parse: Parse, slots: Mapping[str, Any]) -> str | None:
    """The slot ``upset`` after this message: 'new' while an apology is due."""
    if parse.alarm is Alarm.ANGER or is_upset_about_an_order(parse):
        return "new"
    known: str | None = slots.get("upset")
    return known
