"""Hints for those who watch: something changed, read again. Nothing is lost when a hint is."""
import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

Hint = dict[str, Any]
#: A watcher that lags this far behind needs no more hints: it rereads everything anyway.
BACKLOG = 256


class Subscription:
    """An async context manager and iterator of hints."""

    def __init__(self, hub: "Hub", topics: tuple[str, ...]) -> None:
        self._hub = hub
        self._topics = topics
        self._queue: asyncio.Queue[Hint | None] = asyncio.Queue(BACKLOG)

    async def __aenter__(self) -> "Subscription":
        self._hub.add(self, self._topics)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hub.remove(self, self._topics)

    def __aiter__(self) -> AsyncIterator[Hint]:
        return self

    async def __anext__(self) -> Hint:
        hint = await self._queue.get()
        if hint is None:
            raise StopAsyncIteration
        return hint

    def offer(self, hint: Hint | None) -> None:
        if hint is None and self._queue.full():
            self._queue.get_nowait()  # the end must fit
        if not self._queue.full():
            self._queue.put_nowait(hint)


class Hub:
    """Topics are "conversation:<id>" and "queue"."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[Subscription]] = defaultdict(set)

    def subscribe(self, *topics: str) -> Subscription:
        return Subscription(self, topics)

    def add(self, subscription: Subscription, topics: tuple[str, ...]) -> None:
        for topic in topics:
            self._watchers[topic].add(subscription)

    def remove(self, subscription: Subscription, topics: tuple[str, ...]) -> None:
        for topic in topics:
            self._watchers[topic].discard(subscription)
            if not self._watchers[topic]:
                del self._watchers[topic]

    def tell(self, conversation_id: int, kind: str, *, to_queue: bool = True, **values: object) -> None:
        """Hint those who watch a conversation and, for ``to_queue``, those who watch the queue."""
        hint: Hint = {"type": kind, "conversation_id": conversation_id, **values}
        topics = [f"conversation:{conversation_id}", *(["queue"] if to_queue else [])]
        for topic in topics:
            for watcher in tuple(self._watchers.get(topic, ())):
                watcher.offer(hint)

    def close(self) -> None:
        """End every subscription, so that open streams finish when the desk stops."""
        for watchers in list(self._watchers.values()):
            for watcher in list(watchers):
                watcher.offer(None)
