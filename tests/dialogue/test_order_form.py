"""The order form: asks for what is missing, takes corrections, lets itself be interrupted, and proves every time."""
import dataclasses
from collections.abc import Callable
from datetime import date

import pytest

from bot.model.conversation import EmailLeft
from bot.model.orders import Order, OrderStatus, ProofOutcome
from bot.model.ownership import Reason
from bot.model.understanding import Band, Entity, Parse
from tests.dialogue.talk import Talk, angry, faq, order, part, says, unclear

WHERE = says("dov'è il mio ordine?", "order_status")
NUMBER = says("1004", "inform", order_number="1004")
EMAIL = says("mario@example.com", "inform", email="mario@example.com")
BOTH = says("ordine 1004, mario@example.com", "inform", order_number="1004", email="mario@example.com")
WRONG = says("1999 mario@example.com", "inform", order_number="1999", email="mario@example.com")


async def hear(talk: Talk, *parses: Parse) -> None:
    for parse in parses:
        await talk.hears(parse)


async def test_it_asks_for_the_number_then_for_the_email_then_tells(talk: Talk) -> None:
    assert "numero del tuo ordine" in (await talk.hears(WHERE))[0]
    assert talk.last and talk.last.expects == "order_number"
    assert await talk.hears(NUMBER) == ["Grazie. Con quale e-mail hai fatto l'ordine?"]
    assert (talk.last.expects, talk.last.slots) == ("email", {"order_number": "1004"})
    assert (await talk.hears(EMAIL))[0].startswith("Il tuo ordine **1004** è partito")
    assert talk.last.expects is None
    assert [reply.source for reply in talk.last.replies] == ["order"]


@pytest.mark.parametrize("intent", ["order_status", "inform"])
async def test_number_and_email_in_one_message_need_no_question(talk: Talk, intent: str) -> None:
    await talk.hears(says("ordine 1004 mario@…", intent, order_number="1004", email="mario@example.com"))
    assert "è partito" in talk.bot[0]
    assert talk.orders.asked == [("1004", "mario@example.com")]


async def test_number_and_email_are_enough_even_where_the_reading_is_not_sure(talk: Talk) -> None:
    await talk.hears(says("1004 mario@…", "inform", Band.OFFER, order_number="1004", email="mario@example.com"))
    assert "è partito" in talk.bot[0]


async def test_the_email_may_come_first(talk: Talk) -> None:
    await hear(talk, WHERE, EMAIL)
    assert talk.last and talk.last.expects == "order_number"
    await talk.hears(NUMBER)
    assert "è partito" in talk.bot[0]


@pytest.mark.parametrize("pair", [("1999", "mario@example.com"), ("1004", "other@example.com")])
async def test_an_unknown_number_and_a_wrong_pair_read_the_same(talk: Talk, pair: tuple[str, str]) -> None:
    number, email = pair
    await hear(talk, WHERE, says("…", "inform", order_number=number, email=email))
    assert talk.bot == [
        "Con questi dati non trovo un ordine. Ricontrolla il numero e l'e-mail usata per l'acquisto e riscrivimeli, "
        "anche insieme."
    ]
    assert talk.last and (talk.last.expects, talk.last.requests) == ("order_number", ())


async def test_after_a_mismatch_a_corrected_number_is_enough(talk: Talk) -> None:
    await hear(talk, WHERE, WRONG, says("scusa, 1004", "inform", order_number="1004"))
    assert "è partito" in talk.bot[0]


async def test_after_a_mismatch_a_corrected_email_is_enough(talk: Talk) -> None:
    await hear(talk, WHERE, says("…", "inform", order_number="1004", email="wrong@example.com"), EMAIL)
    assert "è partito" in talk.bot[0]


async def test_a_number_can_be_corrected_while_the_email_is_asked(talk: Talk) -> None:
    await hear(talk, WHERE, says("1999", "inform", order_number="1999"), says("no, 1004", "deny", order_number="1004"))
    assert talk.last and (talk.last.expects, talk.last.slots) == ("email", {"order_number": "1004"})
    await talk.hears(EMAIL)
    assert "è partito" in talk.bot[0]


async def test_too_many_tries_go_to_a_person(talk: Talk) -> None:
    talk.orders.outcome = ProofOutcome.LOCKED
    await hear(talk, WHERE, BOTH)
    assert talk.bot[0].startswith("Per sicurezza non posso più provare")
    assert (talk.handed_off, talk.is_in_form) == ([Reason.ORDER_PROBLEM], False)


