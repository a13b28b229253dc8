"""Passes the conversation to a person because the shopper asked, or is upset."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_other_parts
from actions.order_words import opens_to_a_person
from actions.turn import Turn
from bot.model.ownership import Reason


class HandOff(Action):
    def name(self) -> str:
        return "action_hand_off"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        say_other_parts(turn)
        turn.hand_off(Reason.ORDER_PROBLEM if _asks_about_its_order(turn) else Reason.CUSTOMER_REQUEST)
        return turn.events


def _asks_about_its_order(turn: Turn) -> bool:
    """The button was the one below an order that is late or stuck, and nothing else was said since."""
    is_button = turn.parse.source == "choice"
    since = turn.slot("last_answer") or turn.slot("failures") or turn.slot("offered")
    return is_button and not since and opens_to_a_person(turn.slot("told_order"))
