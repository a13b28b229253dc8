"""A desk in memory that answers like a small bot. Tests give it orders from their own thread."""
import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model.conversation import Author, Choice, EventKind, Inbound
from bot.model.errors import StoreUnavailable
from bot.model.ownership import Owner
from bot.model.ports import Address
from bot.model.views import ConversationView, MessageView

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
CHOICES = (Choice("Quanto costa la spedizione?", "faq:shipping-cost", "c1"), Choice("Nessuna di queste", "none", "c2"))


class Subscription:
    def __init__(self, desk: "FakeDesk", topics: tuple[str, ...]) -> None:
        self._desk, self.topics = desk, topics
        self.hints: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> "Subscription":
        self._desk.loop = asyncio.get_running_loop()
        self._desk.subscriptions.append(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._desk.subscriptions.remove(self)

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self

    async def __anext__(self) -> dict[str, Any]:
        return await self.hints.get()


class FakeDesk:
    """Echoes; 'scelte' offers choices, 'piano' is left for ``say`` to answer; a person is asked for in words.

    Attributes:
        refuse: raise StoreUnavailable for so many messages.
    """

    def __init__(self) -> None:
        self.conversations: dict[str, ConversationView] = {}
        self.lines: dict[int, list[MessageView]] = {}
        self.claimed: set[tuple[str, EventKind, str]] = set()
        self.received: list[Inbound] = []
        self.subscriptions: list[Subscription] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self.refuse = 0
        self.is_open = True
        self.changed = threading.Condition()

    # What the web asks.

    async def receive(self, inbounds: Sequence[Inbound]) -> list[int]:
        if self.refuse:
            self.refuse -= 1
            raise StoreUnavailable("disk full")
        ids = []
        for inbound in inbounds:
            conversation = self._conversation(inbound.address)
            ids.append(conversation.id)
            claim = (inbound.channel, inbound.kind, inbound.key)
            if claim not in self.claimed:
                self.claimed.add(claim)
                with self.changed:
                    self.received.append(inbound)
                    self.changed.notify_all()
                self._take(conversation, inbound)
        return ids

    async def find_conversation(self, address: Address) -> ConversationView | None:
        return self.conversations.get(address.external_id)

    async def conversation(self, conversation_id: int) -> ConversationView | None:
        return next((one for one in self.conversations.values() if one.id == conversation_id), None)

    async def messages(
        self, conversation_id: int, *, after: int = 0, limit: int = 500, for_contact: bool = True
    ) -> list[MessageView]:
        return [line for line in self.lines[conversation_id] if line.seq > after and line.delivery != "pending"][:limit]

    def subscribe(self, *topics: str) -> Subscription:
        return Subscription(self, topics)

    def hours_state(self, language: str, channel: str = "") -> tuple[bool, str]:
        if self.is_open:
            return True, {"it": "Siamo qui fino alle 18:00"}.get(language, "We are here until 18:00")
        return False, {"it": "Torniamo lunedì 24 novembre alle 9:00"}.get(language, "Back Monday 24 November at 9:00")

    # What tests order, from their own thread.

    def say(self, text: str, *, author: Author = Author.BOT, name: str = "", **more: Any) -> None:
        """Write a line in the only conversation."""
        self._run(lambda: self._write(self._only(), author, text, author_name=name, **more))

    def deliver(self, seq: int) -> None:
        """Let a line that was kept back be seen."""
        def mark() -> None:
            lines = self.lines[self._only().id]
            lines[seq - 1] = replace(lines[seq - 1], delivery="sent")
            self._hint(self._only().id, {"type": "message"})

        self._run(mark)

    def hand_over(self, owner: Owner, *, name: str = "", position: int | None = None) -> None:
        self._run(lambda: self._change(self._only(), owner=owner, operator_name=name, position=position))

    def typing(self, author: str, *, on: bool) -> None:
        self._run(lambda: self._hint(self._only().id, {"type": "typing", "author": author, "on": on}))

    def wait_for_texts(self, *texts: str) -> None:
        """Return once these and no other texts were received, in any number of tries."""
        with self.changed:
            done = self.changed.wait_for(lambda: len(self.received) >= len(texts), timeout=15)
        assert done, f"received {[one.text for one in self.received]}, expected {texts}"
        assert [one.text for one in self.received] == list(texts)

    # Inside.

    def _run(self, act: Any) -> None:
        # The page shows a line before the desk has it: what a test orders waits for the conversation to exist.
        with self.changed:
            assert self.changed.wait_for(lambda: bool(self.conversations), timeout=15), "nobody has written yet"
        if self.loop is not None and self.loop.is_running():
            done = threading.Event()
            self.loop.call_soon_threadsafe(lambda: (act(), done.set()))
            assert done.wait(10)
        else:
            act()

    def _only(self) -> ConversationView:
        (conversation,) = self.conversations.values()
        return conversation

    def _conversation(self, address: str) -> ConversationView:
        if address not in self.conversations:
            number = len(self.conversations) + 1
            self.conversations[address] = ConversationView(number, number, "widget", "it", Owner.BOT, 0, None, "", 0)
            self.lines[number] = []
        return self.conversations[address]

    def _take(self, conversation: ConversationView, inbound: Inbound) -> None:
        text = inbound.text
        key = inbound.key
        files = inbound.attachments
        self._write(
            conversation, Author.CONTACT, text, key=key, chosen=inbound.choice, attachments=files, delivery="received"
        )
        if conversation.owner is Owner.OPERATOR:
            return
        if "persona" in text or "person" in text.split():
            self._change(conversation, owner=Owner.QUEUE, position=2)
            self._write(conversation, Author.BOT, "Va bene, Le passo una persona. È in posizione 2.")
        elif text == "scelte":
            self._write(conversation, Author.BOT, "Che cosa intende?", choices=CHOICES)
        elif text != "piano":
            self._write(conversation, Author.BOT, f"Ha scritto: {text}")

    def _write(self, conversation: ConversationView, author: Author, text: str, **more: Any) -> None:
        lines = self.lines[conversation.id]
        seq = len(lines) + 1
        fields = {"author_name": "", "language": "it", "at": START + timedelta(minutes=seq), **more}
        lines.append(MessageView(seq=seq, author=author, text=text, **fields))
        self._change(conversation, cursor=seq)

    def _change(self, conversation: ConversationView, **fields: Any) -> None:
        for address, one in self.conversations.items():
            if one.id == conversation.id:
                self.conversations[address] = replace(one, **fields)
        self._hint(conversation.id, {"type": "message"})

    def _hint(self, conversation_id: int, hint: dict[str, Any]) -> None:
        for subscription in self.subscriptions:
            if f"conversation:{conversation_id}" in subscription.topics:
                subscription.hints.put_nowait({"conversation_id": conversation_id, **hint})
