"""What goes wrong around a send harms that send only, and is never sent twice."""
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.model.conversation import Reply
from bot.model.errors import StoreUnavailable
from bot.model.ports import Address
from bot.storage.store import Store, open_store
from tests.fakes import FakeChannel
from tests.service.conftest import Care, make_care


@pytest.fixture(params=["idempotent", "ambiguous"])
async def care(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Care]:
    """A desk with a push channel of either kind."""
    store: Store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    care = await make_care(store, push=FakeChannel(request.param))
    yield care
    await care.desk.stop()
    await store.close()


async def test_a_channel_that_breaks_on_one_message_still_sends_the_others(care: Care) -> None:
    send = care.push.send

    async def break_for_ada(to: Address, reply: Reply, key: str) -> str | None:
        if to.external_id == "ada":
            raise ValueError("a bug in the channel")
        return await send(to, reply, key)

    care.push.send = break_for_ada  # type: ignore[method-assign]
    await care.writes("ada", "spedizione", channel="push")
    await care.writes("ugo", "spedizione", channel="push")
    await care.send()

    assert [who for who, _ in care.push.sent] == ["ugo"]
    left = [one.delivery for one in await care.desk.messages(1, for_contact=False) if one.author == "bot"]
    assert left == (["unknown"] if care.push.delivery == "ambiguous" else ["pending"])


async def test_a_store_that_is_down_as_a_send_is_marked_is_asked_again_and_nothing_is_sent_twice(care: Care) -> None:
    write, send = care.store.write, care.push.send
    refusals = 0

    async def refuse(work: Any) -> Any:
        nonlocal refusals
        refusals += 1
        if refusals == 3:
            care.store.write = write  # type: ignore[method-assign]
        raise StoreUnavailable("locked")

    async def send_and_lock(to: Address, reply: Reply, key: str) -> str | None:
        care.store.write = refuse  # type: ignore[method-assign]
        return await send(to, reply, key)

    await care.writes("ada", "spedizione", channel="push")
    care.push.send = send_and_lock  # type: ignore[method-assign]
    await care.send()
    care.push.send = send  # type: ignore[method-assign]
    await care.writes("ada", "resi", channel="push")
    await care.send()

    assert refusals == 3
    assert [text.splitlines()[-1] for _, text in care.push.sent] == ["4,90 €", "30 giorni"]


async def test_of_two_senders_over_one_store_one_sends_and_neither_drops(care: Care, tmp_path: Path) -> None:
    """Two processes, or two rounds of one."""
    other_store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    other = await make_care(other_store, push=care.push)
    for who in ("ada", "eva", "ugo"):
        await care.writes(who, "spedizione", channel="push")

    await asyncio.gather(care.desk._sender.send_due(), other.desk._sender.send_due())  # noqa: SLF001

    assert sorted(who for who, _ in care.push.sent) == ["ada", "eva", "ugo"]
    for who in ("ada", "eva", "ugo"):
        assert (await care.seen_by(who, "push"))[-1].delivery == "sent"
    await other.desk.stop()
    await other_store.close()


async def test_a_send_that_hangs_delays_its_own_conversation_only(care: Care) -> None:
    send, gate, arrived = care.push.send, asyncio.Event(), asyncio.Event()

    async def hang_for_ada(to: Address, reply: Reply, key: str) -> str | None:
        if to.external_id == "ada":
            await gate.wait()
        sent = await send(to, reply, key)
        arrived.set()
        return sent

    care.push.send = hang_for_ada  # type: ignore[method-assign]
    await care.desk.start()
    await care.writes("ada", "spedizione", channel="push")
    await care.writes("ugo", "spedizione", channel="push")

    await asyncio.wait_for(arrived.wait(), 5)

    assert [who for who, _ in care.push.sent] == ["ugo"]
    gate.set()


async def test_a_desk_that_stops_lets_a_send_under_way_end(care: Care) -> None:
    send, gate, entered = care.push.send, asyncio.Event(), asyncio.Event()

    async def slow(to: Address, reply: Reply, key: str) -> str | None:
        entered.set()
        await gate.wait()
        return await send(to, reply, key)

    care.push.send = slow  # type: ignore[method-assign]
    await care.desk.start()
    await care.writes("ada", "spedizione", channel="push")
    await entered.wait()

    stopping = asyncio.create_task(care.desk.stop())
    await asyncio.sleep(0)
    gate.set()
    await stopping

    assert (await care.seen_by("ada", "push"))[-1].delivery == "sent"


@pytest.mark.parametrize("steps", range(12))
async def test_a_desk_stops_also_where_a_send_ends_at_that_very_moment(care: Care, steps: int) -> None:
    """However many steps of the loop lie between the two."""

    async def end_a_send() -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        care.desk._sender.wake()  # noqa: SLF001

    await care.desk.start()
    await care.desk._sweeps.once()  # noqa: SLF001  # by now the sender waits
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(end_a_send())
        tasks.create_task(care.desk.stop())
