"""Scripted conversations with the demo shop, checked on what the shopper reads."""
import pytest

from tests.e2e.conftest import Talk

DISCLOSURE = {"it": "Ti risponde l'assistente automatico di Passo.", "en": "This is the automatic assistant of Passo."}


# Questions in words that stand nowhere in faq/ or data/.


@pytest.mark.parametrize(
    ("text", "faq_id", "language"),
    [
        ("a casa mia quanto fate pagare il trasporto?", "shipping-cost", "it"),
        ("how much do you charge to bring it to my door?", "shipping-cost", "en"),
    ],
)
def test_a_question_in_new_words_gets_the_right_entry(talk: Talk, text: str, faq_id: str, language: str) -> None:
    (said,) = talk(text)

    trace = said.trace
    assert (trace["source"], trace["faq_id"], trace["language"], trace["band"]) == ("faq", faq_id, language, "answer")
    assert said.text.startswith(DISCLOSURE[language])


@pytest.mark.parametrize(
    ("text", "faq_id"),
    [
        ("quanti soldi mi chiedete per mandarmi le scarpe?", "shipping-cost"),
        ("what will I be charged for getting it sent over?", "shipping-cost"),
        ("how much would you charge to bring the shoes to my door?", "shipping-cost"),
        ("ma se poi non mi vanno bene come ve le rimando?", "return-how"),
        ("can I send the jacket back if I change my mind next month?", "return-window"),
    ],
)
def test_a_hard_question_is_never_answered_with_another_entry(talk: Talk, text: str, faq_id: str) -> None:
    (said,) = talk(text)

    assert said.trace["faq_id"] in (None, faq_id)
    assert said.owner == "queue" or said.trace["faq_id"] == faq_id or said.buttons


def test_the_cost_of_shipping_is_said_with_the_shops_own_prices(talk: Talk) -> None:
    it, en = talk("Quanto costa la spedizione?")[0], talk("How much is shipping?")[0]

    assert "4,90 €" in it.text and "60,00 €" in it.text
    assert "4,90 €" in en.text and "60,00 €" in en.text
    assert it.text != en.text


def test_the_disclosure_is_said_once(talk: Talk) -> None:
    first, second = talk("Quanto costa la spedizione?", "Posso pagare alla consegna?")

    assert first.text.startswith(DISCLOSURE["it"])
    assert DISCLOSURE["it"] not in second.text


def test_a_shopper_may_change_language_in_the_middle(talk: Talk) -> None:
    it, en = talk("Quanto costa la spedizione?", "And how long does delivery take?")

    assert (it.trace["language"], en.trace["language"]) == ("it", "en")
    assert en.trace["faq_id"] == "delivery-time"


# Orders.

MARIO = "mario.rossi@example.com"


def assert_order_1004(text: str) -> None:
    for part in ("1004", "è partito ed è in viaggio", "BRT", "084730251196", "martedì 24 novembre"):
        assert part in text


@pytest.mark.parametrize(
    "text", [f"ordine 1004, {MARIO}", f"Dov'è il mio ordine 1004? La mia mail è {MARIO}", f"#1004 {MARIO.upper()}"]
)
def test_number_and_email_in_one_message_give_the_status_in_words(talk: Talk, text: str) -> None:
    (said,) = talk(text)

    assert said.trace["source"] == "order"
    assert_order_1004(said.text)


def test_an_order_is_asked_for_step_by_step(talk: Talk) -> None:
    asks, asks_email, status = talk("Dov'è il mio pacco?", "1004", MARIO)

    assert "numero del tuo ordine" in asks.text
    assert "Con quale e-mail" in asks_email.text
    assert_order_1004(status.text)


def test_the_status_is_said_in_english_too(talk: Talk) -> None:
    (said,) = talk(f"Where is my order 1004? My email is {MARIO}")

    assert "has left and is on its way" in said.text
    assert "24 November" in said.text


def test_a_wrong_pair_and_an_unknown_order_read_the_same(talk: Talk) -> None:
    wrong, unknown = talk(f"ordine 1006, {MARIO}")[0], talk(f"ordine 1999, {MARIO}")[0]

    assert wrong.text == unknown.text
    assert "non trovo un ordine" in wrong.text
    assert wrong.owner == unknown.owner == "bot"


