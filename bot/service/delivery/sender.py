"""The outbox sender: claim a row with its right to leave in one UPDATE, hand it to the channel, settle what came of it.

Channels that are read from our store ('stored') never come here: their commit is the delivery.
"""
import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from bot.channels import ChannelParts
from bot.model.conversation import Author, Choice, OutboxKind, Reply
from bot.model.errors import DeliveryError, StoreUnavailable
from bot.model.ports import Channel, Clock
from bot.service.delivery.hub import Hub
from bot.service.delivery.window import Leave, Windows
from bot.service.numbers import metrics
from bot.service.supervise import describe_error
from bot.service.turn.amend import WINDOW_CLOSED
from bot.storage import contacts, conversations, outbox
from bot.storage.store import Store

log = structlog.get_logger(__name__)

ATTEMPTS = 8
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
#: How long a provider's receipts get to say that a message left (bot.service.turn.amend), before it is sent again.
RECONCILE = timedelta(seconds=60)
STORE_PAUSE_S = 5.0  # after the store refused
BROKEN_TIMES = 3  # failures of our own code over one row, before it is given up
STOP_WITHIN_S = 5.0
UNKNOWN = "Nobody can tell whether this message reached the shopper: the connection broke while it was sent."
FAILED = "This message was not delivered: {why}"
CLOSED = "the reply window of {channel} is closed: it takes no free message until the shopper writes again"


