"""What earlier commands led to, for one that is given again and for one that must come after."""
import asyncio
from typing import Any

from bot.model.conversation import EventKind
from bot.service.queue.commands import CommandResult
from bot.storage import inbox, turns
from bot.storage.store import Store

#: States of an entry that ends.
OVER = frozenset({"done", "aside"})
#: How long a command waits for the one that must come first, and how often it looks.
WITHIN_S = 5.0
LOOK_S = 0.05


class EndedCommands:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def result(self, key: str) -> CommandResult | None:
        """What the command of a key led to; None while it is not over."""
        def work(connection: Any) -> CommandResult | None:
            entry = inbox.find(connection, "console", "", EventKind.COMMAND.value, key)
            if entry is None or entry.status not in OVER:
                return None
            trace = turns.trace_of(connection, entry.turn_id) if entry.turn_id is not None else {}
            error = str(trace.get("error") or entry.error or "")
            return CommandResult(ok=not error, error=error)

        return await self._store.read(work)

    async def awaited(self, key: str) -> CommandResult:
        """What it led to, once it is over; an error where it does not come."""
        for _ in range(round(WITHIN_S / LOOK_S)):
            if (result := await self.result(key)) is not None:
                return result
            await asyncio.sleep(LOOK_S)
        return CommandResult(False, f"Nothing was received under the key {key[:100]!r}.")
