"""The ladder for what was not understood: choices, then "say it differently", then a person. Two failures at most."""
from actions.faq_answers import title
from actions.turn import Turn
from bot.model.conversation import Choice
from bot.model.ownership import Reason
from bot.model.understanding import Band, Candidate

MOST_FAILURES = 2
LEAST_CHOICES, MOST_CHOICES = 2, 3
#: A third reading far less likely than the best one is no help as a choice, nor is any beside small talk.
LEAST_SHARE = 0.05
#: Dialogue intents that make sense as a choice → the payload they carry.
OFFERABLE = {"order_status": "intent:order_status", "complaint": "intent:complaint", "handoff_request": "hand_off"}


def climb(turn: Turn, *, refused: bool = False) -> None:
    """Take the next step of the ladder.

    Args:
        refused: the shopper said no to what was offered or answered, rather than writing something unclear.
    """
    failures = int(turn.slot("failures") or 0)
    has_refused = refused or bool(turn.slot("refused"))
    if failures >= MOST_FAILURES:
        turn.say("utter_better_a_person", source="fallback")
        turn.hand_off(Reason.REPEATED_FAILURE if has_refused else Reason.LOW_CONFIDENCE)
        return
    was_offered = turn.slot("offered") or []
    choices = [] if refused else choices_for(turn)
    turn.remember(
        failures=failures + 1,
        refused=has_refused or None,
        offered=[one.payload for one in choices] or None,
        last_answer=None,
    )
    if turn.facts.language == "other":
        turn.say("utter_other_language", choices=[turn.person_choice()], source="fallback")
    elif choices:
        turn.say("utter_offer", choices=[*choices, none_choice(turn)], source="fallback")
    else:
        key = "utter_rephrase_after_choices" if refused and was_offered else "utter_rephrase"
        turn.say(key, choices=[turn.person_choice()], source="fallback")


def say_no_more(turn: Turn) -> None:
    """A question about the entry that was said just now: saying it again would not answer it. Then a person."""
    failures = int(turn.slot("failures") or 0)
    if failures >= MOST_FAILURES:
        turn.say("utter_better_a_person", source="fallback")
        turn.hand_off(Reason.REPEATED_FAILURE)
        return
    turn.remember(failures=failures + 1)
    text = turn.text("utter_said_above")
    turn.say_text(text, choices=[turn.person_choice()], source="faq", faq_id=turn.parse.faq_id)


def none_choice(turn: Turn) -> Choice:
    return Choice(turn.title("utter_title_none"), "none")


def titled(turn: Turn, payload: str) -> Choice | None:
    """The choice behind a payload, in words; None where there are none (the entry was taken out)."""
    if payload.startswith("faq:"):
        name = title(turn, payload.removeprefix("faq:"))
        return Choice(name, payload) if name else None
    if payload == "hand_off":
        return turn.person_choice()
    return Choice(turn.title(f"utter_title_{payload.removeprefix('intent:')}"), payload)


def choices_for(turn: Turn) -> list[Choice]:
    """Two or three readings of an unsure message, best first; none where they were all offered before."""
    if turn.parse.band is not Band.OFFER:
        return []
    offerable = [(one.score, payload) for one in turn.parse.candidates if (payload := _payload(one))]
    best = max((one.score for one in turn.parse.candidates), default=0.0)
    least = LEAST_CHOICES if offerable and offerable[0][0] == best else 0
    likely = [one for rank, one in enumerate(offerable) if rank < least or one[0] >= LEAST_SHARE * best]
    payloads = dict.fromkeys(payload for _, payload in likely)
    fresh = [one for payload in payloads if (one := titled(turn, payload))][:MOST_CHOICES]
    return [] if {one.payload for one in fresh} <= set(turn.slot("offered") or []) else fresh


def _payload(candidate: Candidate) -> str | None:
    return f"faq:{candidate.faq_id}" if candidate.faq_id else OFFERABLE.get(candidate.intent)
