"""Greetings, goodbyes, "are you a bot?", starting over, and what the desk is not there for."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_other_parts
from actions.turn import Turn
from bot.model.ownership import Owner

FORM_SLOTS = ("order_number", "order_email", "tried_number", "tried_email", "missing", "upset")


class Greet(Action):
    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        name = (turn.facts.contact_name or "").strip()
        if name:
            turn.say("utter_greet_named", name=name if turn.facts.tone == "formal" else name.split()[0])
        else:
            turn.say("utter_greet")
        return turn.events


class BotChallenge(Action):
    def name(self) -> str:
        return "action_bot_challenge"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        turn.say("utter_bot_challenge", choices=[turn.person_choice()])
        say_other_parts(turn)
        return turn.events


class Goodbye(Action):
    def name(self) -> str:
        return "action_goodbye"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        turn.say("utter_goodbye")
        turn.end_form()
        # "ciao" also opens conversations: one that has just begun is not closed.
        if turn.facts.owner is Owner.BOT and not turn.facts.is_new_episode:
            turn.request("close")
        return turn.events


class StartOver(Action):
    def name(self) -> str:
        return "action_start_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        turn.say("utter_start_over")
        turn.end_form()
        turn.succeed()
        turn.remember(**dict.fromkeys(FORM_SLOTS))
        return turn.events


class OutOfScope(Action):
    def name(self) -> str:
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        turn.say("utter_out_of_scope", choices=[turn.person_choice()])
        return turn.events
