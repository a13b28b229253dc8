"""The order form: asks for number and e-mail, takes corrections, helps those who have no number."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_other_parts
from actions.turn import Turn
from bot.model.ownership import Reason

#: Intents after which the same question is asked with more words: the shopper tried to answer it.
TRIED_TO_ANSWER = frozenset({"nlu_fallback", "inform", "affirm", "order_status"})


#: So many orders of one message are looked up: each failed one is a try.
MOST_NUMBERS = 3


class AskOrderNumber(Action):
    def name(self) -> str:
        return "action_ask_order_number"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        if _has_just_asked(turn):
            return turn.events
        has_apologised = turn.apologise()
        say_other_parts(turn)
        if turn.has_run("action_find_order"):
            turn.say("utter_order_no_match", choices=[turn.person_choice()], source="order")
        else:
            first = "utter_ask_order_number_upset" if has_apologised else "utter_ask_order_number"
            turn.say(_wording(turn, first, "utter_ask_order_number"), source="order")
        return turn.events


class AskOrderEmail(Action):
    def name(self) -> str:
        return "action_ask_order_email"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        if not _has_just_asked(turn):
            turn.apologise()
            say_other_parts(turn)
            turn.say(_wording(turn, "utter_ask_order_email", "utter_ask_order_email"), source="order")
        return turn.events


class HelpOrder(Action):
    """Someone inside the form who cannot give what it asks for."""

    def name(self) -> str:
        return "action_help_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        if turn.slot("missing") == turn.requested:
            leave_email(turn, turn.slot("order_email"))
        else:
            key = "utter_order_email_help" if turn.requested == "order_email" else "utter_order_number_help"
            turn.say(key, choices=[turn.person_choice()], source="order")
            turn.remember(missing=turn.requested)
        return turn.events


class ResumeOrder(Action):
    """A yes, or the same wish again: nothing to say, the form then asks by itself."""

    def name(self) -> str:
        return "action_resume_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return []


class ValidateOrderForm(Action):
    """Fills in the half that was already given, and ends the form for those who leave only their e-mail."""

    def name(self) -> str:
        return "validate_order_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        number, email = turn.slot("order_number"), turn.slot("order_email")
        events: list[EventType] = [SlotSet(name, value) for name, value in tracker.slots_to_validate().items()]
        if email and not number and turn.slot("missing") == "order_number" and turn.parse.entity("email"):
            events.append(SlotSet("requested_slot", None))
        elif number and not email and turn.slot("tried_email") and number != turn.slot("tried_number"):
            events.append(SlotSet("order_email", turn.slot("tried_email")))
        elif email and not number and turn.slot("tried_number") and email != turn.slot("tried_email"):
            events.append(SlotSet("order_number", turn.slot("tried_number")))
        return events


def numbers_in(slot: str | None) -> list[str]:
    """The order numbers of the slot, which holds all that one message named."""
    return [number for number in (slot or "").split(", ") if number][:MOST_NUMBERS]


def leave_email(turn: Turn, email: str | None) -> None:
    """A person looks the order up, by e-mail where one is known."""
    known = email or turn.facts.contact_email
    if known:
        turn.request("email_left", email=known)
    turn.hand_off(Reason.ORDER_PROBLEM)


def _has_just_asked(turn: Turn) -> bool:
    """An unclear message was met with choices, or the help has just said what to write: one question is enough."""
    return turn.has_run("action_help_order") or (turn.has_run("action_unsure") and bool(turn.slot("offered")))


def _wording(turn: Turn, first: str, key: str) -> str:
    is_open = turn.is_in_form and turn.requested is not None
    if not is_open or (turn.intent == "inform" and turn.parse.entities):
        return first
    return f"{key}_again" if turn.intent in TRIED_TO_ANSWER else f"{key}_resume"
