"""Opens the order that number and e-mail prove, and tells how it stands."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_other_parts
from actions.order_form import leave_email
from actions.order_words import NEED_A_PERSON, in_words, is_late
from actions.turn import Turn
from bot.model.orders import Order, ProofOutcome
from bot.model.ownership import Reason


class FindOrder(Action):
    def name(self) -> str:
        return "action_find_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        number, email = turn.slot("order_number"), turn.slot("order_email")
        if not number or not email:
            leave_email(turn, email)
            return turn.events
        proof = await turn.ports.orders.prove(number, email)
        match proof.outcome:
            case ProofOutcome.PROVEN if proof.order:
                _tell(turn, proof.order)
            case ProofOutcome.LOCKED:
                turn.apologise()
                turn.say("utter_order_locked", source="order")
                turn.hand_off(Reason.ORDER_PROBLEM)
            case ProofOutcome.UNAVAILABLE:
                turn.apologise()
                turn.say("utter_order_unavailable", source="order")
                turn.hand_off(Reason.TOOL_FAILURE)
            case _:
                # The form opens again by itself and asks; a corrected half is enough.
                turn.remember(order_number=None, order_email=None, tried_number=number, tried_email=email)
                turn.events.append(ActiveLoop("order_form"))
        return turn.events


def _tell(turn: Turn, order: Order) -> None:
    turn.apologise()
    told = f"{order.number} {order.status}"
    if order.status in NEED_A_PERSON and turn.slot("told_order") == told:
        # Saying again that it was delivered helps nobody who has just read it and writes that it was not.
        turn.say("utter_order_person", source="order")
        turn.hand_off(Reason.ORDER_PROBLEM)
        return
    is_upset = bool(turn.slot("upset"))
    needs_person = order.status in NEED_A_PERSON or is_late(turn, order)
    choices = [turn.person_choice()] if needs_person and not is_upset else []
    turn.say_text(in_words(turn, order), choices=choices, source="order")
    turn.succeed()
    turn.remember(tried_number=None, tried_email=None, missing=None, told_order=told)
    say_other_parts(turn)
    if is_upset:
        turn.hand_off(Reason.COMPLAINT)