async def test_an_order_system_that_is_down_goes_to_a_person_and_keeps_what_was_given(talk: Talk) -> None:
    talk.orders.outcome = ProofOutcome.UNAVAILABLE
    await hear(talk, WHERE, BOTH)
    assert talk.handed_off == [Reason.TOOL_FAILURE]
    assert talk.last and talk.last.slots == {"order_number": "1004", "order_email": "mario@example.com"}


async def test_an_order_given_once_is_not_asked_again_but_proven_again(talk: Talk) -> None:
    await hear(talk, WHERE, BOTH, faq("return-how"), WHERE)
    assert "è partito" in talk.bot[0]
    assert talk.orders.asked == [("1004", "mario@example.com")] * 2


async def test_another_number_is_tried_with_the_email_already_given(talk: Talk) -> None:
    talk.orders.orders["1005"] = order("1005", OrderStatus.DELIVERED)
    await hear(talk, WHERE, BOTH, says("e il 1005?", "order_status", order_number="1005"))
    assert "**1005** risulta consegnato" in talk.bot[0]


async def test_a_faq_question_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    await hear(talk, WHERE, faq("shipping-cost"))
    assert talk.bot == ["La spedizione costa 4,90 €.", "Torniamo al tuo ordine: mi scrivi il numero?"]
    await hear(talk, NUMBER, faq("return-cost"))
    assert talk.bot == ["Il reso è gratuito.", "Torniamo al tuo ordine: con quale e-mail l'hai fatto?"]
    await talk.hears(EMAIL)
    assert "è partito" in talk.bot[0]


@pytest.mark.parametrize("intent", ["greet", "thank", "bot_challenge", "out_of_scope", "affirm", "order_status"])
async def test_small_talk_does_not_end_the_form(talk: Talk, intent: str) -> None:
    await hear(talk, WHERE, says("…", intent))
    assert talk.last and talk.last.expects == "order_number"
    assert "numero" in talk.bot[-1]


async def test_a_faq_question_beside_the_value_is_answered_too(talk: Talk) -> None:
    parts = (part(None, "inform"), part("return-cost"))
    await hear(talk, WHERE, NUMBER, says("m@… e il reso?", "inform", email="mario@example.com", parts=parts))
    assert "è partito" in talk.bot[0]
    assert talk.bot[1:] == ["Il reso è gratuito."]


async def test_a_faq_question_beside_where_is_my_order_is_answered_before_the_form_asks(talk: Talk) -> None:
    await talk.hears(says("dov'è? e il reso?", "order_status", parts=(part(None, "order_status"), part("return-cost"))))
    assert talk.bot[0] == "Il reso è gratuito."
    assert "numero del tuo ordine" in talk.bot[1]


async def test_a_no_ends_the_form(talk: Talk) -> None:
    await hear(talk, WHERE, says("no, lascia stare", "deny"))
    assert talk.bot == ["Va bene, lasciamo stare l'ordine. Se ti serve altro, scrivimi pure."]
    assert not talk.is_in_form
    assert await talk.hears(faq("shipping-cost")) == ["La spedizione costa 4,90 €."]


async def test_a_person_can_be_asked_for_inside_the_form(talk: Talk) -> None:
    await hear(talk, WHERE, says("voglio una persona", "handoff_request"))
    assert (talk.handed_off, talk.is_in_form, talk.bot) == ([Reason.CUSTOMER_REQUEST], False, [])


async def test_a_complaint_inside_the_form_ends_it(talk: Talk) -> None:
    await hear(talk, WHERE, says("siete pessimi", "complaint"))
    assert (talk.handed_off, talk.is_in_form) == ([Reason.COMPLAINT], False)


@pytest.mark.parametrize(
    "text",
    [
        "non ho il numero", "non ho nessun numero d'ordine", "non ce l'ho", "non lo so", "boh",
        "non lo trovo", "non me lo ricordo", "l'ho perso", "dove lo trovo?",
        "dov'è scritto il numero?", "I don't have it", "can't find it", "where do I find the number?", "I lost it",
    ],
)
@pytest.mark.parametrize("intent", ["deny", "faq", "nlu_fallback"])
async def test_who_has_no_number_is_told_where_to_find_it(talk: Talk, text: str, intent: str) -> None:
    unsure = intent == "nlu_fallback"
    parse = unclear(text=text, band=Band.HAND_OVER) if unsure else says(text, intent, faq_id="return-how")
    await hear(talk, WHERE, parse)
    assert talk.bot == [
        "Il numero sta nell'e-mail di conferma. Se non lo trovi, scrivimi l'e-mail dell'acquisto e la passo a un "
        "collega, che cerca l'ordine per te."
    ]
    assert (talk.choices, talk.is_in_form) == (["hand_off"], True)


