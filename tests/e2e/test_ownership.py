"""A person takes over in the middle, and gives back."""
from bot.model.conversation import Author
from tests.e2e.conftest import Talk
from tests.e2e.running_desk import RunningDesk


def test_form_handoff_three_operator_messages_return_faq_is_exactly_one_answer(desk: RunningDesk, talk: Talk) -> None:
    who = "form-handoff-return"
    talk("Dov'è il mio ordine?", "vorrei parlare con una persona", who=who)
    conversation = desk.view(who).id
    for text in ("Ciao, sono Giulia", "Controllo subito", "Tutto a posto, arriva domani"):
        desk.command(conversation, "reply", text=text)
        assert desk.ask(who, "ok").bubbles == []
    desk.command(conversation, "return")

    (answer,) = talk("Quanto costa la spedizione?", who=who)

    assert [bubble["custom"]["sportello"]["faq_id"] for bubble in answer.bubbles] == ["shipping-cost"]
    assert "numero" not in answer.text  # the form is over
    assert answer.owner == "bot"


def test_after_the_return_the_bot_says_that_it_speaks_again(desk: RunningDesk, talk: Talk) -> None:
    who = "told-who-speaks"
    talk("vorrei una persona", who=who)
    conversation = desk.view(who).id
    desk.command(conversation, "reply", text="Eccomi")
    desk.command(conversation, "return")

    messages = desk.do(lambda: desk.house.desk.messages(conversation))

    assert [one.author for one in messages[-2:]] == [Author.OPERATOR, Author.BOT]
    assert "di nuovo l'assistente automatico" in messages[-1].text


def test_the_dossier_holds_what_was_asked_answered_and_proven(desk: RunningDesk, talk: Talk) -> None:
    who = "whole-story"
    talk("Quanto costa la spedizione?", "ordine 1004, mario.rossi@example.com", "mi passi una persona?", who=who)

    conversation = desk.view(who).id

    dossier = desk.do(lambda: desk.house.desk.dossier(conversation))

    assert dossier is not None
    assert [order.number for order in dossier.orders] == ["1004"]
    assert "1004" in dossier.summary
    assert len(dossier.messages) == 6
