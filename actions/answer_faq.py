"""Answers from the FAQ."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_sure_parts
from actions.ladder import climb, say_no_more
from actions.turn import Turn
from bot.model.ownership import Reason


class AnswerFaq(Action):
    def name(self) -> str:
        return "action_answer_faq"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        if turn.parse.follows and turn.parse.faq_id == turn.slot("last_answer"):
            say_no_more(turn)
            return turn.events
        is_upset = turn.apologise()  # now, not some messages ago
        if not say_sure_parts(turn):
            climb(turn)
            return turn.events
        turn.succeed()
        turn.remember(last_answer=turn.sure_faq_ids()[-1])
        if is_upset:
            turn.hand_off(Reason.COMPLAINT)
        return turn.events
