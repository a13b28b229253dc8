"""Reply windows, receipts and answers given in a channel's own app."""
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.model.conversation import Author, EventKind, Inbound, Reply
from bot.model.errors import DeliveryError
from bot.model.ownership import Owner
from bot.model.ports import Address
from bot.storage.store import Store
from tests.service.conftest import GIULIA, Care, make_care, parts_of


@dataclass
class WindowChannel:
    """Keeps the replies it was given; ``closed`` refuses free text as a provider does."""

    kind: str = "push"
    delivery: str = "reconcilable"
    replies: list[Reply] = field(default_factory=list)
    closed: bool = False
    broken: bool = False

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        if self.broken:
            raise DeliveryError("the connection broke after the write", unknown=True)
        if self.closed and not reply.late:
            raise DeliveryError("131047: more than 24 hours", window_closed=True)
        self.replies.append(reply)
        return f"provider-{key}"


@pytest.fixture
def channel() -> WindowChannel:
    return WindowChannel()


@pytest.fixture
def limits() -> dict[str, Any]:
    return {"reply_window": timedelta(hours=24)}


@pytest.fixture
async def windowed(store: Store, channel: WindowChannel, limits: dict[str, Any]) -> AsyncIterator[Care]:
    made = await make_care(store, channels={"push": parts_of(channel, **limits)})
    yield made
    await made.desk.stop()


def status(delivery: str, *, key: str, **payload: Any) -> Inbound:
    return Inbound("push", EventKind.STATUS, key, "ada", payload={"delivery": delivery, **payload})


async def handed_over(care: Care) -> int:
    return await care.writes("ada", "una persona per favore", channel="push")


async def last_delivery(care: Care) -> str:
    return [one for one in await care.seen_by("ada", "push") if one.author is not Author.CONTACT][-1].delivery


async def test_the_list_shows_when_each_window_closes(windowed: Care) -> None:
    await handed_over(windowed)

    assert (await windowed.desk.queue())[0].window_closes_at == windowed.clock.now() + timedelta(hours=24)


@pytest.mark.parametrize("limits", [{"reply_window": timedelta(hours=24), "ad_window": timedelta(days=7)}])
async def test_what_an_ad_opened_stays_open_longer(windowed: Care) -> None:
    """Counted from that message, whatever the shopper writes after it."""
    opened = windowed.clock.now()
    from_ad = Inbound(
        "push", EventKind.MESSAGE, "ad-1", "ada", text="ciao", payload={"thread": {"message": "1", "ad": "summer"}}
    )
    await windowed.desk.receive([from_ad])
    await windowed.settle()
    windowed.clock.advance(hours=1)
    await handed_over(windowed)

    assert (await windowed.desk.queue())[0].window_closes_at == opened + timedelta(days=7)


async def test_who_cannot_be_written_to_at_the_opening_is_told_now_and_leaves_an_email(windowed: Care) -> None:
    windowed.hours.open = False
    windowed.hours.opens = windowed.clock.now() + timedelta(days=2)
    conversation = await handed_over(windowed)
    assert "[utter_window_trap] until=" in (await windowed.replies_of(conversation))[-1]

    await windowed.writes("ada", "ada@example.com", channel="push")
    dossier = await windowed.desk.dossier(conversation)
    assert dossier is not None
    assert dossier.contact_email == "ada@example.com"
    assert "[utter_email_left] email=ada@example.com" in (await windowed.replies_of(conversation))[-1]


async def test_who_can_still_be_written_to_at_the_opening_is_not_worried(windowed: Care) -> None:
    windowed.hours.open = False
    windowed.hours.opens = windowed.clock.now() + timedelta(hours=10)
    conversation = await handed_over(windowed)

    assert "utter_window_trap" not in (await windowed.replies_of(conversation))[-1]


async def test_after_the_window_an_operator_is_told_and_nothing_is_sent(
    windowed: Care, channel: WindowChannel
) -> None:
    conversation = await handed_over(windowed)
    await windowed.send()
    sent = len(channel.replies)
    windowed.clock.advance(hours=25)
    result = await windowed.does(GIULIA, conversation, "reply", text="Eccomi")
    await windowed.send()

    assert not result.ok
    assert "until the shopper writes again" in result.error
    assert len(channel.replies) == sent


