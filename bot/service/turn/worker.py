"""One ordered worker per conversation that has work; many conversations at once."""
import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.channels import ChannelParts
from bot.channels.render import join_bubbles
from bot.model.conversation import EventKind, OutboxKind
from bot.model.errors import StaleTurnError, StoreUnavailable
from bot.model.ownership import Change, Owner
from bot.model.ports import Clock
from bot.model.views import MessageView
from bot.service.delivery.hub import Hub
from bot.service.delivery.typing import show_typing
from bot.service.numbers import metrics
from bot.service.queue.commands import Commands
from bot.service.supervise import describe_error
from bot.service.turn.draft import Draft, write
from bot.service.turn.reading import Wait
from bot.service.turn.set_aside import OUTCOME, REFUSAL, SHOPPER, SetAside
from bot.service.turn.turn import ShopperTurn
from bot.storage import conversations, inbox
from bot.storage.store import Store

log = structlog.get_logger(__name__)

ATTEMPTS = 3  # of one turn whose own code fails, before its entries are set aside
PAUSE_S = 0.5  # first pause after the store refused; doubles up to LONGEST_PAUSE_S
LONGEST_PAUSE_S = 10.0


def _stands_alone(entry: Any) -> bool:
    return entry.kind != EventKind.MESSAGE.value or not {"choice", "unanswered"}.isdisjoint(entry.payload)


@dataclass(frozen=True, slots=True)
class TurnDone:
    """What a finished turn led to, for those who wait for it."""

    turn_id: int
    outcome: str
    error: str
    messages: list[MessageView]