class Sender:
    def __init__(
        self, *, store: Store, clock: Clock, hub: Hub, channels: Mapping[str, ChannelParts], windows: Windows
    ) -> None:
        self._store = store
        self._clock = clock
        self._hub = hub
        self._channels = channels
        self._windows = windows
        self._wake = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._broken: dict[int, int] = {}  # by outbox row: how often our own code failed over it

    def wake(self) -> None:
        """Something new may leave."""
        self._wake.set()

    async def recover(self) -> None:
        """Decide about rows that a stopped process had claimed: repeat where that is safe, else say it is unknown."""
        for row in await self._store.read(outbox.left_sending):
            parts = self._channels.get(row.channel)
            if parts is not None and parts.channel.delivery != "ambiguous":
                wait = RECONCILE if parts.channel.delivery == "reconcilable" else timedelta(0)
                await self._settle(row, "pending", due_at=self._clock.now() + wait)
            else:
                await self._give_up(row, "unknown", "process stopped while sending", UNKNOWN)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                self._wake.clear()
                await self._start_due()
                pause = await self._pause()
            except StoreUnavailable as error:
                log.warning("sender_waits_for_store", error=str(error))
                pause = STORE_PAUSE_S
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def send_due(self) -> int:
        """One round over what is due, one row per conversation; how many were tried, once all are over."""
        started = await self._start_due()
        await asyncio.gather(*started)
        return len(started)

    async def stop(self) -> None:
        """Let sends under way end for a few seconds: one that is cut off may be unknown for ever."""
        if self._under_way:
            _, late = await asyncio.wait(list(self._under_way.values()), timeout=STOP_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_due(self) -> list[asyncio.Task[None]]:
        """Start what is due; a slow send delays its own conversation only."""
        now = self._clock.now()
        rows = await self._store.read(lambda connection: outbox.due(connection, now))
        started = []
        for row in rows:
            if row.conversation_id not in self._under_way:
                task = asyncio.create_task(self._send_or_wait(row))
                self._under_way[row.conversation_id] = task
                started.append(task)
        return started

    async def _send_or_wait(self, row: Any) -> None:
        try:
            await self._send(row)
        except StoreUnavailable as error:
            log.warning("send_waits_for_store", conversation=row.conversation_id, error=str(error))
            await self._clock.sleep(STORE_PAUSE_S)
        except Exception as error:  # one row that breaks must hold up neither its conversation nor the others
            log.exception("send_broke", conversation=row.conversation_id, seq=row.seq)
            await self._end_broken(row, error)
        finally:
            del self._under_way[row.conversation_id]
            self._wake.set()

    async def _end_broken(self, row: Any, error: Exception) -> None:
        """Give a row up whose sending our own code cannot do; nothing of it has left."""
        self._broken[row.id] = self._broken.get(row.id, 0) + 1
        try:
            why = describe_error(error)
            if self._broken[row.id] < BROKEN_TIMES:
                await self._settle(row, "pending", due_at=self._clock.now() + timedelta(seconds=FIRST_PAUSE_S))
                return
            await self._give_up(row, "failed", why, FAILED.format(why=why))
        except Exception:
            log.exception("send_not_given_up", conversation=row.conversation_id, seq=row.seq)
            await self._clock.sleep(STORE_PAUSE_S)
            return
        self._broken.pop(row.id, None)

    async def _pause(self) -> float:
        due = await self._store.read(outbox.next_due)
        return 60.0 if due is None else max(0.02, min(60.0, (due - self._clock.now()).total_seconds()))

    async def _send(self, row: Any) -> None:
        parts = self._channels.get(row.channel)
        if parts is None:
            why = f"there is no channel '{row.channel}'"
            return await self._give_up(row, "failed", why, FAILED.format(why=why))
        if not await self._claim(row):
            return None
        conversation, to, message = await self._store.read(lambda connection: _load(connection, row))
        by_person = row.kind == OutboxKind.OPERATOR.value
        leave = self._windows.can_reply(conversation, self._clock.now(), by_person=by_person)
        if row.reason == WINDOW_CLOSED:
            leave = Leave.LATE if self._may_be_late(row) else Leave.NO
        if leave is Leave.NO:
            why = CLOSED.format(channel=row.channel)
            return await self._give_up(row, "dropped", why, FAILED.format(why=why))
        reply = replace(_reply(message, row.kind), thread=conversation.thread or {}, late=leave is Leave.LATE)
        return await self._deliver(row, parts.channel, to, reply)

    async def _deliver(self, row: Any, channel: Channel, to: Any, reply: Reply) -> None:
        try:
            provider_id = await channel.send(to, reply, f"{row.conversation_id}-{row.seq}")
        except DeliveryError as error:
            if error.window_closed and not reply.late and self._may_be_late(row):
                # The provider's clock decides: its window may have closed before ours.
                return await self._deliver(row, channel, to, replace(reply, late=True))
            return await self._failed(row, channel, error)
        except Exception as error:  # a channel that breaks must not stop the others
            log.exception("channel_broke", channel=row.channel, conversation=row.conversation_id, seq=row.seq)
            return await self._failed(row, channel, DeliveryError(f"the channel broke: {error!r}", unknown=True))
        return await self._settle(row, "sent", delivery="sent", provider_id=provider_id)

    def _may_be_late(self, row: Any) -> bool:
        late = self._channels[row.channel].capabilities.late_window
        return row.kind == OutboxKind.OPERATOR.value and late is not None

    async def _claim(self, row: Any) -> bool:
        """Mark a row as being sent; drop it where it may not leave any more, unless another sender took it."""
        now = self._clock.now()

        def work(connection: Any) -> str:
            if outbox.claim(connection, row.id, now):
                return "sending"
            if not outbox.drop(connection, row.id, "the owner changed"):
                return "taken"
            conversations.set_delivery(connection, row.conversation_id, row.seq, "dropped")
            return "dropped"

        became = await self._store.write(work)
        if became == "dropped":
            self._told(row, became)
        return became == "sending"

    async def _failed(self, row: Any, channel: Channel, error: DeliveryError) -> None:
        if error.unknown and channel.delivery == "ambiguous":
            return await self._give_up(row, "unknown", str(error), UNKNOWN)
        if error.permanent or row.attempts + 1 >= ATTEMPTS:
            if error.unreachable:
                await self._store.write(
                    lambda connection: contacts.mark_unreachable(
                        connection, contacts.address_of(connection, row.conversation_id), str(error)
                    )
                )
            return await self._give_up(row, "failed", str(error), FAILED.format(why=error))
        pause = min(FIRST_PAUSE_S * 2**row.attempts, LONGEST_PAUSE_S) * random.uniform(0.7, 1.3)
        pause = max(pause, error.retry_after_s or 0.0)
        if error.unknown and channel.delivery == "reconcilable":
            pause = max(pause, RECONCILE.total_seconds())
        due_at = self._clock.now() + timedelta(seconds=pause)
        return await self._settle(row, "pending", due_at=due_at, reason=str(error))

    async def _give_up(self, row: Any, status: str, why: str, line: str) -> None:
        """End a row that did not, or may not have, arrived; operators read it in the conversation."""
        log.warning("message_not_delivered", conversation=row.conversation_id, seq=row.seq, status=status, why=why)
        await self._settle(row, status, delivery=status, reason=why, line=line)

    async def _settle(
        self, row: Any, status: str, *, delivery: str | None = None, line: str | None = None, **values: Any
    ) -> None:
        now = self._clock.now()

        def work(connection: Any) -> None:
            outbox.settle(connection, row.id, status, **values)
            if delivery is not None:
                conversations.set_delivery(connection, row.conversation_id, row.seq, delivery)
            if line is not None:
                conversations.append_line(connection, row.conversation_id, Author.SYSTEM.value, line, now)

        # What has left has left: as long as this is not written, later rows of the conversation wait behind it.
        while True:
            try:
                await self._store.write(work)
                break
            except StoreUnavailable as error:
                log.warning("settling_waits_for_store", conversation=row.conversation_id, error=str(error))
                await self._clock.sleep(STORE_PAUSE_S)
        self._told(row, status)

    def _told(self, row: Any, status: str) -> None:
        metrics.SENT.labels(row.channel, status).inc()
        self._hub.tell(row.conversation_id, "message")


def _load(connection: Any, row: Any) -> tuple[Any, Any, Any]:
    return (
        conversations.get(connection, row.conversation_id),
        contacts.address_of(connection, row.conversation_id),
        conversations.find_message(connection, row.conversation_id, row.seq),
    )


def _reply(message: Any, kind: str) -> Reply:
    choices = tuple(Choice(one["title"], "", one["id"]) for one in message.choices or ())
    return Reply(message.text, message.language, choices=choices, image=message.image, kind=OutboxKind(kind))