def test_a_corrected_email_opens_the_order(talk: Talk) -> None:
    _, right = talk("ordine 1007, lucia@example.com", "scusa, lucia.esposito@example.com")

    assert "Una parte del tuo ordine **1007**" in right.text


def test_a_question_after_the_status_is_about_that_order_and_nothing_is_asked_twice(talk: Talk) -> None:
    _, first, second = talk(f"ordine 1004, {MARIO}", "ok e quando arriva?", "grazie, ma dov'è adesso?")

    assert_order_1004(first.text)
    assert_order_1004(second.text)


def test_who_says_that_a_delivered_order_did_not_arrive_gets_a_person(talk: Talk) -> None:
    told, person = talk("ordine 1006 paolo.greco@example.com", "non è arrivato niente!")

    assert "risulta consegnato" in told.text and told.owner == "bot"
    assert "risulta consegnato" not in person.text and person.owner == "queue"


@pytest.mark.parametrize("unable", ["non ce l'ho il numero", "boh non ricordo", "I lost it"])
def test_who_has_no_number_is_told_where_it_stands(talk: Talk, unable: str) -> None:
    _, help_ = talk("dov'è il mio ordine?", unable)

    assert "1004" in help_.text and help_.trace["source"] == "order"


def test_a_yes_to_the_offer_of_a_person_is_one(talk: Talk) -> None:
    offer, yes = talk("ordine 1009 davide.sala@example.com", "sì")

    assert offer.buttons
    assert yes.owner == "queue"


def test_the_words_of_the_button_leave_the_queue_too(talk: Talk) -> None:
    *_, left = talk("vorrei parlare con una persona", "quanto costa la spedizione?", "non serve più")

    assert left.owner == "bot"


def test_a_thank_with_a_yes_before_it_is_a_thank(talk: Talk) -> None:
    assert talk("ok, grazie mille")[0].trace["intent"] == "thank"


def test_two_whole_questions_are_both_answered(talk: Talk) -> None:
    (said,) = talk("quanto costa la spedizione e come faccio un reso?")

    assert "4,90 €" in said.text
    assert "Reso ospite" in said.text


def test_after_five_failed_tries_a_person_goes_on_and_nothing_is_shown(talk: Talk) -> None:
    tries = [f"ordine 1005, nome{number}@example.com" for number in range(5)]
    said = talk(*tries, "ordine 1005, elena.fontana@example.com")

    assert [one.owner for one in said[:4]] == ["bot"] * 4
    assert said[-1].owner == "queue"
    assert "GLS" not in said[-1].text and "in consegna" not in said[-1].text


def test_who_has_no_number_is_told_where_to_find_it_and_may_leave_the_email(talk: Talk) -> None:
    _, help_, left = talk("Dov'è il mio ordine?", "non ho il numero", "anna.bianchi@example.com")

    assert "oggetto dell'e-mail di conferma" in help_.text
    assert left.owner == "queue"
    assert "anna.bianchi@example.com" in left.text


def test_a_question_in_the_middle_of_the_form_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    _, answer, status = talk("Dov'è il mio pacco?", "ma quanto costa la spedizione?", f"1004 {MARIO}")

    assert "4,90 €" in answer.text and "numero" in answer.bubbles[-1]["text"]
    assert_order_1004(status.text)


# A person.


@pytest.mark.parametrize(
    "text",
    ["posso avere qualcuno in linea?", "vorrei parlare con un essere umano", "mi passa un operatore?",
     "can I talk to a real person please", "I want to speak with someone"],
)
def test_who_asks_for_a_person_is_queued_and_told_what_happens(talk: Talk, text: str) -> None:
    (said,) = talk(text)

    assert (said.owner, said.trace["source"]) == ("queue", "handoff")
    assert "Ti passo un collega" in said.text or "passing you to a colleague" in said.text
    assert said.buttons in (["Non serve più"], ["Never mind"])


@pytest.mark.parametrize(
    "text", ["l'operatore del corriere non ha suonato", "il vostro operatore telefonico mi ha risposto ieri, grazie",
             "the courier's operator did not ring the bell"]
)
def test_an_operator_in_a_sentence_is_no_request_for_one(talk: Talk, text: str) -> None:
    assert talk(text)[0].owner == "bot"


