"""What a message stands in is kept with it; what no machine may answer reaches people; the rest is listed."""
from typing import Any

import pytest

from bot.model.conversation import Author, Context, EventKind, Inbound
from bot.model.ownership import Owner, Reason
from bot.service.numbers import metrics
from tests.service.conftest import GIULIA, Care


def message(key: str, text: str = "quanto costa la spedizione?", *context: Context, **payload: Any) -> Inbound:
    return Inbound("push", EventKind.MESSAGE, key, "ada", text=text, payload=payload, context=context)


async def kept(care: Care, conversation: int) -> list[tuple[Context, ...]]:
    rows = await care.desk.messages(conversation, for_contact=False)
    return [one.context for one in rows if one.author is Author.CONTACT]


async def test_a_quote_is_told_in_the_words_of_the_quoted_message(care: Care) -> None:
    (talk,) = await care.desk.receive([message("m-1")])
    await care.settle()
    await care.send()
    answer = (await care.replies_of(talk))[-1]
    await care.desk.receive([
        message("m-2", "e questo?", Context("quote", key="m-1")),
        message("m-3", "e quello?", Context("quote", key="nobody-knows")),
        message("m-5", "e questo?", Context("quote", key="provider-1")),
        message("m-4", "e carta?", Context("quote", "la mia carta è 4111 1111 1111 1111"), Context("product", "SKU-7")),
    ])
    await care.settle()
    found = await kept(care, talk)
    assert found[0] == ()
    assert [one.text for one in found[1]] == ["quanto costa la spedizione?"]
    assert [one.text for one in found[2]] == [""]
    assert [one.text for one in found[3]] == [answer] != [""]
    assert "4111 1111" not in found[4][0].text
    assert found[4][1] == Context("product", "SKU-7")


async def test_operators_see_the_context(care: Care) -> None:
    (talk,) = await care.desk.receive([message("m-1", "ciao", Context("forwarded", "Bruno"))])
    await care.settle()
    dossier = await care.desk.dossier(talk)
    assert dossier is not None
    assert dossier.messages[0].context == (Context("forwarded", "Bruno"),)


async def test_what_is_taken_back_takes_its_context_along(care: Care) -> None:
    (talk,) = await care.desk.receive([message("m-1", "ciao", Context("quote", "segreto"))])
    await care.desk.receive([Inbound("push", EventKind.EDIT, "m-1:deleted", "ada",
                                     payload={"edits": "m-1", "deleted": True})])
    await care.settle()
    assert await kept(care, talk) == [()]


@pytest.mark.parametrize("text", ["quanto costa la spedizione?", "boh", ""])
async def test_what_no_machine_may_answer_reaches_people(care: Care, text: str) -> None:
    asked = {"unanswered": "Precedence: list", "thread": {"quiet": True}}
    (talk,) = await care.desk.receive([message("m-1", text, **asked)])
    care.clock.advance(minutes=1)
    await care.desk._workers.due()  # noqa: SLF001
    await care.settle()
    assert await care.replies_of(talk) == []
    (row,) = await care.desk.queue()
    assert (row.owner, row.reason) == (Owner.QUEUE, Reason.POLICY)

    await care.desk.receive([message("m-2", "ancora io", **asked)])
    await care.settle()
    assert await care.replies_of(talk) == []
    await care.does(GIULIA, talk, "reply", text="Eccomi")
    await care.does(GIULIA, talk, "close")
    await care.settle()
    assert await care.replies_of(talk) == ["Eccomi"]

    await care.desk.receive([message("m-3", "grazie", **asked)])
    await care.settle()
    assert [one.owner for one in await care.desk.queue()] == [Owner.QUEUE]
    assert await care.replies_of(talk) == ["Eccomi"]


async def test_a_later_message_without_the_wish_is_answered_again(care: Care) -> None:
    (talk,) = await care.desk.receive([message("m-1", unanswered="x", thread={"quiet": True})])
    await care.settle()
    await care.does(GIULIA, talk, "take")
    await care.does(GIULIA, talk, "return")
    await care.desk.receive([message("m-2", thread={"message": "m-2"})])
    await care.settle()
    assert (await care.replies_of(talk))[-1].endswith("4,90 €")


async def test_what_joins_no_conversation_is_stored_once_listed_and_counted(care: Care) -> None:
    before = metrics.LEFT_ALONE.labels("push")._value.get()  # noqa: SLF001
    aside = message("m-1", "Sono via", Context("whole", url="/media/push/1"), aside="a report", subject="Assente")
    assert await care.desk.receive([aside]) == []
    assert await care.desk.receive([aside, message("m-2")]) != []
    total, (row,) = await care.desk.left_alone()
    assert (total, row.why, row.subject, row.text, row.url) == (1, "a report", "Assente", "Sono via", "/media/push/1")
    assert metrics.LEFT_ALONE.labels("push")._value.get() - before == 1  # noqa: SLF001
