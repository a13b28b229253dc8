"""Greetings and the like: in the shopper's language and the shop's tone, by name where it is known."""
import dataclasses
from collections.abc import Callable

from bot.model.conversation import CloseRequested
from bot.model.ownership import Owner
from tests.dialogue.talk import Talk, angry, faq, says, unclear


async def test_it_greets_in_the_tone_of_the_shop(talk_in: Callable[..., Talk]) -> None:
    assert (await talk_in("it", "formal").hears(says("buongiorno", "greet"))) == ["Buongiorno, come posso aiutarla?"]
    assert "aiutarla" not in (await talk_in("it").hears(says("ciao", "greet")))[0]


async def test_it_greets_by_name(talk_in: Callable[..., Talk]) -> None:
    for tone, hello in (("informal", "Ciao Anna!"), ("formal", "Buongiorno Anna Neri,")):
        talk = talk_in("it", tone)
        talk.facts = dataclasses.replace(talk.facts, contact_name="Anna Neri")
        assert (await talk.hears(says("ciao", "greet")))[0].startswith(hello)


async def test_it_answers_in_english(talk_in: Callable[..., Talk]) -> None:
    assert await talk_in("en").hears(says("are you a bot?", "bot_challenge", language="en")) == [
        "I'm an automatic assistant, not a person. I answer questions about orders, deliveries, returns and sizes; "
        "if you prefer, I'll pass you to a colleague."
    ]


async def test_asked_whether_it_is_a_bot_it_says_so_and_offers_a_person(talk: Talk) -> None:
    await talk.hears(says("sei un bot?", "bot_challenge"))
    assert "assistente automatico" in talk.bot[0]
    assert talk.choices == ["hand_off"]


async def test_a_third_language_is_answered_in_both_of_ours_and_with_a_person(talk_in: Callable[..., Talk]) -> None:
    talk = talk_in("other")
    await talk.hears(says("¿dónde está mi pedido?", "order_status", language="other"))
    assert talk.bot[0].startswith("Qui rispondiamo in italiano e in inglese.")
    assert "We answer in Italian and in English." in talk.bot[0]
    assert (talk.titles, talk.choices) == (["Parla con qualcuno / Talk to a person"], ["hand_off"])


async def test_a_goodbye_closes_what_was_going_on(talk: Talk) -> None:
    await talk.hears(says("dov'è il mio ordine?", "order_status"))
    await talk.hears(says("arrivederci", "goodbye"))
    assert talk.last and talk.last.requests == (CloseRequested(),)
    assert not talk.is_in_form


async def test_a_goodbye_closes_nothing_at_the_very_beginning_or_in_the_queue(talk: Talk) -> None:
    for change in ({"is_new_episode": True}, {"is_new_episode": False, "owner": Owner.QUEUE}):
        talk.facts = dataclasses.replace(talk.facts, **change)
        await talk.hears(says("ciao", "goodbye"))
        assert talk.last and talk.last.requests == ()


async def test_starting_over_forgets_the_order_and_the_form(talk: Talk) -> None:
    await talk.hears(says("ordine 1004", "order_status", order_number="1004"))
    await talk.hears(says("ricominciamo", "start_over"))
    assert talk.last and (talk.last.expects, talk.last.slots) == (None, {})
    await talk.hears(says("dov'è il mio ordine?", "order_status"))
    assert talk.last.expects == "order_number"


async def test_what_the_desk_is_not_there_for_is_said_and_a_person_offered(talk: Talk) -> None:
    await talk.hears(says("che tempo fa?", "out_of_scope"))
    assert talk.bot[0].startswith("Su questo non so aiutarti.")
    assert talk.choices == ["hand_off"]


async def test_a_number_alone_that_is_no_order_is_not_taken_for_one(talk: Talk) -> None:
    await talk.hears(says("42", "inform", size="42"))
    assert not talk.is_in_form
    assert talk.bot == ["Non ho capito. Puoi dirmelo con altre parole?"]


async def test_a_no_to_nothing_and_a_yes_to_nothing_are_polite(talk: Talk) -> None:
    assert await talk.hears(says("no grazie", "deny")) == ["Va bene. Se ti serve altro, scrivimi pure."]
    assert await talk.hears(says("sì", "affirm")) == ["Bene. Dimmi pure come posso aiutarti."]


async def test_every_turn_of_a_long_muddle_gets_a_reply_or_a_request(talk: Talk) -> None:
    muddle = [
        says("ok", "affirm"),
        unclear("shipping-cost"),
        says("sì", "affirm"),
        says("1004", "inform", order_number="1004"),
        unclear(),
        says("boh", "out_of_scope"),
        says("no", "deny"),
        faq("return-how"),
        says("no", "deny"),
        angry("complaint"),
        says("ciao", "greet"),
        says("x", "inform", email="a@example.com"),
        says("no", "deny"),
    ]
    for parse in muddle * 4:
        await talk.hears(parse)
        assert talk.last and (talk.last.replies or talk.last.requests), parse
        assert talk.last.failed_actions == ()