async def test_a_reply_that_waited_past_the_window_is_dropped_and_the_operator_reads_why(
    windowed: Care, channel: WindowChannel
) -> None:
    conversation = await handed_over(windowed)
    await windowed.send()
    await windowed.does(GIULIA, conversation, "reply", text="Eccomi")
    windowed.clock.advance(hours=25)
    await windowed.send()

    assert "Eccomi" not in [one.text for one in channel.replies]
    lines = await windowed.desk.messages(conversation, for_contact=False)
    assert lines[-1].author is Author.SYSTEM
    assert "the reply window of push is closed" in lines[-1].text


@pytest.mark.parametrize("limits", [{"reply_window": timedelta(hours=24), "late_window": timedelta(days=7)}])
async def test_a_person_may_answer_late_where_the_provider_allows_it(windowed: Care, channel: WindowChannel) -> None:
    conversation = await handed_over(windowed)
    await windowed.send()
    windowed.clock.advance(hours=30)
    assert (await windowed.does(GIULIA, conversation, "reply", text="Eccomi")).ok
    await windowed.send()

    assert [(one.text, one.late) for one in channel.replies][-1] == ("Eccomi", True)


@pytest.mark.parametrize("limits", [{"reply_window": timedelta(hours=24), "late_window": timedelta(days=7)}])
async def test_the_providers_clock_decides(windowed: Care, channel: WindowChannel) -> None:
    conversation = await handed_over(windowed)
    await windowed.send()
    channel.closed = True
    await windowed.does(GIULIA, conversation, "reply", text="Eccomi")
    await windowed.send()

    assert [one.late for one in channel.replies if one.text == "Eccomi"] == [True]


@pytest.mark.parametrize("limits", [{"reply_window": timedelta(hours=24), "late_window": timedelta(days=7)}])
async def test_the_bot_never_speaks_late(windowed: Care, channel: WindowChannel) -> None:
    await windowed.writes("ada", "spedizione", channel="push")
    windowed.clock.advance(hours=25)
    await windowed.send()

    assert channel.replies == []


async def test_receipts_move_a_message_up_and_never_down(windowed: Care, channel: WindowChannel) -> None:
    conversation = await windowed.writes("ada", "spedizione", channel="push")
    await windowed.send()
    seq = (await windowed.seen_by("ada", "push"))[-1].seq
    message = f"provider-{conversation}-{seq}"
    for key, delivery, expected in [
        ("s1", "read", "read"), ("s2", "delivered", "read"), ("s3", "failed", "read"), ("s4", "sent", "read"),
    ]:
        await windowed.desk.receive([status(delivery, key=key, message=message)])
        assert await last_delivery(windowed) == expected


async def test_a_failure_that_comes_later_is_read_by_operators(windowed: Care) -> None:
    conversation = await windowed.writes("ada", "spedizione", channel="push")
    await windowed.send()
    seq = (await windowed.seen_by("ada", "push"))[-1].seq
    await windowed.desk.receive(
        [status("failed", key="s1", reply=f"{conversation}-{seq}", why="131026: not on WhatsApp", unreachable=True)]
    )

    lines = await windowed.desk.messages(conversation, for_contact=False)
    assert lines[-2].delivery == "failed"
    assert "131026" in lines[-1].text


async def test_a_receipt_settles_what_nobody_could_know(windowed: Care, channel: WindowChannel) -> None:
    conversation = await windowed.writes("ada", "spedizione", channel="push")
    seq = (await windowed.desk.messages(conversation, for_contact=False))[-1].seq
    await windowed.desk.receive([status("delivered", key="s1", reply=f"{conversation}-{seq}", message="wamid.1")])
    await windowed.send()

    assert await last_delivery(windowed) == "delivered"
    assert channel.replies == []  # the provider has it: it is not sent again


