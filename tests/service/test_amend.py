"""Events that change a record, and words that pick."""
from bot.model.conversation import EventKind, Inbound
from tests.service.conftest import Care


async def test_an_edited_message_changes_the_record_and_is_not_answered_again(care: Care) -> None:
    await care.writes("ada", "quanto costa la spedizine", key="m1")
    before = len(await care.seen_by("ada"))
    edit = Inbound(
        "widget", EventKind.EDIT, "e1", "ada", text="quanto costa la spedizione", payload={"edits": "m1"}
    )
    await care.desk.receive([edit])
    await care.settle()

    seen = await care.seen_by("ada")
    assert (seen[0].text, len(seen)) == ("quanto costa la spedizione", before)


async def test_an_edit_by_a_stranger_opens_no_conversation(care: Care) -> None:
    edit = Inbound("widget", EventKind.EDIT, "e1", "nobody", text="x", payload={"edits": "m1"})

    assert await care.desk.receive([edit]) == []


async def test_the_cursor_moves_only_with_what_was_read(care: Care) -> None:
    message = Inbound("push", EventKind.MESSAGE, "u7", "ada", text="spedizione")
    await care.desk.receive_polled("push", 8, [message])
    await care.settle()

    assert await care.desk.cursor("push") == 8
    assert len(await care.seen_by("ada", "push")) >= 1


async def test_a_typed_number_picks_the_choice_above_it(care: Care) -> None:
    await care.writes("ada", "boh")
    await care.writes("ada", "1")

    assert (await care.replies("ada"))[-1] == "4,90 €"


async def test_a_number_picks_nothing_where_nothing_was_offered(care: Care) -> None:
    await care.writes("ada", "spedizione")
    await care.writes("ada", "1")

    assert care.understanding.read[-1] == "1"
