"""A shopper on Messenger, from the phone to the desk and back."""
from typing import Any

import pytest

from bot.model.conversation import Author
from bot.model.ownership import Owner
from tests.channels.messenger.line import Line, asks_picks_and_reaches_a_person
from tests.providers.messenger import APP

ADA = "7001000000000001"


async def test_question_choice_handoff_and_a_person(line: Line) -> None:
    await asks_picks_and_reaches_a_person(line, ADA)
    assert all(body["messaging_type"] == "RESPONSE" for body in line.double.sent)


async def test_a_person_who_answers_in_the_inbox_takes_the_conversation(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("ciao")
    await line.moves()
    before = len(ada.texts)
    line.double.person_answers(ada, "Ciao Ada, ci penso io")
    await line.moves()
    ada.writes("quanto costa la spedizione?")
    await line.moves()

    assert (await line.conversation(ADA)).owner is Owner.OPERATOR
    assert len(ada.texts) == before + 1  # the person's, and none of the bot's
    written = [one.text for one in await line.messages(ADA) if one.author is Author.OPERATOR]
    assert written == ["Ciao Ada, ci penso io"]


async def test_our_own_echoes_leave_the_conversation_to_the_bot(line: Line) -> None:
    ada = line.double.shopper(ADA)
    for text in ("spedizione", "resi"):
        ada.writes(text)
        await line.moves()
    assert (await line.conversation(ADA)).owner is Owner.BOT
    assert ada.texts[-1].endswith("30 giorni")
    assert len(line.double.sent) == 2


async def test_what_is_delivered_twice_and_out_of_order_is_answered_once(line: Line) -> None:
    ada, ben = line.double.shopper(ADA), line.double.shopper("7002000000000002")
    line.double.deliveries.mischief = {"duplicate", "reorder", "delay"}
    for text in ("ciao", "spedizione", "resi"):
        ada.writes(text)
        line.care.clock.advance(seconds=1)
    ben.writes("resi")
    await line.moves()
    line.double.deliveries.mischief = {"duplicate"}  # what was held back comes now
    await line.moves()

    assert sorted(one.text for one in await line.messages(ADA) if one.author is Author.CONTACT) == [
        "ciao", "resi", "spedizione"
    ]
    assert len(ada.texts) == 3
    assert len(ben.texts) == 1


async def test_an_edited_or_deleted_message_changes_the_record_and_gets_no_answer(line: Line) -> None:
    ada = line.double.shopper(ADA)
    first, second = ada.writes("spedizione"), ada.writes("resi")
    await line.moves()
    answers = len(ada.texts)
    ada.edits(first, "spedizione in Francia")
    ada.deletes(second)
    await line.moves()

    texts = [one.text for one in await line.messages(ADA) if one.author is Author.CONTACT]
    assert texts[0] == "spedizione in Francia"
    assert "resi" not in texts
    assert len(ada.texts) == answers


async def test_get_started_greets_and_a_link_of_the_shop_asks(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.presses("Inizia", "GET_STARTED")
    await line.moves()
    assert ada.texts[-1].endswith("<greet>")

    ada.opens("faq-return-how")
    await line.moves()
    assert ada.texts[-1].endswith("30 giorni")


async def test_a_tap_on_a_button_that_the_desk_never_offered_is_read_as_its_words(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("ciao")
    ada.writes("Spedizione", quick_reply={"payload": "900.1"})
    ada.presses("quanto costa la spedizione?", "ICE_BREAKER_3")
    await line.moves()
    read = line.care.understanding.read
    assert read[0] == "ciao"
    assert sorted(read[1:]) == ["Spedizione", "quanto costa la spedizione?"]


async def test_receipts_move_our_messages_up(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("spedizione")
    await line.moves()

    async def deliveries() -> list[str]:
        return [one.delivery for one in await line.messages(ADA) if one.author is Author.BOT]

    assert await deliveries() == ["sent"]
    ada.gets()
    await line.moves()
    assert await deliveries() == ["delivered"]
    ada.reads()
    await line.moves()
    assert await deliveries() == ["read"]


async def test_an_answer_whose_fate_was_unknown_is_settled_by_its_echo(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("spedizione")
    line.double.lose_answers = 1
    await line.arrives()
    await line.care.send()
    fates = [one.delivery for one in await line.messages(ADA) if one.author is Author.BOT]
    assert fates == ["unknown"]

    await line.moves()
    fates = [one.delivery for one in await line.messages(ADA) if one.author is Author.BOT]
    assert fates == ["sent"]
    assert len(ada.texts) == 1


async def test_a_photo_is_fetched_by_the_desk_and_its_address_stays_inside(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.sends("image", b"a picture")
    await line.moves()

    (photo,) = (await line.messages(ADA))[0].attachments
    assert (photo.kind, photo.url.startswith("/media/messenger/")) == ("image", True)
    assert line.double.url not in photo.url
    assert line.parts.media is not None
    media = await line.parts.media(photo.url.rpartition("/")[2])
    assert (media.content, media.mime_type) == (b"a picture", "image/jpeg")


async def test_a_message_is_seen_and_somebody_types(line: Line) -> None:
    ada = line.double.shopper(ADA)
    message = ada.writes("spedizione")
    await line.moves()
    assert line.parts.typing is not None
    line.double.actions.clear()
    for _ in range(2):
        await line.parts.typing(line.address(ADA), {"message": message["mid"] + "x"})
    assert line.double.actions == [(ADA, "mark_seen"), (ADA, "typing_on"), (ADA, "typing_on")]


@pytest.mark.parametrize("who", ["7009", ADA])
async def test_typing_is_never_in_the_way(line: Line, who: str) -> None:
    assert line.parts.typing is not None
    await line.parts.typing(line.address(who), {})


async def test_while_another_app_has_the_thread_the_bot_is_silent(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("ciao")
    await line.moves()
    line.double.happens(ada, box="standby", message={"mid": "m_s1", "text": "resi"})
    await line.moves()
    assert line.care.understanding.read == ["ciao"]

    line.double.person_answers(ada, "Dimmi pure", box="standby")
    await line.moves()
    assert (await line.conversation(ADA)).owner is Owner.OPERATOR


async def test_an_answer_of_another_bot_of_the_shop_counts_as_the_shops(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("ciao")
    await line.moves()
    line.double.person_answers(ada, "Promozione!", app_id=APP[::-1])
    await line.moves()
    assert (await line.conversation(ADA)).owner is Owner.OPERATOR


async def test_after_the_window_the_bot_says_nothing_more(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.writes("spedizione")
    await line.arrives()
    line.care.clock.advance(hours=25)
    await line.care.send()
    assert ada.texts == []
    ours = [one.delivery for one in await line.messages(ADA) if one.author is Author.BOT]
    assert ours
    assert "sent" not in ours


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"attachments": [{"type": "audio", "payload": {"url": "https://x.fbcdn.net/a.mp4"}}]}, "utter_voice_received"),
        ({"attachments": [{"type": "image", "payload": {"url": "https://x.fbcdn.net/a.jpg"}}]}, "utter_file_received"),
        ({"is_unsupported": True}, "utter_text_please"),
    ],
)
async def test_what_the_bot_cannot_read_is_answered_at_once(line: Line, content: dict[str, Any], answer: str) -> None:
    ada = line.double.shopper(ADA)
    ada.writes(**content)
    await line.moves()
    assert answer in ada.texts[-1]
    assert line.care.understanding.read == []
