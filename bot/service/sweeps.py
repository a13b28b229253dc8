"""What must happen although nobody writes: due timers, silent conversations."""
import asyncio
import uuid
from datetime import timedelta
from typing import Any

import structlog

from bot.model.conversation import EventKind
from bot.model.errors import StoreUnavailable
from bot.model.ports import Clock
from bot.service.turn.worker import Workers
from bot.storage import conversations, desk_rows, inbox
from bot.storage.store import Store

log = structlog.get_logger(__name__)

EVERY_S = 15.0
LEASE = timedelta(seconds=60)
#: A conversation in which nobody wrote for this long is over, unless the last word is the shopper's.
SILENCE = timedelta(hours=24)


class Sweeps:
    """Held by one process at a time, under a lease."""

    def __init__(self, store: Store, clock: Clock, workers: Workers) -> None:
        self._store = store
        self._clock = clock
        self._workers = workers
        self._holder = uuid.uuid4().hex

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.once()
            except StoreUnavailable as error:
                log.warning("sweep_waits_for_store", error=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        now = self._clock.now()
        mine = await self._store.write(
            lambda connection: desk_rows.take_lease(connection, "sweeps", self._holder, now, LEASE)
        )
        try:
            if mine:
                await self._store.write(self._expire)
        finally:  # what is due is not held up by what cannot be expired
            await self._workers.due()

    def _expire(self, connection: Any) -> None:
        now = self._clock.now()
        for conversation_id in conversations.silent_since(connection, now - SILENCE):
            row = conversations.get(connection, conversation_id)
            moment = row.updated_at.timestamp()
            inbox.claim(
                connection, conversation_id=conversation_id, channel="timer", account="", kind=EventKind.TIMER.value,
                provider_key=f"expire:{conversation_id}:{moment}", payload={"updated_at": moment},
                received_at=now, due_at=now,
            )
