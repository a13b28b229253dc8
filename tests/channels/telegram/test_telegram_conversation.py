"""A shopper on Telegram, from the phone to the desk and back."""
from collections.abc import Sequence

import pytest

from bot.channels.telegram.outbound import GROUP_WORDS
from bot.model.conversation import Author, Inbound
from bot.model.errors import StoreUnavailable
from bot.model.ports import Address
from bot.model.views import MessageView
from tests.channels.telegram.conftest import Line
from tests.fakes import publication
from tests.providers.telegram import ME, Refusal
from tests.service.conftest import GIULIA

ADA = 7001


async def messages(line: Line, who: int = ADA) -> list[MessageView]:
    found = await line.care.desk.find_conversation(Address("telegram", "", str(who)))
    assert found is not None
    return await line.care.desk.messages(found.id, for_contact=False)


async def test_question_choice_handoff_and_a_person(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    ada.sends(text="quanto costa la spedizione?")
    await line.moves()
    assert ada.texts[-1].endswith("Costa 4,90 €")
    assert "<b>4,90 €</b>" in line.double.named("sendMessage")[-1]["text"]

    ada.sends(text="boh")
    await line.moves()
    tap = ada.taps("Spedizione")
    await line.moves()
    assert line.double.answered_taps == [tap]
    assert ada.texts[-1].endswith("Costa 4,90 €")

    ada.sends(text="una persona per favore")
    await line.moves()
    conversation = (await line.care.desk.queue())[0]
    await line.care.does(GIULIA, conversation.conversation_id, "take")
    await line.care.does(GIULIA, conversation.conversation_id, "reply", text="Eccomi, sono **Giulia**")
    await line.care.send()
    assert ada.texts[-1] == "Eccomi, sono Giulia"


async def test_a_tap_is_answered_even_where_it_means_nothing(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    for data in ("9.9", "game", "x" * 64):
        line.double.open_taps.add(data)
        line.double.happens(callback_query={"id": data, "from": ada.sender, "chat_instance": "1", "data": data})
    ada.sends(text="spedizione")
    await line.moves()

    assert sorted(line.double.answered_taps) == sorted(["9.9", "game", "x" * 64])
    assert len(ada.texts) == 1


async def test_an_edited_message_gets_no_second_answer(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    message = ada.sends(text="spedizione")
    await line.moves()
    ada.edits(message, "spedizione in Francia")
    await line.moves()

    assert len(ada.texts) == 1
    assert len([one for one in await messages(line) if one.author is Author.CONTACT]) == 1


async def test_start_greets_and_a_link_of_the_shop_asks(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    ada.sends(text="/start")
    await line.moves()
    assert ada.texts[-1].endswith("<greet>")

    ada.sends(text="/start faq-return-how")
    await line.moves()
    assert ada.texts[-1].endswith("30 giorni")


async def test_a_photo_reaches_the_desk_with_its_caption(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    sizes = [{"file_id": "small", "file_unique_id": "s", "width": 9, "height": 9, "file_size": 10},
             {"file_id": "large", "file_unique_id": "l", "width": 90, "height": 90, "file_size": 100}]
    ada.sends(photo=sizes, caption="spedizione arrivata così")
    line.double.files["photos/large.jpg"] = b"a picture"
    await line.moves()

    (photo,) = (await messages(line))[0].attachments
    assert (photo.kind, photo.url, photo.size) == ("image", "/media/telegram/large", 100)
    media = await line.channel.media("large")
    assert (media.content, media.mime_type) == (b"a picture", "image/jpeg")


async def test_what_was_not_stored_comes_again(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    ada.sends(text="spedizione")
    line.door.fail = StoreUnavailable("disk full")
    with pytest.raises(StoreUnavailable):
        await line.poller.once(line.door, hold_s=0)
    assert line.door.kept == {}

    await line.moves()
    assert len(ada.texts) == 1


async def test_what_was_stored_before_a_crash_comes_once(line: Line) -> None:
    """The process dies after the commit, before Telegram hears of it."""
    ada = line.double.user(ADA, "Ada")
    ada.sends(text="spedizione")
    line.door.fail, line.door.late = StoreUnavailable("the connection was lost after the commit"), True
    with pytest.raises(StoreUnavailable):
        await line.poller.once(line.door, hold_s=0)
    assert len(line.double.updates) == 1

    await line.moves()
    assert (len(ada.texts), line.double.updates) == (1, [])


async def test_an_update_that_breaks_the_desk_is_left_behind_after_three_tries(line: Line) -> None:
    ada, ben = line.double.user(ADA, "Ada"), line.double.user(7002, "Ben")
    ada.sends(text="resi")
    ben.sends(text="spedizione")
    receive = line.door.receive_all

    async def broken(inbounds: Sequence[Inbound]) -> object:
        if any(one.text == "resi" for one in inbounds):
            raise OverflowError("a number that no database holds")
        return await receive(inbounds)  # type: ignore[misc]

    line.door.receive_all = broken
    for _ in range(2):
        with pytest.raises(OverflowError):
            await line.poller.once(line.door, hold_s=0)
        assert ben.texts == []
    await line.moves()

    assert (len(ada.texts), len(ben.texts), line.double.updates) == (0, 1, [])


async def test_half_an_emoji_stops_no_update(line: Line) -> None:
    ada, ben = line.double.user(ADA, "Ada"), line.double.user(7002, "Ben")
    ada.sends(text="spedizione \ud83d")
    ben.sends(text="resi")
    await line.moves()
    assert (len(ada.texts), len(ben.texts)) == (1, 1)


async def test_an_update_with_a_number_beyond_all_bounds_stops_nothing(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    line.double.happens(message={"message_id": 1, "date": 1, "chat": {"id": ADA, "type": "private"}, "text": "resi"})
    line.double.updates[0]["update_id"] = 10**30
    ada.sends(text="spedizione")
    await line.poller.once(line.door, hold_s=0)
    assert line.door.kept["telegram"] < 2**53


async def test_doubled_and_disordered_updates_are_one_message_each_in_order(line: Line) -> None:
    ada, ben = line.double.user(ADA, "Ada"), line.double.user(7002, "Ben")
    line.double.mischief = {"duplicate", "reorder"}
    for text in ("ciao", "spedizione", "resi"):
        ada.sends(text=text)
    ben.sends(text="resi")
    await line.moves()

    assert [one.text for one in await messages(line) if one.author is Author.CONTACT] == ["ciao", "spedizione", "resi"]
    assert len(ben.texts) == 1


async def test_no_malformed_update_stops_the_others(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    line.double.happens(message={"message_id": "x"})
    line.double.happens(message=[])
    line.double.updates.append({"message": 5})  # without any number
    line.double.happens(callback_query={"id": 5, "from": None})
    ada.sends(text="spedizione")
    await line.moves()

    assert len(ada.texts) == 1


async def test_a_flooded_chat_waits_as_long_as_told_and_delays_no_other(line: Line) -> None:
    ada, ben = line.double.user(ADA, "Ada"), line.double.user(7002, "Ben")
    line.double.refuse["sendMessage"] = [Refusal(429, "Too Many Requests: retry after 30", retry_after=30)]
    ada.sends(text="spedizione")
    await line.moves()
    ben.sends(text="spedizione")
    await line.moves()
    assert (len(ada.texts), len(ben.texts)) == (0, 1)

    line.care.clock.advance(seconds=25)
    await line.care.send()
    assert ada.texts == []
    line.care.clock.advance(seconds=6)
    await line.care.send()
    assert len(ada.texts) == 1


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    line.double.lose_answers.append("sendMessage")
    ada.sends(text="spedizione")
    await line.moves()
    line.care.clock.advance(hours=1)
    await line.care.send()

    assert len(ada.texts) == 1
    ours = [one for one in await messages(line) if one.author is Author.BOT]
    assert [one.delivery for one in ours] == ["unknown"]


async def test_a_long_answer_goes_on_where_it_was_interrupted(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    words = [f"parola{n}" for n in range(900)]
    await line.care.desk._faq.serve(publication(shipping_cost=" & ".join(f"**{word}**" for word in words)))  # noqa: SLF001
    line.double.refuse["sendMessage"] = [None, Refusal(429, "Too Many Requests: retry after 5", retry_after=5)]
    ada.sends(text="spedizione")
    await line.moves()
    assert len(ada.texts) == 1

    line.care.clock.advance(seconds=6)
    await line.care.send()
    assert len(ada.texts) > 2
    assert [word for word in " ".join(ada.texts).split() if word.startswith("parola")] == words
    assert all(len(call["text"]) <= 4096 for call in line.double.named("sendMessage"))


async def test_a_shopper_who_blocked_the_bot_is_not_tried_again(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    ada.sends(text="spedizione")
    await line.poller.once(line.door, hold_s=0)
    await line.care.settle()
    ada.blocks()
    await line.moves()
    line.care.clock.advance(hours=1)
    await line.care.send()

    lines = [one.text for one in await messages(line) if one.author is Author.SYSTEM]
    assert lines == ["This message was not delivered: Telegram: Forbidden: bot was blocked by the user"]
    assert ada.texts == []


async def test_a_group_is_told_once_where_the_bot_answers(line: Line) -> None:
    ada = line.double.user(ADA, "Ada")
    group = {"id": -100, "type": "supergroup", "title": "Amici"}
    line.double.groups.add(-100)
    bot = {key: ME[key] for key in ("id", "is_bot", "first_name")}
    member, left = {"user": bot, "status": "member"}, {"user": bot, "status": "left"}
    line.double.happens(my_chat_member={"chat": group, "from": ada.sender, "date": 1, "old_chat_member": left,
                                        "new_chat_member": member})
    line.double.happens(message={"message_id": 1, "date": 1, "chat": group, "from": ada.sender, "text": "spedizione"})
    await line.moves()

    assert [call["text"] for call in line.double.named("sendMessage")] == [GROUP_WORDS["it"]]
    assert await line.care.desk.find_conversation(Address("telegram", "", "-100")) is None
