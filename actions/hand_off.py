"""Passes the conversation to a person because the shopper asked, or is upset."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_other_parts
from actions.turn import Turn
from bot.model.ownership import Reason


class HandOff(Action):
    def name(self) -> str:
        return "action_hand_off"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        say_other_parts(turn)
        turn.hand_off(Reason.CUSTOMER_REQUEST)
        return turn.events
