"""What a shopper's browser is told: messages and states as JSON, and the live stream of them."""
import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.channels.widget.inbound import client_id
from bot.model.conversation import Attachment, Author, Choice
from bot.model.errors import StoreUnavailable
from bot.model.views import ConversationView, MessageView

if TYPE_CHECKING:
    from bot.service.desk import Desk

#: A hint can be lost between two processes; then the next look finds what it would have told.
REREAD_S = 5.0
#: A bubble gets its number before it may leave, so a later one can be visible first: each look goes this far back.
LOOK_BACK = 16
#: What a browser gets of an old conversation.
HISTORY = 200
#: The payload of `Announcer.handed_off`'s choice.
WITHDRAW = "withdraw"

Event = tuple[str, str | None, dict[str, Any]]


def message_json(message: MessageView, address: str) -> dict[str, Any]:
    """One bubble as the shopper may see it: no trace, no payload of a choice."""
    return {
        "seq": message.seq,
        "key": client_id(message.key, address) if message.author is Author.CONTACT else "",
        "author": message.author.value,
        "author_name": message.author_name,
        "text": message.text,
        "language": message.language,
        "at": message.at.isoformat(),
        "choices": [_choice_json(choice) for choice in message.choices],
        "chosen": message.chosen,
        "image": message.image,
        "attachments": [_file_json(item) for item in message.attachments],
        "delivery": message.delivery,
    }


def _choice_json(choice: Choice) -> dict[str, Any]:
    """``ends_waiting``: it takes back the wish for a person, which the header of the widget offers too."""
    told: dict[str, Any] = {"id": choice.id, "title": choice.title}
    return {**told, "ends_waiting": True} if choice.payload == WITHDRAW else told


def _file_json(item: Attachment) -> dict[str, Any]:
    """``url``: where the shopper's own browser finds it; operators read it elsewhere, with their session."""
    url = item.url.replace("/media/widget/", "/api/widget/photos/", 1)
    return {"kind": item.kind, "name": item.name, "mime_type": item.mime_type, "url": url, "size": item.size}


def conversation_json(conversation: ConversationView | None) -> dict[str, Any]:
    """Who holds the conversation; one that has not begun is the bot's."""
    if conversation is None:
        return {"owner": "bot", "position": None, "operator_name": ""}
    return {
        "owner": conversation.owner.value,
        "position": conversation.position,
        "operator_name": conversation.operator_name,
    }


def hours_json(desk: "Desk", language: str) -> dict[str, Any]:
    is_open, text = desk.hours_state(language, "widget")
    return {"open": is_open, "text": text}


async def history(desk: "Desk", conversation: ConversationView) -> list[MessageView]:
    """The latest messages, oldest first."""
    return await desk.messages(conversation.id, after=max(0, conversation.cursor - HISTORY))


async def feed(desk: "Desk", conversation_id: int, address: str, *, after: int, language: str) -> AsyncIterator[Event]:
    """Events for one browser, for as long as it listens: first the state and what it missed, then all that comes.

    A message may come twice over two connections, never twice over one. Ends where the store cannot be read: the
    browser comes back by itself.
    """
    reader = _Reader(desk, conversation_id, address, after)
    async with desk.subscribe(f"conversation:{conversation_id}") as hints:
        with suppress(StoreUnavailable):
            async for event in reader.look(language):
                yield event
            async for hint in _hints(hints):
                if hint["type"] == "typing":
                    yield "typing", None, {"author": hint.get("author", "bot"), "on": bool(hint.get("on"))}
                    continue
                async for event in reader.look(language):
                    yield event


class _Reader:
    """Reads a conversation again and again and tells only what is new."""

    def __init__(self, desk: "Desk", conversation_id: int, address: str, after: int) -> None:
        self._desk = desk
        self._conversation_id = conversation_id
        self._address = address
        self._start = self._cursor = after
        self._told: set[int] = set()
        self._state: dict[str, Any] = {}

    async def look(self, language: str) -> AsyncIterator[Event]:
        state = conversation_json(await self._desk.conversation(self._conversation_id))
        state["hours"] = hours_json(self._desk, language)
        if state != self._state:
            self._state = state
            yield "state", None, state
        since = max(self._start, self._cursor - LOOK_BACK)
        for message in await self._desk.messages(self._conversation_id, after=since):
            if message.seq not in self._told:
                self._told.add(message.seq)
                self._cursor = max(self._cursor, message.seq)
                yield "message", str(message.seq), message_json(message, self._address)
        self._told = {seq for seq in self._told if seq > self._cursor - LOOK_BACK}


async def _hints(source: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[Mapping[str, Any]]:
    """The hints as they come, and one of our own wherever none came for a while."""
    waiting: asyncio.Future[Mapping[str, Any]] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(source))
            done, _ = await asyncio.wait({waiting}, timeout=REREAD_S)
            if not done:
                yield {"type": "message"}
                continue
            hint, waiting = waiting.result(), None
            yield hint
    except StopAsyncIteration:
        return
    finally:
        if waiting is not None:
            waiting.cancel()