def test_while_waiting_sure_questions_are_answered_and_never_mind_returns_to_the_bot(talk: Talk) -> None:
    _, answer, back, again = talk(
        "vorrei parlare con una persona", "quanto costa la spedizione?", "lascia stare", "quanto costa la spedizione?"
    )

    assert answer.text.startswith("Mentre aspetti:") and "4,90 €" in answer.text
    assert answer.owner == "queue"
    assert (back.owner, again.owner) == ("bot", "bot")
    assert not again.text.startswith("Mentre aspetti:")


@pytest.mark.parametrize("text", ["domani vi denuncio, vi scriverà il mio avvocato", "my lawyer will sue you"])
def test_a_legal_threat_goes_straight_to_a_person(talk: Talk, text: str) -> None:
    (said,) = talk(text)

    assert said.owner == "queue"
    assert "una persona, non un programma" in said.text or "a person will take care of it" in said.text


def test_an_angry_order_question_gets_an_apology_the_status_and_a_person(talk: Talk) -> None:
    (said,) = talk(f"Siete una vergogna!! Dov'è il mio ordine 1004? {MARIO}")

    assert "dispiace" in said.text
    assert_order_1004(said.text)
    assert said.text.index("dispiace") < said.text.index("in viaggio") < said.text.index("Ti passo un collega")
    assert said.owner == "queue"


def test_an_angry_order_question_without_proof_asks_for_it_first(talk: Talk) -> None:
    asks, status = talk("Siete una vergogna, è una settimana che aspetto il mio ordine!", f"1004 {MARIO}")

    assert "dispiace" in asks.text and "numero" in asks.text
    assert_order_1004(status.text)
    assert (asks.owner, status.owner) == ("bot", "queue")


def test_who_is_not_understood_always_sees_the_way_to_a_person(talk: Talk) -> None:
    for said in talk("blu trottola formaggio", "zanzara quadrata volante", "pentola di martedì"):
        assert said.trace["faq_id"] is None
        assert said.owner == "queue" or "Parla con qualcuno" in said.buttons or "Nessuna di queste" in said.buttons


def test_a_choice_that_was_offered_is_answered(talk: Talk) -> None:
    vague = ["boh, il corriere", "le scarpe, i soldi", "il pacco e il reso", "la taglia del pagamento", "reso corriere"]
    said = {f"taps-{index}": talk(text, who=f"taps-{index}")[0] for index, text in enumerate(vague)}
    who, offer = next((who, one) for who, one in said.items() if "Nessuna di queste" in one.buttons)
    payload = offer.bubbles[-1]["buttons"][0]["payload"]

    (answer,) = talk(payload, who=who)

    assert answer.trace["band"] == "answer"


# Who speaks.


@pytest.mark.parametrize(
    ("text", "honest"),
    [("sei un bot?", "Sono un assistente automatico, non una persona"),
     ("sto parlando con una persona vera o con un computer?", "Sono un assistente automatico, non una persona"),
     ("are you a robot?", "I'm an automatic assistant, not a person")],
)
def test_the_bot_says_what_it_is(talk: Talk, text: str, honest: str) -> None:
    (said,) = talk(text)

    assert honest in said.text
    assert said.owner == "bot"


@pytest.mark.parametrize(
    "text", ["Guten Tag, wie teuer ist der Versand nach Berlin?", "¿Cuánto tarda en llegar mi pedido a Madrid?",
             "Bonjour, je voudrais savoir où est mon colis"]
)
def test_a_third_language_is_answered_in_italian_and_english(talk: Talk, text: str) -> None:
    (said,) = talk(text)

    assert said.trace["language"] == "other"
    assert "Qui rispondiamo in italiano e in inglese" in said.text
    assert "We answer in Italian and in English" in said.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ciao", ("Ciao", "Come posso aiutarti")), ("buongiorno", ("Ciao",)), ("hello", ("Hello", "Hi there")),
     ("grazie mille", ("Figurati", "Di niente")), ("thanks a lot", ("You're welcome",))],
)
def test_small_talk_is_answered_as_such(talk: Talk, text: str, expected: tuple[str, ...]) -> None:
    (said,) = talk(text)

    assert any(words in said.text for words in expected)
    assert said.trace["source"] == "intent"
