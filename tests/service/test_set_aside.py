"""What fails each time it is handled blocks nothing: the shopper gets a person, the operator a refusal."""
from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot.model.conversation import EventKind, Inbound, Reply
from bot.model.errors import InboundError
from bot.model.ownership import Owner, Reason
from bot.service.delivery import sender
from bot.service.turn.set_aside import WORDS
from bot.storage import aside, conversations
from tests.service.conftest import GIULIA, Care

ERRORS = [OverflowError("Python int too large to convert to SQLite INTEGER"), KeyError("utter_handoff_first"),
          ValueError("half a date"), TypeError("no len()"), RecursionError("too deep"), AssertionError()]


def breaks(monkeypatch: pytest.MonkeyPatch, target: object, name: str, error: Exception) -> None:
    async def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(target, name, fail)


@pytest.mark.parametrize("channel", ["widget", "push"])
@pytest.mark.parametrize("error", ERRORS, ids=repr)
async def test_a_message_that_cannot_be_handled_brings_a_person_and_holds_up_nothing(
    care: Care, monkeypatch: pytest.MonkeyPatch, error: Exception, channel: str
) -> None:
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._turns, "draft", error)
        conversation = await care.writes("ada", "spedizione", channel=channel)
    await care.writes("ada", "quanto costa la spedizione", channel=channel)
    await care.send()

    view = await care.view(conversation)
    assert (view.owner, view.reason) == (Owner.QUEUE, Reason.TOOL_FAILURE)
    said = await care.replies_of(conversation)
    assert "[utter_tool_failure]" in said[0]
    assert said[-1].endswith("4,90 €")
    (one,) = await care.desk.set_aside()
    assert (one.conversation_id, one.kind) == (conversation, "message")
    assert type(error).__name__ in one.error


@pytest.mark.parametrize("channel", ["widget", "push"])
@pytest.mark.parametrize("owner", ["bot", "queue", "operator", "closed"])
async def test_where_even_the_words_for_it_fail_built_in_ones_serve(
    care: Care, monkeypatch: pytest.MonkeyPatch, channel: str, owner: str
) -> None:
    conversation = await care.writes("ada", "ciao", channel=channel)
    for command in {"bot": [], "queue": ["take", "put_back"], "operator": ["take"], "closed": ["close"]}[owner]:
        await care.does(GIULIA, conversation, command)
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._turns, "draft", ValueError("a"))
        breaks(broken, care.desk._workers._turns, "rescue", KeyError("utter_tool_failure"))
        await care.writes("ada", "spedizione", channel=channel)
    await care.send()

    said = await care.replies_of(conversation)
    view = await care.view(conversation)
    if owner in ("bot", "closed"):
        assert said[-1] == WORDS
        assert (view.owner, view.reason, view.position) == (Owner.QUEUE, Reason.TOOL_FAILURE, 1)
    else:  # a person has it or will
        assert WORDS not in said
        assert view.owner == owner
    if channel == "push":
        assert [text for _, text in care.push.sent].count(WORDS) == said.count(WORDS)
    assert len(await care.desk.set_aside()) == 1
    await care.writes("ada", "spedizione", channel=channel)
    assert len(await care.desk.set_aside()) == 1


async def test_a_conversation_that_cannot_be_read_loses_its_entry_and_nothing_else(
    care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: Any) -> Any:
        raise ValueError("no JSON")

    with monkeypatch.context() as broken:
        broken.setattr(conversations, "get", unreadable)
        conversation = await care.writes("ada", "spedizione")
    await care.writes("ugo", "spedizione")

    assert await care.replies("ada") == [WORDS]
    assert (await care.view(conversation)).owner is Owner.QUEUE
    assert (await care.replies("ugo"))[-1].endswith("4,90 €")


