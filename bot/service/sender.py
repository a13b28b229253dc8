"""The outbox sender: claim a row with its right to leave in one UPDATE, hand it to the channel, settle what came of it.

Channels that are read from our store ('stored') never come here: their commit is the delivery.
"""
import asyncio
import random
from datetime import timedelta
from typing import Any

import structlog

from bot.model.conversation import Author, Choice, OutboxKind, Reply
from bot.model.errors import DeliveryError, StoreUnavailable
from bot.model.ports import Channel, Clock
from bot.service import metrics
from bot.service.hub import Hub
from bot.storage import contacts, conversations, outbox
from bot.storage.store import Store

log = structlog.get_logger(__name__)

ATTEMPTS = 8
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
UNKNOWN = "Nobody can tell whether this message reached the shopper: the connection broke while it was sent."
FAILED = "This message was not delivered: {why}"


class Sender:
    def __init__(self, *, store: Store, clock: Clock, hub: Hub, channels: dict[str, Channel]) -> None:
        self._store = store
        self._clock = clock
        self._hub = hub
        self._channels = channels
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something new may leave."""
        self._wake.set()

    async def recover(self) -> None:
        """Decide about rows that a stopped process had claimed: repeat where that is safe, else say it is unknown."""
        for row in await self._store.read(outbox.left_sending):
            channel = self._channels.get(row.channel)
            if channel is not None and channel.delivery != "ambiguous":
                await self._settle(row, "pending", due_at=self._clock.now())
            else:
                await self._give_up(row, "unknown", "process stopped while sending", UNKNOWN)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                self._wake.clear()
                while await self.send_due():
                    pass
                pause = await self._pause()
            except StoreUnavailable as error:
                log.warning("sender_waits_for_store", error=str(error))
                pause = LONGEST_PAUSE_S / 60
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue

    async def send_due(self) -> int:
        """One round over what is due, one row per conversation; how many were tried."""
        now = self._clock.now()
        rows = await self._store.read(lambda connection: outbox.due(connection, now))
        await asyncio.gather(*(self._send(row) for row in rows))
        return len(rows)

    async def _pause(self) -> float:
        due = await self._store.read(outbox.next_due)
        return 60.0 if due is None else max(0.02, min(60.0, (due - self._clock.now()).total_seconds()))

    async def _send(self, row: Any) -> None:
        channel = self._channels.get(row.channel)
        if channel is None:
            why = f"there is no channel '{row.channel}'"
            return await self._give_up(row, "failed", why, FAILED.format(why=why))
        now = self._clock.now()
        if not await self._store.write(lambda connection: outbox.claim(connection, row.id, now)):
            return await self._settle(row, "dropped", delivery="dropped", reason="the owner changed")
        to, message = await self._store.read(lambda connection: _load(connection, row))
        try:
            provider_id = await channel.send(to, _reply(message, row.kind), f"{row.conversation_id}-{row.seq}")
        except DeliveryError as error:
            return await self._failed(row, channel, error)
        return await self._settle(row, "sent", delivery="sent", provider_id=provider_id)

    async def _failed(self, row: Any, channel: Channel, error: DeliveryError) -> None:
        if error.unknown and channel.delivery == "ambiguous":
            return await self._give_up(row, "unknown", str(error), UNKNOWN)
        if error.permanent or row.attempts + 1 >= ATTEMPTS:
            if error.permanent:
                await self._store.write(
                    lambda connection: contacts.mark_unreachable(
                        connection, contacts.address_of(connection, row.conversation_id), str(error)
                    )
                )
            return await self._give_up(row, "failed", str(error), FAILED.format(why=error))
        pause = min(FIRST_PAUSE_S * 2**row.attempts, LONGEST_PAUSE_S) * random.uniform(0.7, 1.3)
        pause = max(pause, error.retry_after_s or 0.0)
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
                held = conversations.lock(connection, row.conversation_id)
                seq = held.last_seq + 1
                conversations.add_messages(
                    connection,
                    [{"conversation_id": row.conversation_id, "seq": seq, "author": Author.SYSTEM.value,
                      "text": line, "at": now, "delivery": "sent"}],
                )
                conversations.update(connection, row.conversation_id, last_seq=seq)

        await self._store.write(work)
        metrics.SENT.labels(row.channel, status).inc()
        self._hub.tell(row.conversation_id, "message")


def _load(connection: Any, row: Any) -> tuple[Any, Any]:
    to = contacts.address_of(connection, row.conversation_id)
    return to, conversations.find_message(connection, row.conversation_id, row.seq)


def _reply(message: Any, kind: str) -> Reply:
    choices = tuple(Choice(one["title"], "", one["id"]) for one in message.choices or ())
    return Reply(message.text, message.language, choices=choices, image=message.image, kind=OutboxKind(kind))
