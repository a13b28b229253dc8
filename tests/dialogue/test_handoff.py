"""A person when asked for, and when somebody complains."""
from dataclasses import replace

from bot.model.ownership import Reason
from bot.model.understanding import Band
from tests.dialogue.talk import Talk, angry, faq, says


async def test_asking_for_a_person_requests_one_and_says_nothing_itself(talk: Talk) -> None:
    """What happens next (position, next opening) is told by the service, which knows it."""
    await talk.hears(says("posso parlare con qualcuno?", "handoff_request"))
    assert (talk.bot, talk.handed_off) == ([], [Reason.CUSTOMER_REQUEST])


async def test_a_likely_request_for_a_person_is_one(talk: Talk) -> None:
    likely = replace(says("qualcuno in linea?", "handoff_request", Band.OFFER), confidence=0.7)
    await talk.hears(likely)
    assert talk.handed_off == [Reason.CUSTOMER_REQUEST]


async def test_an_unlikely_request_for_a_person_is_none(talk: Talk) -> None:
    unlikely = replace(says("l'operatore del corriere non ha suonato", "handoff_request", Band.OFFER), confidence=0.6)
    await talk.hears(unlikely)
    assert talk.handed_off == []


async def test_a_complaint_gets_an_apology_and_a_person(talk: Talk) -> None:
    await talk.hears(says("servizio pessimo", "complaint"))
    assert (talk.bot, talk.handed_off) == (["Mi dispiace per quello che è successo."], [Reason.COMPLAINT])


async def test_anger_alone_is_a_complaint_whatever_else_was_read(talk: Talk) -> None:
    await talk.hears(angry("greet"))
    assert talk.handed_off == [Reason.COMPLAINT]


async def test_anger_with_a_request_for_a_person_is_that_request(talk: Talk) -> None:
    await talk.hears(angry("handoff_request"))
    assert talk.handed_off == [Reason.CUSTOMER_REQUEST]


async def test_after_the_handoff_the_anger_is_over_and_questions_are_answered(talk: Talk) -> None:
    await talk.hears(angry("complaint"))
    assert await talk.hears(faq("shipping-cost")) == ["La spedizione costa 4,90 €."]
    assert talk.handed_off == []


async def test_a_return_from_a_person_ends_the_form_and_keeps_what_was_learnt(talk: Talk) -> None:
    await talk.hears(says("dov'è il mio ordine?", "order_status"))
    await talk.hears(says("1999", "inform", order_number="1999"))
    talk.state = talk.engine.remember(talk.state, {"order_number": "1004", "no_such_slot": 1})
    assert await talk.hears(faq("shipping-cost")) == ["La spedizione costa 4,90 €."]
    await talk.hears(says("e il mio ordine?", "order_status"))
    assert talk.last and (talk.last.expects, talk.last.slots) == ("email", {"order_number": "1004"})


async def test_what_a_person_did_can_be_remembered_before_the_bot_ever_spoke(talk: Talk) -> None:
    talk.state = talk.engine.remember(None, {"order_number": "1004", "order_email": "mario@example.com"})
    await talk.hears(says("dov'è il mio ordine?", "order_status"))
    assert "è partito" in talk.bot[0]