@pytest.mark.parametrize(
    "text",
    [
        "non ho ricevuto il rimborso", "non so come fare un reso", "non l'ho ancora ricevuto", "quale taglia prendo?",
        "I haven't received my refund", "I don't know which size to take",
    ],
)
async def test_a_question_that_only_sounds_alike_is_answered(talk: Talk, text: str) -> None:
    await hear(talk, WHERE, faq("return-cost", text))
    assert talk.bot[0] == "Il reso è gratuito."


async def test_who_has_no_number_may_leave_the_email_for_a_person(talk: Talk) -> None:
    await hear(talk, WHERE, says("non ce l'ho", "deny"), EMAIL)
    assert talk.last and EmailLeft("mario@example.com") in talk.last.requests
    assert (talk.handed_off, talk.is_in_form, talk.orders.asked) == ([Reason.ORDER_PROBLEM], False, [])


async def test_who_finds_the_number_after_all_goes_on(talk: Talk) -> None:
    await hear(talk, WHERE, says("non ce l'ho", "deny"), BOTH)
    assert "è partito" in talk.bot[0]


async def test_who_says_twice_that_there_is_no_number_gets_a_person(talk: Talk) -> None:
    await hear(talk, WHERE, says("non ce l'ho", "deny"), says("non lo trovo", "deny"))
    assert (talk.handed_off, talk.is_in_form) == ([Reason.ORDER_PROBLEM], False)


@pytest.mark.parametrize("text", ["non ricordo l'e-mail", "I don't remember the e-mail", "non lo so"])
async def test_who_has_forgotten_the_email_is_told_which_one_then_gets_a_person(talk: Talk, text: str) -> None:
    forgot = unclear("gift-card", text=text)
    await hear(talk, WHERE, NUMBER, forgot)
    assert talk.bot[0].startswith("È l'indirizzo a cui è arrivata la conferma dell'ordine.")
    assert (talk.choices, talk.is_in_form) == (["hand_off"], True)
    await talk.hears(forgot)
    assert (talk.handed_off, talk.is_in_form) == ([Reason.ORDER_PROBLEM], False)


async def test_an_order_number_is_taken_even_where_the_reading_is_not_quite_sure(talk: Talk) -> None:
    talk.orders.orders["1005"] = order("1005", OrderStatus.DELIVERED)
    await hear(talk, BOTH, says("e il 1005?", "inform", Band.OFFER, order_number="1005"))
    assert "**1005** risulta consegnato" in talk.bot[0]


async def test_an_unclear_answer_is_asked_again_with_more_words_then_goes_to_a_person(talk: Talk) -> None:
    nonsense = unclear(text="asdf", band=Band.HAND_OVER)
    await hear(talk, WHERE, nonsense)
    assert talk.bot == [
        "Per trovare l'ordine mi serve il suo numero. Il numero sta nell'e-mail di conferma. Se non ce l'hai, dimmelo."
    ]
    await hear(talk, nonsense, nonsense)
    assert (talk.handed_off, talk.is_in_form) == ([Reason.LOW_CONFIDENCE], False)


async def test_an_unclear_question_inside_the_form_is_met_with_choices_only(talk: Talk) -> None:
    await hear(talk, WHERE, unclear("shipping-cost", "return-how"))
    assert len(talk.bot) == 1
    assert talk.choices == ["faq:shipping-cost", "faq:return-how", "none"]
    await talk.hears(faq("shipping-cost", source="choice"))
    assert talk.bot == ["La spedizione costa 4,90 €.", "Torniamo al tuo ordine: mi scrivi il numero?"]


async def test_an_angry_order_question_gets_an_apology_the_status_after_proof_and_a_person(talk: Talk) -> None:
    await talk.hears(angry("order_status", "dove cavolo è il mio ordine?"))
    assert talk.bot[0] == "Mi dispiace per quello che è successo."
    assert talk.bot[1].startswith("Controllo subito.")
    assert talk.handed_off == []
    await talk.hears(BOTH)
    assert "è partito" in talk.bot[0]
    assert talk.handed_off == [Reason.COMPLAINT]


async def test_a_calm_question_after_the_anger_does_not_end_the_form(talk: Talk) -> None:
    await hear(talk, angry("order_status"), faq("return-cost"))
    assert (talk.handed_off, talk.is_in_form) == ([], True)
    await talk.hears(BOTH)
    assert talk.handed_off == [Reason.COMPLAINT]


