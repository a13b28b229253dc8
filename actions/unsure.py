"""What the bot does with a message it did not understand, with a no, and with a yes."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.ladder import MOST_FAILURES, choices_for, climb, none_choice, titled
from actions.turn import Turn
from bot.model.leaving import leaves


class Unsure(Action):
    def name(self) -> str:
        return "action_unsure"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        turn.apologise()
        failures = int(turn.slot("failures") or 0)
        if turn.is_in_form and failures < MOST_FAILURES and not choices_for(turn):
            turn.remember(failures=failures + 1, offered=None)  # the form asks again by itself, with more words
        else:
            climb(turn)
        return turn.events


class Deny(Action):
    def name(self) -> str:
        return "action_deny"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        if turn.slot("offered") and not (turn.is_in_form and leaves(turn.parse.text)):
            climb(turn, refused=True)
        elif turn.is_in_form:
            turn.say("utter_order_dropped")
            turn.end_form()
            turn.remember(missing=None, tried_number=None, tried_email=None, failures=0, upset=None, offered=None)
        elif turn.slot("last_answer") and int(turn.slot("failures") or 0) < MOST_FAILURES:
            turn.say("utter_not_that", choices=[turn.person_choice()], source="fallback")
            turn.remember(failures=int(turn.slot("failures") or 0) + 1, refused=True, last_answer=None)
        elif turn.slot("failures"):
            climb(turn, refused=True)
        else:
            turn.say("utter_deny")
        return turn.events


class Affirm(Action):
    def name(self) -> str:
        return "action_affirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        offered = [one for payload in turn.slot("offered") or [] if (one := titled(turn, payload))]
        if offered:
            turn.say("utter_offer_again", choices=[*offered, none_choice(turn)], source="fallback")
        else:
            turn.say("utter_ack")
        return turn.events
