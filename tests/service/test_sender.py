"""What leaves, when, and how often."""
import pytest

from bot.model.errors import DeliveryError
from bot.storage import outbox
from bot.storage.store import Store
from tests import fakes
from tests.service.conftest import GIULIA, Care, make_care


async def test_an_answer_leaves_once_and_is_marked_sent(care: Care) -> None:
    await care.writes("ada", "spedizione", channel="push")
    await care.send()
    await care.send()

    assert len(care.push.sent) == 1
    assert (await care.seen_by("ada", "push"))[-1].delivery == "sent"


async def test_no_answer_begins_sending_after_a_person_took_over(care: Care) -> None:
    conversation = await care.writes("ada", "spedizione", channel="push")
    await care.does(GIULIA, conversation, "reply", text="Ci penso io")
    await care.send()

    assert [text for _, text in care.push.sent] == ["Ci penso io"]


async def test_an_operators_words_leave_even_after_the_conversation_was_closed(care: Care) -> None:
    conversation = await care.writes("ada", "persona", channel="push")
    await care.does(GIULIA, conversation, "reply", text="Fatto")
    await care.does(GIULIA, conversation, "close")
    await care.send()

    assert "Fatto" in [text for _, text in care.push.sent]


async def test_a_refused_send_is_tried_again_later_with_the_same_key(care: Care) -> None:
    care.push.fail_with = DeliveryError("busy", retry_after_s=30)
    await care.writes("ada", "spedizione", channel="push")
    await care.send()
    care.push.fail_with = None
    await care.send()
    assert care.push.sent == []

    care.clock.advance(seconds=31)
    await care.send()
    assert care.push.keys == ["1-2"]


async def test_a_permanent_refusal_ends_delivery_and_tells_the_operator(care: Care) -> None:
    care.push.fail_with = DeliveryError("blocked by the user", permanent=True)
    conversation = await care.writes("ada", "spedizione", channel="push")
    await care.send()

    lines = [one.text for one in await care.desk.messages(conversation, for_contact=False) if one.author == "system"]
    assert lines == ["This message was not delivered: blocked by the user"]
    assert care.push.attempts == 1


async def test_replies_of_one_conversation_leave_in_order(care: Care) -> None:
    conversation = await care.writes("ada", "persona", channel="push")
    for text in ("uno", "due", "tre"):
        await care.does(GIULIA, conversation, "reply", text=text)
    await care.send()

    assert [text for _, text in care.push.sent][-3:] == ["uno", "due", "tre"]


@pytest.mark.parametrize(("delivery", "sent", "shown"), [("idempotent", 1, "sent"), ("ambiguous", 0, "unknown")])
async def test_a_send_interrupted_by_a_crash_is_repeated_only_where_that_is_safe(
    store: Store, delivery: str, sent: int, shown: str
) -> None:
    care = await make_care(store, push=fakes.FakeChannel(delivery))
    conversation = await care.writes("ada", "spedizione", channel="push")
    now = care.clock.now()
    row = (await store.read(lambda c: outbox.due(c, now)))[0]
    await store.write(lambda c: outbox.claim(c, row.id, now))

    await care.desk._sender.recover()  # noqa: SLF001  # what a start does after kill -9
    await care.send()

    assert len(care.push.sent) == sent
    seen = await care.desk.messages(conversation, for_contact=False)
    assert [one.delivery for one in seen if one.author == "bot"] == [shown]
    await care.desk.stop()
