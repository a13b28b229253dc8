"""Who is angry about an order is asked for it, with an apology; who is just angry gets a person."""
import pytest

from bot.dialogue.reading import intent_for_rules, is_upset_about_an_order
from bot.model.understanding import Alarm, Band, Candidate, Parse


def complaint(band: Band, *others: str, alarm: Alarm | None = Alarm.ANGER) -> Parse:
    candidates = (Candidate("complaint", None, 0.6), *(Candidate(other, None, 0.2) for other in others))
    return Parse("che vergogna", "it", "complaint", 0.6, band, candidates=candidates, alarm=alarm)


@pytest.mark.parametrize("band", [Band.OFFER, Band.HAND_OVER])
def test_an_unsure_complaint_beside_an_order_question_is_one(band: Band) -> None:
    asked = complaint(band, "order_status", "faq")

    assert is_upset_about_an_order(asked)
    assert intent_for_rules(asked, {}) == "order_status"


@pytest.mark.parametrize(
    "said",
    [
        complaint(Band.ANSWER, "order_status"),
        complaint(Band.OFFER, "faq", "order_status"),
        complaint(Band.OFFER),
    ],
    ids=["surely a complaint", "about something else first", "about nothing else"],
)
def test_any_other_angry_message_gets_a_person(said: Parse) -> None:
    assert not is_upset_about_an_order(said)
    assert intent_for_rules(said, {}) == "complaint"


def test_without_anger_an_unsure_complaint_asks_for_no_order() -> None:
    assert not is_upset_about_an_order(complaint(Band.OFFER, "order_status", alarm=None))
