"""Answers from the FAQ: every sure part, in order, in the shopper's language."""
from collections.abc import Callable

import pytest

from bot.model.ownership import Reason
from bot.model.understanding import Band
from tests.dialogue.talk import Talk, angry, faq, part, says


async def test_a_sure_question_is_answered_and_named_in_the_trace(talk: Talk) -> None:
    await talk.hears(faq("shipping-cost", "quanto costa spedire?"))
    assert talk.last
    [reply] = talk.last.replies
    assert (reply.text, reply.source, reply.faq_id) == ("La spedizione costa 4,90 €.", "faq", "shipping-cost")
    assert (reply.language, talk.last.requests) == ("it", ())


async def test_it_answers_in_english_to_those_who_write_english(talk_in: Callable[..., Talk]) -> None:
    assert await talk_in("en").hears(faq("shipping-cost", language="en")) == ["Delivery is 4.90 €."]


async def test_two_questions_get_two_answers_in_their_order(talk: Talk) -> None:
    parts = (part("return-cost"), part("shipping-cost"), part("gift-card", band=Band.OFFER))
    await talk.hears(faq("return-cost", parts=parts))
    assert talk.bot == ["Il reso è gratuito.", "La spedizione costa 4,90 €."]


async def test_the_same_question_twice_in_a_message_is_answered_once(talk: Talk) -> None:
    await talk.hears(faq("return-cost", parts=(part("return-cost"), part("return-cost"))))
    assert talk.bot == ["Il reso è gratuito."]


@pytest.mark.parametrize("intent", ["greet", "thank", "deny", "goodbye"])
async def test_a_question_beside_a_politeness_is_answered(talk: Talk, intent: str) -> None:
    await talk.hears(says("ciao, e il reso?", intent, parts=(part(None, intent), part("return-cost"))))
    assert talk.bot == ["Il reso è gratuito."]


async def test_a_question_beside_are_you_a_bot_is_answered_too(talk: Talk) -> None:
    await talk.hears(says("sei un bot? e il reso?", "bot_challenge", parts=(part("return-cost"),)))
    assert (talk.bot[0][:28], talk.bot[1:]) == ("Sono un assistente automatic", ["Il reso è gratuito."])


async def test_a_question_beside_the_wish_for_a_person_is_answered_too(talk: Talk) -> None:
    await talk.hears(says("il reso? e un operatore", "handoff_request", parts=(part("return-cost"),)))
    assert (talk.bot, talk.handed_off) == (["Il reso è gratuito."], [Reason.CUSTOMER_REQUEST])


async def test_a_missing_translation_is_said_before_the_answer_that_exists(talk_in: Callable[..., Talk]) -> None:
    assert await talk_in("en").hears(faq("gift-card", language="en")) == [
        "For now this answer exists only in Italian:\n\nLa carta regalo dura un anno."
    ]


async def test_an_answer_is_not_said_again_to_who_asks_further(talk: Talk) -> None:
    """It would be no answer to "but I did that"; after two such questions a person goes on."""
    await talk.hears(faq("return-cost"))
    for text in ("ma l'ho già fatto", "allora?"):
        await talk.hears(faq("return-cost", text, follows=True))
        assert "qui sopra tutto quello che so" in talk.bot[0]
        assert (talk.choices, talk.last.replies[0].faq_id) == (["hand_off"], "return-cost")

    await talk.hears(faq("return-cost", "e quindi?", follows=True))

    assert talk.handed_off == [Reason.REPEATED_FAILURE]


async def test_who_asks_the_same_again_is_answered_again(talk: Talk) -> None:
    await talk.hears(faq("return-cost"))
    await talk.hears(faq("return-cost"))

    assert talk.bot == ["Il reso è gratuito."]


async def test_related_entries_are_offered_by_their_titles(talk: Talk) -> None:
    await talk.hears(faq("return-how"))
    assert (talk.titles, talk.choices) == (["return-cost it?"], ["faq:return-cost"])


async def test_what_was_just_answered_is_not_offered_again(talk: Talk) -> None:
    await talk.hears(faq("return-how", parts=(part("return-cost"), part("return-how"))))
    assert talk.choices == []


async def test_a_second_question_that_is_not_sure_is_offered_with_the_answer_to_the_first(talk: Talk) -> None:
    await talk.hears(faq("return-cost", parts=(part("gift-card", band=Band.OFFER), part("return-cost"))))
    assert (talk.bot, talk.choices) == (["Il reso è gratuito."], ["faq:gift-card"])


async def test_an_entry_for_people_hands_over_as_the_shop_decided(talk: Talk) -> None:
    await talk.hears(faq("account-delete"))
    assert talk.bot == ["Se ne occupa una persona."]
    assert talk.handed_off == [Reason.POLICY]


async def test_an_entry_taken_out_in_the_meantime_is_not_answered_but_asked_again(talk: Talk) -> None:
    await talk.hears(faq("no-longer-there"))
    assert talk.bot == ["Non ho capito. Puoi dirmelo con altre parole?"]


async def test_a_choice_is_answered_whatever_its_reading_was(talk: Talk) -> None:
    await talk.hears(faq("gift-card", "Carta regalo", source="choice"))
    assert talk.bot == ["La carta regalo dura un anno."]


async def test_an_angry_question_is_answered_with_an_apology_and_goes_to_a_person(talk: Talk) -> None:
    await talk.hears(angry("faq", faq_id="return-how"))
    assert talk.bot == ["Mi dispiace per quello che è successo.", "Il reso si fa dal sito."]
    assert talk.handed_off == [Reason.COMPLAINT]


@pytest.mark.parametrize("band", [Band.OFFER, Band.HAND_OVER])
async def test_a_question_that_is_not_sure_is_never_answered(talk: Talk, band: Band) -> None:
    await talk.hears(says("quanto?", "faq", band=band, faq_id="shipping-cost"))
    assert all(reply.source == "fallback" for reply in talk.last.replies)  # type: ignore[union-attr]