class Workers:
    """Runs turns. `wake` it when a conversation got an entry; `due` starts what waited for its time."""

    def __init__(
        self, *, store: Store, clock: Clock, hub: Hub, turns: ShopperTurn, commands: Commands,
        channels: Mapping[str, ChannelParts], sent: Callable[[], None],
    ) -> None:
        self._set_aside = SetAside(store, clock, turns, channels)
        self._store = store
        self._clock = clock
        self._hub = hub
        self._turns = turns
        self._commands = commands
        self._channels = channels
        self._sent = sent
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._waiting: dict[int, list[asyncio.Future[TurnDone]]] = {}
        self._later: dict[int, asyncio.TimerHandle] = {}

    def wake(self, conversation_id: int) -> None:
        """Handle what is due in a conversation; returns at once."""
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id))
        self._tasks[conversation_id] = task

    def done(self, entry_id: int) -> asyncio.Future[TurnDone]:
        """Resolves when the turn of an entry is committed. Ask before you wake."""
        future: asyncio.Future[TurnDone] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(entry_id, []).append(future)
        future.add_done_callback(lambda _: self._forget(entry_id, future))
        return future

    async def due(self) -> None:
        """Wake every conversation with an entry due."""
        now = self._clock.now()
        found = await self._store.read(lambda connection: inbox.conversations_with_work(connection, now))
        for conversation_id in found:
            self.wake(conversation_id)

    async def idle(self) -> None:
        """Return when no conversation has work under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Stop working; what is not committed stays in the inbox for the next start."""
        for timer in self._later.values():
            timer.cancel()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, entry_id: int, future: asyncio.Future[TurnDone]) -> None:
        waiting = self._waiting.get(entry_id, [])
        with suppress(ValueError):
            waiting.remove(future)
        if not waiting:
            self._waiting.pop(entry_id, None)

    async def _work(self, conversation_id: int) -> None:
        try:
            pause, failures, problem = PAUSE_S, 0, None
            while True:
                try:
                    if failures > ATTEMPTS and problem is not None:
                        await self._end(conversation_id, problem)
                    elif not await self._one(conversation_id, problem if failures >= ATTEMPTS else None):
                        if conversation_id not in self._again:
                            return
                        self._again.discard(conversation_id)
                    pause, failures, problem = PAUSE_S, 0, None
                except StaleTurnError:
                    continue
                except StoreUnavailable as error:
                    log.warning("turn_waits_for_store", conversation=conversation_id, error=str(error))
                    await self._clock.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_S)
                except Exception as error:  # a turn must end; after some attempts, with a person
                    log.exception("turn_failed", conversation=conversation_id, failures=failures)
                    failures, problem = failures + 1, problem or error
                    if failures > ATTEMPTS + 1:
                        await self._clock.sleep(pause)
                        pause = min(2 * pause, LONGEST_PAUSE_S)
        finally:
            del self._tasks[conversation_id]
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                self.wake(conversation_id)

    async def _end(self, conversation_id: int, problem: Exception) -> None:
        """Set aside what not even `_one` could set aside."""
        ended = await self._set_aside.bare(conversation_id, problem)
        if ended is None:
            return
        entry_id, kind, said = ended
        metrics.SET_ASIDE.labels(kind).inc()
        metrics.TURNS.labels(OUTCOME).inc()
        self._hub.tell(conversation_id, "message")
        self._hub.tell(conversation_id, "state")
        self._sent()
        error = REFUSAL.format(attempts=ATTEMPTS, error=describe_error(problem))
        self._resolve(entry_id, TurnDone(0, OUTCOME, error, said))

    async def _one(self, conversation_id: int, problem: Exception | None) -> bool:
        """Make one turn of what is due, or set it aside for its ``problem``; False where nothing is due."""
        now = self._clock.now()

        def load(connection: Any) -> tuple[Any, list[Any], list[Any]]:
            entries = inbox.pending(connection, conversation_id, now)
            if not entries:
                return None, [], []
            first = entries[0]
            if first.kind == EventKind.MESSAGE.value:
                # Messages that wait together are one turn; a tap or a command ends the run.
                others = (i for i, one in enumerate(entries) if i and _stands_alone(one))
                entries = entries[: 1 if _stands_alone(first) else next(others, len(entries))]
            else:
                entries = entries[:1]
            seqs = [one.message_seq for one in entries if one.message_seq is not None]
            messages = conversations.messages_at(connection, conversation_id, seqs) if seqs else []
            return conversations.get(connection, conversation_id), entries, messages

        row, entries, messages = await self._store.read(load)
        if row is None:
            return False
        try:
            with metrics.TURN_SECONDS.time():
                await self._turn(row, entries, messages, problem)
        except Wait as wait:
            await self._postpone(conversation_id, entries, wait.until)
        return True

    async def _postpone(self, conversation_id: int, entries: list[Any], until: datetime) -> None:
        await self._store.write(lambda connection: inbox.postpone(connection, [one.id for one in entries], until))
        if (earlier := self._later.pop(conversation_id, None)) is not None:
            earlier.cancel()
        seconds = max(0.0, (until - self._clock.now()).total_seconds())
        # Only a wake-up: what waits is on disk, and the sweep finds it after a restart.
        self._later[conversation_id] = asyncio.get_running_loop().call_later(seconds, self._wake_later, conversation_id)

    def _wake_later(self, conversation_id: int) -> None:
        del self._later[conversation_id]
        self.wake(conversation_id)

    async def _turn(self, row: Any, entries: list[Any], messages: list[Any], problem: Exception | None) -> None:
        parts = self._channels.get(row.channel)
        async with show_typing(self._store, self._hub, parts, row, on=entries[0].kind in SHOPPER):
            draft = await self._draft(row, entries, messages, problem)
        if (row.thread or {}).get("quiet"):  # its last message asks for no automatic answer
            draft.replies[:] = [one for one in draft.replies if one.kind is OutboxKind.OPERATOR]
        if parts is not None and parts.capabilities.one_message:
            draft.replies[:] = join_bubbles(draft.replies)
        is_stored = parts is None or parts.channel.delivery == "stored"
        turn_id, views = await self._store.write(write(draft, is_stored=is_stored))
        self._tell(draft, TurnDone(turn_id, draft.outcome, draft.error, views), is_stored=is_stored)

    async def _draft(self, row: Any, entries: list[Any], messages: list[Any], problem: Exception | None) -> Draft:
        if problem is not None:
            return await self._set_aside.draft(row, entries, problem, ATTEMPTS)
        kind = entries[0].kind
        if kind in SHOPPER:
            return await self._turns.draft(row, entries, messages)
        if kind == EventKind.COMMAND.value:
            return await self._commands.draft(row, entries[0])
        if kind == EventKind.HUMAN.value:
            return self._commands.human(row, entries[0])
        return self._timer(row, entries)

    def _timer(self, row: Any, entries: list[Any]) -> Draft:
        """A timer that came due: silence closes, unless the shopper has the last word meanwhile."""
        draft = Draft(row, entries, self._clock.now(), outcome="timer")
        quiet = entries[0].payload.get("updated_at") == row.updated_at.timestamp()
        if quiet and row.waiting_since is None and draft.owner in (Owner.BOT, Owner.OPERATOR):
            draft.change(Change.EXPIRED, actor="timer")
            draft.values["state"] = None
        return draft

    def _tell(self, draft: Draft, done: TurnDone, *, is_stored: bool) -> None:
        metrics.TURNS.labels(done.outcome).inc()
        if draft.aside:
            metrics.SET_ASIDE.labels(draft.entries[0].kind).inc(len(draft.entries))
        for step in draft.steps:
            if step.reason is not None:
                metrics.HANDOFFS.labels(step.reason.value).inc()
        self._hub.tell(draft.row.id, "message")
        if draft.steps:
            self._hub.tell(draft.row.id, "state")
        if not is_stored and draft.replies:
            self._sent()
        for entry in draft.entries:
            self._resolve(entry.id, done)

    def _resolve(self, entry_id: int, done: TurnDone) -> None:
        for future in self._waiting.get(entry_id, [])[:]:
            if not future.done():
                future.set_result(done)