@pytest.mark.parametrize("name", ["take", "reply", "note", "close", "return", "put_back", "transfer", "reopen"])
async def test_a_command_that_cannot_be_done_is_refused_and_what_comes_after_goes_on(
    care: Care, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    conversation = await care.writes("ada", "persona")
    payload: dict[str, object] = {"reply": {"text": "ciao"}, "note": {"text": "x"}, "transfer": {"operator_id": 2}}.get(
        name, {}
    )
    before = REGISTRY.get_sample_value("sportello_set_aside_total", {"kind": "command"}) or 0
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._commands, "draft", OverflowError("too large"))
        result = await care.does(GIULIA, conversation, name, **payload)

    assert not result.ok
    assert "OverflowError: too large" in result.error
    assert "Nothing was changed" in result.error
    assert REGISTRY.get_sample_value("sportello_set_aside_total", {"kind": "command"}) == before + 1
    assert (await care.does(GIULIA, conversation, "reply", text="sono Giulia")).ok
    assert (await care.replies("ada"))[-1] == "sono Giulia"


async def test_the_same_key_of_a_command_that_was_set_aside_is_refused_in_the_same_words(
    care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await care.writes("ada", "persona")
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._commands, "draft", OverflowError("too large"))
        first = await care.desk.command(conversation, "take", operator=GIULIA, key="k")
    again = await care.desk.command(conversation, "take", operator=GIULIA, key="k")

    assert again == first
    assert (await care.view(conversation)).owner is Owner.QUEUE


async def test_what_was_set_aside_can_be_tried_again(care: Care, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._turns, "draft", ValueError("not yet"))
        await care.writes("ada", "spedizione")
    (one,) = await care.desk.set_aside()
    now = care.clock.now()

    assert await care.store.write(lambda connection: aside.retry(connection, [one.id, 999], now)) == 1
    await care.desk._workers.due()
    await care.settle()

    assert await care.desk.set_aside() == []
    assert (await care.replies("ada"))[-1].endswith("4,90 €")


async def test_what_is_dropped_is_gone_from_the_list_and_its_message_stays(
    care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._turns, "draft", ValueError("never"))
        await care.writes("ada", "spedizione")
    (one,) = await care.desk.set_aside()

    assert await care.store.write(lambda connection: aside.drop(connection, [one.id])) == 1
    assert await care.desk.set_aside() == []
    assert (await care.seen_by("ada"))[0].text == "spedizione"


async def test_a_rest_caller_gets_the_same_apology_again(care: Care, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Inbound(channel="rest", kind=EventKind.MESSAGE, key="m-1", address="ada", text="spedizione")
    with monkeypatch.context() as broken:
        breaks(broken, care.desk._workers._turns, "draft", ValueError("no"))
        first = await care.desk.ask(question, 5)

    assert "[utter_tool_failure]" in first[0].text
    assert await care.desk.ask(question, 5) == first


@pytest.mark.parametrize("number", [2**70, 2**63, 2**53, 0, -1, True, "2", None, 1.5])
async def test_an_operator_id_that_is_none_is_refused_at_the_door(care: Care, number: object) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")

    with pytest.raises(InboundError, match="operator_id"):
        await care.does(GIULIA, conversation, "transfer", operator_id=number)
    assert await care.desk.set_aside() == []


@pytest.mark.parametrize("number", [2**70, 2**63, 0, -5])
async def test_a_conversation_of_no_number_is_unknown(care: Care, number: int) -> None:
    with pytest.raises(InboundError, match="no conversation"):
        await care.does(GIULIA, number, "take")


async def test_a_message_that_cannot_be_sent_ends_and_those_behind_it_leave(
    care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sender._reply

    def reply(message: Any, kind: str) -> Reply:
        if "ciao" in message.text or "greet" in message.text:
            raise ValueError("no such kind")
        return whole(message, kind)

    monkeypatch.setattr(sender, "_reply", reply)
    conversation = await care.writes("ada", "ciao", channel="push")
    await care.writes("ada", "spedizione", channel="push")
    for _ in range(6):
        await care.send()
        care.clock.advance(seconds=10)

    assert [text for _, text in care.push.sent] == ["4,90 €"]
    lines = await care.desk.messages(conversation, for_contact=False)
    assert any("was not delivered: ValueError: no such kind" in one.text for one in lines)


