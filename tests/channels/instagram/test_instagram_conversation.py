"""A shopper on Instagram, from the phone to the desk and back."""
from pathlib import Path

import pytest

from bot.model.conversation import Author, OutboxKind, Reply
from bot.model.errors import DeliveryError, SportelloError
from bot.model.ownership import Owner
from tests.channels.messenger.line import SHOP, Line, asks_picks_and_reaches_a_person, opened_line
from tests.fakes import publication
from tests.providers.messenger import APP
from tests.service.conftest import GIULIA

ADA = "6001000000000001"
APPROVED = SHOP + "channels: {instagram: {human_agent: true}}\n"


async def test_question_choice_handoff_and_a_person(line: Line) -> None:
    await asks_picks_and_reaches_a_person(line, ADA)


@pytest.mark.parametrize("names_app", [True, False])
async def test_our_own_echoes_leave_the_conversation_to_the_bot(line: Line, names_app: bool) -> None:
    """Instagram's echoes may not name the app that sent."""
    line.double.names_app = names_app
    ada = line.double.shopper(ADA)
    for text in ("spedizione", "resi"):
        ada.writes(text)
        await line.moves()
    assert (await line.conversation(ADA)).owner is Owner.BOT
    assert len(ada.texts) == 2
    assert [one.author for one in await line.messages(ADA)].count(Author.OPERATOR) == 0


async def test_an_echo_settles_an_answer_whose_fate_was_unknown(line: Line) -> None:
    line.double.names_app = False
    ada = line.double.shopper(ADA)
    ada.writes("spedizione")
    line.double.lose_answers = 1
    await line.moves()
    assert [one.delivery for one in await line.messages(ADA) if one.author is Author.BOT] == ["sent"]
    assert (await line.conversation(ADA)).owner is Owner.BOT
    assert len(ada.texts) == 1


@pytest.mark.parametrize("app", [None, APP[::-1]])
async def test_a_person_who_answers_in_the_inbox_takes_the_conversation(line: Line, app: str | None) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("ciao")
    await line.moves()
    line.double.person_answers(ada, "Ciao Ada, ci penso io", app_id=app)
    await line.moves()
    ada.writes("quanto costa la spedizione?")
    await line.moves()

    assert (await line.conversation(ADA)).owner is Owner.OPERATOR
    assert ada.texts[-1] == "Ciao Ada, ci penso io"


async def test_texts_are_counted_in_bytes(line: Line) -> None:
    ada = line.double.shopper(ADA)
    answer = " ".join(f"perché{n} 👍" for n in range(200))
    await line.care.desk._faq.serve(publication(shipping_cost=answer))  # noqa: SLF001
    ada.writes("spedizione")
    await line.moves()

    assert len(ada.texts) > 2
    assert all(len(text.encode()) <= 1000 for text in ada.texts)
    assert " ".join(ada.texts).endswith(answer)


async def test_seen_messages_are_read(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("spedizione")
    await line.moves()
    ada.reads()
    ada.reacts()
    await line.moves()
    assert [one.delivery for one in await line.messages(ADA) if one.author is Author.BOT] == ["read"]
    assert len(ada.texts) == 1


async def test_sends_go_to_the_tokens_own_account_and_name_no_metadata(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.acts(read={})
    await line.channel.send(line.address(ADA), Reply("Ciao", "it"), "1-1")
    assert line.double.sent == [
        {"recipient": {"id": ADA}, "messaging_type": "RESPONSE", "message": {"text": "Ciao"}}
    ]


async def test_with_approval_a_person_has_seven_days(tmp_path: Path) -> None:
    async with opened_line(tmp_path, "instagram", shop=APPROVED) as line:
        line.double.has_human_agent = True
        ada = line.double.shopper(ADA)
        ada.writes("una persona per favore")
        await line.moves()
        before = len(ada.texts)
        line.care.clock.advance(days=3)
        conversation = await line.conversation(ADA)
        await line.care.does(GIULIA, conversation.id, "reply", text="Eccomi")
        await line.moves()
        assert ada.texts[before:] == ["Eccomi"]
        assert line.double.sent[-1]["tag"] == "HUMAN_AGENT"

        line.care.clock.advance(days=5)
        late = Reply("Ci siete?", "it", kind=OutboxKind.OPERATOR, late=True)
        with pytest.raises(DeliveryError) as caught:
            await line.channel.send(line.address(ADA), late, "9-9")
        assert caught.value.window_closed


async def test_doctor_says_what_works_and_what_is_wrong(line: Line) -> None:
    assert line.parts.check is not None
    said = await line.parts.check()
    assert said.startswith("Instagram account 'passo_scarpe', webhook /webhooks/instagram, verify token ")
    line.double.subscribed = [{"id": APP}]  # with Facebook Login no fields are named
    await line.parts.check()
    line.double.subscribed = []
    with pytest.raises(SportelloError, match="no webhook of app"):
        await line.parts.check()
