"""Commands are honest: they run in the order in which they came, say again what they said, and only the holder ends."""
import asyncio

import pytest

from bot.model.errors import InboundError
from bot.model.ownership import Owner
from bot.service.queue import ended
from bot.service.queue.commands import CommandResult
from tests.service.conftest import GIULIA, MARCO, Care


@pytest.mark.parametrize("name", ["close", "return", "put_back", "reply", "take"])
async def test_only_the_holder_ends_or_answers(care: Care, name: str) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")
    said = await care.replies("ada")
    payload = {"text": "io"} if name == "reply" else {}

    result = await care.does(MARCO, conversation, name, **payload)

    assert not result.ok
    assert "Giulia" in result.error
    view = await care.view(conversation)
    assert (view.owner, view.operator_id) == (Owner.OPERATOR, GIULIA.id)
    assert await care.replies("ada") == said


@pytest.mark.parametrize("name", ["close", "return", "put_back"])
async def test_the_holder_ends(care: Care, name: str) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")

    assert (await care.does(GIULIA, conversation, name)).ok


async def test_anyone_passes_on_what_an_absent_colleague_holds(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")

    assert (await care.does(MARCO, conversation, "transfer", operator_id=MARCO.id)).ok
    assert (await care.does(MARCO, conversation, "close")).ok


@pytest.mark.parametrize("channel", ["widget", "push"])
@pytest.mark.parametrize(("last", "owner"), [("close", "closed"), ("return", "bot"), ("put_back", "queue")])
async def test_a_reply_and_what_ends_the_case_are_read_in_that_order(
    care: Care, channel: str, last: str, owner: str
) -> None:
    conversation = await care.writes("ada", "persona", channel=channel)
    await care.does(GIULIA, conversation, "take")

    # Both under way at once, the second begun first: its 'after' keeps the order that was meant.
    closing_task = asyncio.create_task(
        care.desk.command(conversation, last, operator=GIULIA, key="second", payload={"after": "first"})
    )
    await asyncio.sleep(0)
    sent = await care.desk.command(conversation, "reply", operator=GIULIA, key="first", payload={"text": "Ecco."})
    assert (sent, await closing_task) == (CommandResult(True), CommandResult(True))
    await care.settle()
    await care.send()

    said = await care.replies_of(conversation)
    closing = {"close": "[utter_closed]", "return": "[utter_returned_to_bot]"}.get(last)
    if closing:
        assert said.index("Ecco.") < said.index(closing)
    if channel == "push" and closing:
        texts = [text for _, text in care.push.sent]
        assert texts.index("Ecco.") < texts.index(closing)
    assert (await care.view(conversation)).owner == owner


async def test_what_comes_after_a_refused_command_is_not_done(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(MARCO, conversation, "take")
    await care.desk.command(conversation, "reply", operator=GIULIA, key="r", payload={"text": "Ecco."})

    result = await care.desk.command(conversation, "close", operator=GIULIA, key="c", payload={"after": "r"})

    assert not result.ok
    assert "Marco" in result.error
    assert (await care.view(conversation)).owner is Owner.OPERATOR


async def test_what_comes_after_something_that_never_came_is_not_done(
    care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended, "WITHIN_S", 0.2)
    conversation = await care.writes("ada", "persona")

    result = await care.desk.command(conversation, "close", operator=GIULIA, key="c", payload={"after": "lost"})

    assert (result.ok, "'lost'" in result.error) == (False, True)
    assert (await care.view(conversation)).owner is Owner.QUEUE


async def test_a_refused_command_is_refused_again_under_its_key(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(MARCO, conversation, "take")

    first = await care.desk.command(conversation, "close", operator=GIULIA, key="k")
    await care.does(MARCO, conversation, "put_back")

    assert not first.ok
    assert await care.desk.command(conversation, "close", operator=GIULIA, key="k") == first


async def test_a_key_belongs_to_one_command(care: Care) -> None:
    one, other = await care.writes("ada", "persona"), await care.writes("ugo", "persona")
    await care.desk.command(one, "take", operator=GIULIA, key="k")

    for conversation, name, operator in ((other, "take", GIULIA), (one, "close", GIULIA), (one, "take", MARCO)):
        with pytest.raises(InboundError, match="another command") as refused:
            await care.desk.command(conversation, name, operator=operator, key="k")
        assert refused.value.status == 409
    assert (await care.view(other)).owner is Owner.QUEUE


async def test_the_list_and_the_told_places_are_one_order(care: Care) -> None:
    waiting = []
    for who, text in (("ada", "persona"), ("ugo", "vergogna"), ("eva", "persona"), ("ivo", "avvocato"),
                      ("leo", "persona"), ("zoe", "vergogna")):
        waiting.append(await care.writes(who, text))
        care.clock.advance(seconds=7)
    # Taken and put back: the first of all in the list of its kind again, though others wrote meanwhile.
    await care.does(GIULIA, waiting[2], "take")
    await care.does(GIULIA, waiting[2], "reply", text="un attimo")
    await care.does(GIULIA, waiting[2], "put_back")
    await care.writes("leo", "ci siete?")

    rows = await care.desk.queue()
    places = [(await care.view(row.conversation_id)).position for row in rows]

    assert len(rows) == 6
    assert places == [1, 2, 3, 4, 5, 6]


async def test_places_of_one_moment_are_different(care: Care) -> None:
    ids = [await care.writes(who, "persona") for who in ("ada", "ugo", "eva")]

    assert [(await care.view(one)).position for one in ids] == [1, 2, 3]
    assert [row.conversation_id for row in await care.desk.queue()] == ids
