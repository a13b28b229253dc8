"""The one door of the service for everything above it."""
import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from bot.channels import ChannelParts, Media
from bot.model.conversation import Author, Inbound
from bot.model.errors import DeliveryError, InboundError, SportelloError
from bot.model.ports import Address, Clock, OpeningHours, Texts
from bot.model.views import (
    ConversationView,
    Dossier,
    LeftAlone,
    MessageView,
    OperatorView,
    QueueRow,
    SetAsideEntry,
    is_id,
)  # fmt: skip
from bot.service.delivery.hub import Hub, Subscription
from bot.service.delivery.sender import Sender
from bot.service.delivery.typing import show_once
from bot.service.delivery.window import Windows
from bot.service.live import Manner
from bot.service.numbers import metrics
from bot.service.people.operators import Operators
from bot.service.publishing import FaqDesk
from bot.service.queue import dossier
from bot.service.queue.commands import CommandResult, Commands
from bot.service.queue.ended import OVER, EndedCommands
from bot.service.supervise import Supervisor, describe_error
from bot.service.sweeps import Sweeps
from bot.service.turn.draft import view
from bot.service.turn.receive import Received, Receiver
from bot.service.turn.worker import TurnDone, Workers
from bot.storage import aside, contacts, conversations, inbox, left_alone
from bot.storage.store import Store

log = structlog.get_logger(__name__)

COMMAND_TIMEOUT_S = 10.0
NOT_FIRST = "What was to come first was not done, so this was not either. {why}"
#: Messages that a console shows at once.
PAGE = 200
#: What a shopper is shown: everything that was said to or by them, once it may be seen.
HIDDEN = frozenset({"pending", "sending", "dropped"})


