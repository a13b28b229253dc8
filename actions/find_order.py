"""Opens the order that number and e-mail prove, and tells how it stands."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.faq_answers import say_other_parts
from actions.order_form import leave_email, numbers_in
from actions.order_words import NEED_A_PERSON, in_words, is_late, told
from actions.turn import Turn
from bot.model.orders import Order, ProofOutcome
from bot.model.ownership import Reason

#: Of several refusals the gravest is told.
_WEIGHT = (ProofOutcome.PROVEN, ProofOutcome.NO_MATCH, ProofOutcome.UNAVAILABLE, ProofOutcome.LOCKED)


class FindOrder(Action):
    def name(self) -> str:
        return "action_find_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        numbers, email = numbers_in(turn.slot("order_number")), turn.slot("order_email")
        if not numbers or not email:
            leave_email(turn, email)
            return turn.events
        proofs = [await turn.ports.orders.prove(number, email) for number in numbers]
        opened = list({proof.order.number: proof.order for proof in proofs if proof.order}.values())
        if opened:
            missing = [number for number, proof in zip(numbers, proofs, strict=True) if not proof.order]
            _tell(turn, opened, missing)
            return turn.events
        match max((proof.outcome for proof in proofs), key=_WEIGHT.index):
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
                tried = ", ".join(numbers)
                turn.remember(order_number=None, order_email=None, tried_number=tried, tried_email=email)
                turn.events.append(ActiveLoop("order_form"))
        return turn.events


def _tell(turn: Turn, orders: list[Order], missing: list[str]) -> None:
    """The orders that were proven, a bubble each; what was asked besides and not found is said after them."""
    turn.apologise()
    is_upset = bool(turn.slot("upset"))
    needs_person = bool(missing) or any(one.status in NEED_A_PERSON or is_late(turn, one) for one in orders)
    last = orders[-1]
    if len(orders) == 1 and last.status in NEED_A_PERSON and turn.slot("told_order") == told(turn, last):
        # Saying again that it was delivered helps nobody who has just read it and writes that it was not.
        turn.say("utter_order_person", source="order")
        turn.hand_off(Reason.ORDER_PROBLEM)
        return
    choices = [turn.person_choice()] if needs_person and not is_upset else []
    for order in orders:
        is_end = order is last and not missing
        turn.say_text(in_words(turn, order), choices=choices if is_end else [], source="order")
    if missing:
        turn.say("utter_order_others_no_match", choices=choices, source="order", numbers=", ".join(missing))
    turn.succeed()
    # Of several the one that needs a person: its button may be tapped next.
    worst = next((one for one in orders if one.status in NEED_A_PERSON or is_late(turn, one)), last)
    turn.remember(tried_number=None, tried_email=None, missing=None, told_order=told(turn, worst))
    say_other_parts(turn)
    if is_upset:
        turn.hand_off(Reason.COMPLAINT)