async def test_receipts_get_a_minute_to_say_that_a_message_left(windowed: Care, channel: WindowChannel) -> None:
    conversation = await windowed.writes("ada", "spedizione", channel="push")
    channel.broken = True
    await windowed.send()
    channel.broken = False
    windowed.clock.advance(seconds=50)
    seq = (await windowed.desk.messages(conversation, for_contact=False))[-1].seq
    await windowed.desk.receive([status("delivered", key="s1", reply=f"{conversation}-{seq}", message="wamid.1")])
    windowed.clock.advance(seconds=50)
    await windowed.send()

    assert channel.replies == []
    assert await last_delivery(windowed) == "delivered"


async def test_without_a_receipt_the_answer_is_not_lost(windowed: Care, channel: WindowChannel) -> None:
    await windowed.writes("ada", "spedizione", channel="push")
    channel.broken = True
    await windowed.send()
    channel.broken = False
    windowed.clock.advance(seconds=59)
    await windowed.send()
    assert channel.replies == []
    windowed.clock.advance(seconds=30)
    await windowed.send()

    assert len(channel.replies) == 1


async def test_an_echo_of_our_own_message_is_no_persons_answer(windowed: Care) -> None:
    conversation = await windowed.writes("ada", "spedizione", channel="push")
    await windowed.send()
    seq = (await windowed.seen_by("ada", "push"))[-1].seq
    echo = Inbound("push", EventKind.HUMAN, f"provider-{conversation}-{seq}", "ada", text="4,90 €")

    assert await windowed.desk.receive([echo]) == []
    assert (await windowed.view(conversation)).owner is Owner.BOT


async def test_receipts_of_strangers_and_of_unknown_messages_change_nothing(windowed: Care) -> None:
    await windowed.writes("ada", "spedizione", channel="push")
    unknown = Inbound("push", EventKind.STATUS, "s1", "nobody", payload={"delivery": "read", "message": "x"})
    await windowed.desk.receive([unknown, status("read", key="s2", message="x"), status("??", key="s3", message="x")])

    assert len(await windowed.desk.messages((await windowed.desk.receive([status("read", key="s4")]))[0])) == 1


async def test_an_answer_in_the_channels_own_app_silences_the_bot(windowed: Care) -> None:
    conversation = await windowed.writes("ada", "spedizione", channel="push")
    await windowed.desk.receive([Inbound("push", EventKind.HUMAN, "echo-1", "ada", text="Sono Marco, ci penso io")])
    await windowed.settle()
    await windowed.writes("ada", "quanto costa la spedizione?", channel="push")

    assert (await windowed.view(conversation)).owner is Owner.OPERATOR
    lines = await windowed.desk.messages(conversation, for_contact=False)
    assert [(one.author, one.text) for one in lines][-2:] == [
        (Author.OPERATOR, "Sono Marco, ci penso io"), (Author.CONTACT, "quanto costa la spedizione?"),
    ]


async def test_an_answer_to_one_who_never_wrote_opens_nothing(windowed: Care) -> None:
    assert await windowed.desk.receive([Inbound("push", EventKind.HUMAN, "echo-1", "nobody", text="ciao")]) == []


async def test_a_message_taken_back_loses_its_words_and_keeps_its_place(windowed: Care) -> None:
    conversation = await windowed.writes("ada", "la mia spedizione è al 12 di via Roma", key="m1", channel="push")
    await windowed.desk.receive(
        [Inbound("push", EventKind.EDIT, "d1", "ada", payload={"edits": "m1", "deleted": True})]
    )

    first = (await windowed.desk.messages(conversation, for_contact=False))[0]
    assert (first.text, first.delivery) == ("", "deleted")


async def test_one_person_under_a_new_id_stays_one_conversation(windowed: Care) -> None:
    first = await windowed.writes("39333", "spedizione", channel="push")
    for key, address, also in [("m2", "IT.ada", ("39333",)), ("m3", "39333", ()), ("m4", "IT.ada", ())]:
        message = Inbound("push", EventKind.MESSAGE, key, address, text="spedizione", payload={"also": also})
        assert await windowed.desk.receive([message]) == [first]
    await windowed.settle()
    await windowed.desk.receive(
        [Inbound("push", EventKind.STATUS, "s1", "IT.ada", payload={"moved_to": "IT.ada2"})]
    )

    assert await windowed.writes("IT.ada2", "spedizione", channel="push") == first