class Desk:
    """Receive, read, watch and command. Built by bot.app."""

    def __init__(
        self, *, store: Store, clock: Clock, hub: Hub, receiver: Receiver, workers: Workers, commands: Commands,
        sender: Sender, sweeps: Sweeps, faq: FaqDesk, operators: Operators, hours: OpeningHours, texts: Texts,
        manner: Manner, notices: Callable[[], list[str]], windows: Windows, channels: Mapping[str, ChannelParts],
        supervisor: Supervisor,
    ) -> None:
        self._store = store
        self._clock = clock
        self._hub = hub
        self._receiver = receiver
        self._workers = workers
        self._commands = commands
        self._sender = sender
        self._sweeps = sweeps
        self._faq = faq
        self._hours = hours
        self._texts = texts
        self._manner = manner
        self._notices = notices
        self._windows = windows
        self._channels = channels
        self._loops: list[asyncio.Task[None]] = []
        self.operators = operators
        self.supervisor = supervisor
        self._ended = EndedCommands(store)

    async def start(self) -> None:
        """Take up what a stopped process left: claimed sends, pending entries, timers."""
        await self._sender.recover()
        await self._workers.due()
        start = self.supervisor.start
        self._loops = [start("sender", self._sender.run), start("sweeps", self._sweeps.run)]

    async def stop(self) -> None:
        """Let turns under way commit for a few seconds, then stop. Everything accepted is on disk."""
        self.end_streams()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._workers.idle(), 5.0)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._sender.stop()
        await self._workers.stop()

    def end_streams(self) -> None:
        """Let everyone who watches go, so that the server can stop."""
        self._hub.close()

    async def receive(self, inbounds: Sequence[Inbound]) -> list[int]:
        """Store events and start their turns; conversation ids, after the commit.

        Raises:
            StoreUnavailable: nothing was stored; do not acknowledge.
            InboundError: an event names something that does not exist.
        """
        received = await self._receiver.receive(inbounds)
        self._count(received, inbounds[0].channel if inbounds else "")
        for one in received:
            self._workers.wake(one.conversation_id)
            self._hub.tell(one.conversation_id, "message")
        return [one.conversation_id for one in received]

    async def receive_polled(self, source: str, cursor: int, inbounds: Sequence[Inbound]) -> None:
        """Store what a poll brought and how far it read, in one transaction; then start the turns.

        Raises:
            StoreUnavailable: nothing was stored, the cursor stands.
            InboundError: one of the events cannot be taken; nothing was stored.
        """
        for one in await self._receiver.receive(inbounds, (source, cursor)):
            self._workers.wake(one.conversation_id)
            self._hub.tell(one.conversation_id, "message")

    async def cursor(self, source: str) -> int | None:
        """How far a polled source was read; None before the first time."""
        return await self._store.read(lambda connection: inbox.get_cursor(connection, source))

    async def ask(self, inbound: Inbound, timeout_s: float) -> list[MessageView]:
        """Receive one message and wait for its turn: the answers, the same ones for a repeated key.

        Raises:
            TimeoutError: the turn is not over; asking again with the same key waits for the same turn.
        """
        received = (await self._receiver.receive([inbound]))[0]
        self._count([received], inbound.channel)
        done = self._workers.done(received.entry_id)
        if not received.is_new:
            earlier = await self._store.read(lambda connection: _answers(connection, inbound))
            if earlier is not None:
                done.cancel()
                return earlier
        self._workers.wake(received.conversation_id)
        self._hub.tell(received.conversation_id, "message")
        return (await asyncio.wait_for(done, timeout_s)).messages

    async def command(
        self, conversation_id: int, name: str, *, operator: OperatorView, key: str,
        payload: Mapping[str, object] | None = None,
    ) -> CommandResult:
        """Run an operator's command through the conversation's worker.

        The same key runs once and answers the same; commands run in the order in which they came. ``after``, in the
        payload, is the key of a command that must be over before: where it was refused, so is this one.
        """
        if name not in self._commands.names:
            raise InboundError(f"unknown command {name!r}; allowed: {', '.join(self._commands.names)}.", status=404)
        if not is_id(conversation_id) or await self.conversation(conversation_id) is None:
            raise InboundError(f"there is no conversation {conversation_id}.", status=404)
        if (first := (payload or {}).get("after")) is not None:
            earlier = await self._ended.awaited(str(first))
            if not earlier.ok:
                return CommandResult(False, NOT_FIRST.format(why=earlier.error))
        values = _checked(name, payload or {})
        values |= {"name": name, "operator_id": operator.id, "operator_name": operator.public_name}
        received = await self._receiver.command(conversation_id, key, values)
        done = self._workers.done(received.entry_id)
        if not received.is_new and (known := await self._ended.result(key)) is not None:
            done.cancel()
            return known
        self._workers.wake(conversation_id)
        result: TurnDone = await asyncio.wait_for(done, COMMAND_TIMEOUT_S)
        return CommandResult(ok=not result.error, error=result.error)

    async def find_conversation(self, address: Address) -> ConversationView | None:
        def work(connection: Any) -> ConversationView | None:
            found = contacts.find_conversation(connection, address)
            row = conversations.find_named(connection, found) if found is not None else None
            return dossier.conversation_view(connection, row) if row is not None else None

        return await self._store.read(work)

    async def conversation(self, conversation_id: int) -> ConversationView | None:
        def work(connection: Any) -> ConversationView | None:
            row = conversations.find_named(connection, conversation_id)
            return dossier.conversation_view(connection, row) if row is not None else None

        return await self._store.read(work)

    async def messages(
        self, conversation_id: int, *, after: int = 0, limit: int = 500, for_contact: bool = True
    ) -> list[MessageView]:
        """Messages with a higher seq, in order. For the contact: no system lines, nothing that has not left."""
        rows = await self._store.read(
            lambda connection: conversations.messages_after(connection, conversation_id, after, limit)
        )
        views = [view(row) for row in rows]
        if not for_contact:
            return views
        return [one for one in views if one.author is not Author.SYSTEM and one.delivery not in HIDDEN]

    def subscribe(self, *topics: str) -> Subscription:
        return self._hub.subscribe(*topics)

    async def queue(self, operator_id: int | None = None) -> list[QueueRow]:
        """Those who wait, most urgent first, then those held (by ``operator_id`` only, where given)."""
        waiting = await self._store.read(conversations.waiting_or_held)
        rows = [dossier.queue_row(row, self._windows) for row in waiting]
        return [row for row in rows if operator_id is None or row.operator_id in (None, operator_id)]

    async def page(self, conversation_id: int, *, before: int, limit: int) -> tuple[list[MessageView], bool] | None:
        """Up to ``limit`` messages with a lower seq, in order, and whether there are earlier ones; None = unknown."""
        if await self.conversation(conversation_id) is None:
            return None
        rows = await self._store.read(
            lambda connection: conversations.messages_before(connection, conversation_id, before, limit + 1)
        )
        return [view(row) for row in rows[-limit:]], len(rows) > limit

    async def dossier(self, conversation_id: int, *, after: int | None = None, limit: int = PAGE) -> Dossier | None:
        """What is known, with the last ``limit`` messages, or with those after ``after`` if not too many."""
        loaded = await self._store.read(lambda connection: dossier.load(connection, conversation_id, after, limit))
        if loaded is None:
            return None
        seen = loaded[0].last_seq
        if seen != loaded[0].operator_seen_seq:
            await self._store.write(
                lambda connection: conversations.update(connection, conversation_id, operator_seen_seq=seen)
            )
        now, channel = self._clock.now(), loaded[0].channel
        return dossier.build(
            loaded, tone=self._manner.tone, windows=self._windows,
            find=lambda faq_id: self._faq.find(faq_id, channel=channel, at=now),
        )

    async def left_alone(self, before: int | None = None, limit: int = 100) -> tuple[int, list[LeftAlone]]:
        """(how many are kept, the newest of them with a lower id than ``before``): what joined no conversation."""
        def work(connection: Any) -> tuple[int, list[Any]]:
            return left_alone.count(connection), left_alone.newest(connection, before, limit)

        total, rows = await self._store.read(work)
        return total, [
            LeftAlone(row.id, row.channel, row.sender, row.name, row.subject, row.text, row.why, row.at, row.url)
            for row in rows
        ]

    async def typing(self, conversation_id: int, *, author: str, on: bool) -> None:
        """An operator types: the shopper sees it wherever they write from."""
        self._hub.tell(conversation_id, "typing", to_queue=False, author=author, on=on)
        row = await self._store.read(lambda connection: conversations.find_named(connection, conversation_id))
        parts = self._channels.get(row.channel) if row is not None else None
        if on and parts is not None and parts.typing is not None:
            await show_once(self._store, parts, row)

    async def media(self, channel: str, reference: str) -> Media:
        """A file that a shopper sent, from the channel's provider.

        Raises:
            InboundError: no such channel here, or it keeps no files.
            DeliveryError: the provider does not give it out (any more).
        """
        parts = self._channels.get(channel)
        if parts is None or parts.media is None:
            raise InboundError(f"channel {channel[:40]!r} has no files here.", status=404)
        try:
            return await parts.media(reference)
        except (SportelloError, TimeoutError):
            raise
        except Exception as error:
            # A reference is whatever stands in an address; a provider's client may break over it in any way.
            log.warning("media_failed", channel=channel, problem=describe_error(error))
            raise DeliveryError(f"channel {channel!r} gives out no file of this name.", permanent=True) from error

    def hours_state(self, language: str, channel: str = "") -> tuple[bool, str]:
        """(a person is here, in words until when or from when), on a channel or by the shop's own hours."""
        now = self._clock.now()
        hours = self._hours.for_channel(channel)
        is_open = hours.is_open(now)
        moment = hours.closes_at(now) if is_open else hours.next_opening(now)
        if moment is None:
            return is_open, ""
        if is_open and moment - now > timedelta(hours=24):
            return is_open, self._texts.say("utter_open_now", language=language, tone=self._manner.tone)
        when = hours.describe(moment, seen_from=now, language=language)
        key = "utter_open_until" if is_open else "utter_back_at"
        when = when.removeprefix("at ") if is_open else when  # "until 18:00", but "back at 9:00"
        return is_open, self._texts.say(key, language=language, tone=self._manner.tone, when=when)

    def channel_hours(self, language: str) -> dict[str, tuple[bool, str]]:
        """The state of each channel that keeps hours of its own."""
        return {kind: self.hours_state(language, kind) for kind in self._hours.own_channels}

    def notices(self) -> list[str]:
        """What an operator must know: broken files, served in their last good version, and work that fails."""
        return [*self.file_notices(), *self.supervisor.problems()]

    def file_notices(self) -> list[str]:
        """Files that are broken."""
        return [*self._faq.notices, *self._notices()]

    async def set_aside(self) -> list[SetAsideEntry]:
        """What failed each time it was handled and waits for somebody to look at it, oldest first."""
        rows = await self._store.read(aside.listed)
        return [
            SetAsideEntry(one.id, one.conversation_id, one.channel, one.kind, one.error or "", one.set_aside_at)
            for one in rows
        ]

    def _count(self, received: Sequence[Received], channel: str) -> None:
        for one in received:
            (metrics.RECEIVED if one.is_new else metrics.REPEATED).labels(channel).inc()


def _answers(connection: Any, inbound: Inbound) -> list[MessageView] | None:
    """What a repeated message was answered; None while its turn is not over."""
    entry = inbox.find(connection, inbound.channel, inbound.account, inbound.kind.value, inbound.key)
    if entry is None or entry.status not in OVER or entry.turn_id is None:
        return None
    rows = conversations.messages_of_turn(connection, entry.turn_id)
    return [view(row) for row in rows if row.author != Author.SYSTEM.value]


def _checked(name: str, payload: Mapping[str, object]) -> dict[str, object]:
    if name in ("reply", "note"):
        text = payload.get("text")
        if not isinstance(text, str) or not text.strip():
            raise InboundError(f"{name} needs a 'text' that is not empty.", status=422)
        return {"text": text.strip()}
    if name == "transfer":
        operator = payload.get("operator_id")
        if not is_id(operator):
            raise InboundError("transfer needs an 'operator_id', a number from the list of operators.", status=422)
        return {"operator_to": operator}
    return {}
