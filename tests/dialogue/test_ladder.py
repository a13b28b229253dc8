"""When the bot is not sure: choices, then "say it differently", then a person. Never more than two failures."""
from collections.abc import Callable

import pytest

from bot.model.ownership import Reason
from bot.model.understanding import Band, Candidate
from tests.dialogue.talk import Talk, faq, says, unclear

NONE = says("Nessuna di queste", "deny", source="choice")
NOISE = unclear(text="asdf", band=Band.HAND_OVER)


async def test_an_unsure_message_is_met_with_its_readings_in_words(talk: Talk) -> None:
    await talk.hears(unclear("shipping-cost", "intent:order_status", "return-how", "gift-card"))
    assert talk.bot == ["Non ho capito bene. Intendevi una di queste cose?"]
    assert talk.choices == ["faq:shipping-cost", "intent:order_status", "faq:return-how", "none"]
    assert talk.titles == ["shipping-cost it?", "Dov'è il mio ordine?", "return-how it?", "Nessuna di queste"]


async def test_readings_nobody_would_choose_are_not_offered(talk: Talk) -> None:
    await talk.hears(unclear("intent:greet", "gone-entry", "intent:deny", "gift-card"))
    assert talk.choices == ["faq:gift-card", "none"]


async def test_readings_far_less_likely_than_the_best_are_not_offered(talk: Talk) -> None:
    candidates = (Candidate("affirm", None, 0.8), Candidate("faq", "gift-card", 0.01))
    await talk.hears(says("mah sì", "affirm", Band.OFFER, candidates=candidates))
    assert talk.bot == ["Non ho capito. Puoi dirmelo con altre parole?"]


async def test_a_choice_is_between_two_at_least_and_among_likely_ones(talk: Talk) -> None:
    scores = {"shipping-cost": 0.9, "return-how": 0.01, "gift-card": 0.01}
    candidates = tuple(Candidate("faq", faq_id, score) for faq_id, score in scores.items())
    await talk.hears(says("costa?", "faq", Band.OFFER, candidates=candidates))
    assert talk.choices == ["faq:shipping-cost", "faq:return-how", "none"]


@pytest.mark.parametrize("intent", ["greet", "thank", "bot_challenge"])
async def test_a_politeness_that_is_not_quite_sure_is_taken_for_one(talk: Talk, intent: str) -> None:
    await talk.hears(says("ciau", intent, Band.OFFER))
    assert [reply.source for reply in talk.last.replies] == ["intent"]  # type: ignore[union-attr]


async def test_choices_are_titled_in_the_shoppers_language_or_the_one_that_exists(talk_in: Callable[..., Talk]) -> None:
    talk = talk_in("en")
    await talk.hears(unclear("shipping-cost", "gift-card", language="en"))
    assert talk.titles == ["shipping-cost en?", "gift-card it?", "None of these"]


async def test_none_of_these_asks_to_say_it_differently_then_a_person_comes(talk: Talk) -> None:
    await talk.hears(unclear("shipping-cost", "return-how"))
    assert await talk.hears(NONE) == ["Nessuna di queste, va bene. Puoi dirmelo con altre parole?"]
    await talk.hears(NOISE)
    assert talk.bot == ["Non voglio darti una risposta sbagliata: è meglio che ti aiuti una persona."]
    assert talk.handed_off == [Reason.REPEATED_FAILURE]


async def test_a_typed_no_to_choices_means_none_of_these(talk: Talk) -> None:
    await talk.hears(unclear("shipping-cost", "return-how"))
    assert await talk.hears(says("no", "deny")) == ["Nessuna di queste, va bene. Puoi dirmelo con altre parole?"]


async def test_three_messages_nobody_understands_end_with_a_person(talk: Talk) -> None:
    assert await talk.hears(NOISE) == ["Non ho capito. Puoi dirmelo con altre parole?"]
    assert talk.choices == ["hand_off"]
    await talk.hears(NOISE)
    assert talk.handed_off == []
    await talk.hears(NOISE)
    assert talk.handed_off == [Reason.LOW_CONFIDENCE]


async def test_the_same_choices_are_not_offered_twice_in_a_row(talk: Talk) -> None:
    await talk.hears(unclear("shipping-cost", "return-how"))
    await talk.hears(unclear("return-how", "shipping-cost"))
    assert talk.bot == ["Non ho capito. Puoi dirmelo con altre parole?"]


async def test_an_answer_starts_the_ladder_again(talk: Talk) -> None:
    for _ in range(4):
        await talk.hears(NOISE)
        await talk.hears(NOISE)
        assert talk.handed_off == []
        await talk.hears(faq("shipping-cost"))


async def test_after_a_handoff_the_ladder_starts_again(talk: Talk) -> None:
    for _ in range(3):
        await talk.hears(NOISE)
    assert talk.handed_off
    await talk.hears(NOISE)
    assert talk.handed_off == []


async def test_a_yes_to_choices_asks_which_one(talk: Talk) -> None:
    await talk.hears(unclear("shipping-cost", "return-how"))
    assert await talk.hears(says("sì", "affirm")) == ["Quale di queste?"]
    assert talk.choices == ["faq:shipping-cost", "faq:return-how", "none"]


async def test_no_after_an_answer_is_a_denial_and_never_a_new_question(talk: Talk) -> None:
    await talk.hears(faq("shipping-cost"))
    await talk.hears(says("no, non questo", "deny"))
    assert talk.bot[0].startswith("Va bene. Se non era questo che cercavi, dimmelo con altre parole")
    assert talk.choices == ["hand_off"]
    await talk.hears(NOISE)
    await talk.hears(NOISE)
    assert talk.handed_off == [Reason.REPEATED_FAILURE]


async def test_a_third_language_climbs_the_same_ladder(talk_in: Callable[..., Talk]) -> None:
    talk = talk_in("other")
    for _ in range(3):
        await talk.hears(says("hola", "greet", language="other"))
    assert talk.handed_off == [Reason.LOW_CONFIDENCE]