async def test_an_angry_message_with_number_and_email_gets_all_at_once(talk: Talk) -> None:
    await talk.hears(angry("complaint", order_number="1004", email="mario@example.com"))
    assert talk.bot[0] == "Mi dispiace per quello che è successo."
    assert "è partito" in talk.bot[1]
    assert talk.handed_off == [Reason.COMPLAINT]


async def test_the_form_speaks_formal_italian_and_english(talk_in: Callable[..., Talk]) -> None:
    assert "del suo ordine" in (await talk_in("it", "formal").hears(WHERE))[0]
    assert "your order number" in (await talk_in("en").hears(says("where is it", "order_status", language="en")))[0]


async def test_an_order_that_waits_for_a_person_offers_one(talk: Talk) -> None:
    talk.orders.orders["1004"] = order("1004", OrderStatus.ON_HOLD)
    await hear(talk, BOTH)
    assert talk.choices == ["hand_off"]


def two_numbers(text: str, *numbers: str, email: str | None = None) -> Parse:
    parse = says(text, "inform", **({"email": email} if email else {}))
    found = tuple(Entity("order_number", number, number, 0, len(number)) for number in numbers)
    return dataclasses.replace(parse, entities=(*parse.entities, *found))


async def test_two_numbers_are_two_orders(talk: Talk) -> None:
    talk.orders.orders["1005"] = order("1005", OrderStatus.PREPARING)
    await hear(talk, WHERE, two_numbers("1004 e 1005", "1004", "1005"))
    assert talk.last and talk.last.expects == "email"
    await talk.hears(EMAIL)
    assert ["1004" in talk.bot[0], "1005" in talk.bot[1]] == [True, True]
    assert talk.orders.asked == [("1004", "mario@example.com"), ("1005", "mario@example.com")]


async def test_of_two_numbers_the_one_that_is_not_found_is_named(talk: Talk) -> None:
    await talk.hears(two_numbers("1004 e 1999 mario@…", "1004", "1999", email="mario@example.com"))
    assert "è partito" in talk.bot[0]
    assert "1999" in talk.bot[1]
    assert talk.choices == ["hand_off"]


async def test_of_two_wrong_numbers_a_corrected_email_is_enough(talk: Talk) -> None:
    talk.orders.orders["1005"] = order("1005", OrderStatus.PREPARING)
    wrong = two_numbers("1004 e 1005 ada@…", "1004", "1005", email="ada@example.com")
    await hear(talk, wrong, EMAIL)
    assert len(talk.bot) == 2


@pytest.mark.parametrize(
    "word",
    ["basta", "annulla", "Stop!", "esci", "cancel", "no", "no grazie", "lascia stare", "never mind", "fa niente"],
)
@pytest.mark.parametrize("reading", ["nlu_fallback", "order_status", "inform", "thank"])
async def test_a_word_leaves_the_form(talk: Talk, word: str, reading: str) -> None:
    await hear(talk, WHERE, says(word, reading))
    assert "lasciamo" in talk.bot[0]
    assert not talk.is_in_form


LATE = order(eta=date(2026, 5, 20))


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (LATE, Reason.ORDER_PROBLEM),
        (order(status=OrderStatus.UNKNOWN), Reason.ORDER_PROBLEM),
        (order(status=OrderStatus.ON_HOLD), Reason.ORDER_PROBLEM),
        (order(), Reason.CUSTOMER_REQUEST),
    ],
)
async def test_the_button_below_an_order_that_needs_a_person_is_about_it(
    talk: Talk, known: Order, reason: Reason
) -> None:
    talk.orders.orders["1004"] = known
    await hear(talk, BOTH, says("Parla con una persona", "handoff_request", source="choice"))
    assert talk.handed_off == [reason]


async def test_a_button_after_something_else_was_asked_is_the_shoppers_wish(talk: Talk) -> None:
    talk.orders.orders["1004"] = LATE
    await hear(talk, BOTH, faq("return-how"), says("Parla con una persona", "handoff_request", source="choice"))
    assert talk.handed_off == [Reason.CUSTOMER_REQUEST]


async def test_an_unknown_state_is_said_to_be_unknown_and_offers_a_person(talk: Talk) -> None:
    talk.orders.orders["1004"] = order(status=OrderStatus.UNKNOWN)
    await talk.hears(BOTH)
    assert "non so dire a che punto è" in talk.bot[0]
    assert talk.choices == ["hand_off"]
