"""Which intent Rasa's rules see: the reading of a message, given what the conversation is in the middle of."""
import re
from collections.abc import Mapping
from typing import Any

from bot.model.understanding import Alarm, Band, Parse

FALLBACK = "nlu_fallback"
#: Slot of the order form → entity kind that fills it.
FORM_VALUES = {"order_number": "order_number", "order_email": "email"}
#: Beside a sure question these are only its politeness.
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "inform", "out_of_scope"})
ORDER_ENTITIES = ("order_number", "tracking_code")

# Inside the form, and only there, these say "I cannot give you the number", whatever else they resemble.
_NO_NUMBER = re.compile(
    r"\b(?:non (?:ce l['’ ]?ho|c['’]è|ho|lo so|lo trovo|l['’ ]?ho|me lo|mi ricordo|ricordo|trovo|so)"
    r"|senza (?:numero|codice)|pers[oa]|dove (?:lo|lo si|si|posso) trov\w+|dove trovo|dov['’]è (?:scritto|il numero)"
    r"|quale numero|che numero"
    r"|(?:do not|don['’]?t|dont) (?:have|know|remember)|haven['’]?t got|no (?:order )?number|lost (?:it|the)|forgot"
    r"|can(?:no|['’]?)t find|where (?:do|can|is) .*(?:find|number|it)|what number|which number)\b",
    re.IGNORECASE,
)


def is_about_an_order(parse: Parse) -> bool:
    """It asks for an order's status, or names one order."""
    asked = {parse.intent, *(part.intent for part in parse.parts)}
    return "order_status" in asked or any(parse.entity(kind) for kind in ORDER_ENTITIES)


def is_upset_about_an_order(parse: Parse) -> bool:
    angry = parse.alarm is Alarm.ANGER or (parse.intent == "complaint" and parse.band is Band.ANSWER)
    return angry and is_about_an_order(parse)


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
        form_intent = _in_form(parse, requested)
        if form_intent:
            return form_intent
    if is_upset_about_an_order(parse):
        return "order_status"
    if parse.alarm is Alarm.ANGER and not (parse.intent == "faq" and parse.band is Band.ANSWER):
        return "complaint"
    if parse.entity("order_number") and parse.entity("email") and parse.band is not Band.ANSWER:
        return "order_status"
    if parse.intent in SMALL_TALK and any(part.faq_id and part.band is Band.ANSWER for part in parse.parts):
        return "faq"
    if parse.language == "other" or parse.band is not Band.ANSWER:
        return FALLBACK
    if parse.intent == "inform" and not any(parse.entity(kind) for kind in FORM_VALUES.values()):
        return FALLBACK
    return parse.intent


def _in_form(parse: Parse, requested: str) -> str | None:
    """The intent where the message answers the form; None where it says something else."""
    gives_value = any(parse.entity(kind) for kind in FORM_VALUES.values())
    if gives_value and not (parse.band is Band.ANSWER and parse.intent == "complaint"):
        return "inform"
    if requested == "order_number" and _NO_NUMBER.search(parse.text):
        return "inform"
    return None


def upset(parse: Parse, slots: Mapping[str, Any]) -> str | None:
    """The slot ``upset`` after this message: 'new' while an apology is due."""
    if parse.alarm is Alarm.ANGER or is_upset_about_an_order(parse):
        return "new"
    known: str | None = slots.get("upset")
    return known
