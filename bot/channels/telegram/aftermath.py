"""What Telegram waits for after an update was stored: an answer to a tap, a word in a group. Never waited for."""
import asyncio
from collections.abc import Iterable

from bot.channels.telegram.inbound import Reading
from bot.channels.telegram.outbound import TelegramChannel


class Aftermath:
    def __init__(self, channel: TelegramChannel) -> None:
        self._channel = channel
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, readings: Iterable[Reading]) -> None:
        """Begin what these updates ask for; returns at once."""
        for reading in readings:
            if reading.callback is not None:
                self._begin(asyncio.create_task(self._channel.answer_tap(reading.callback)))
            if reading.group is not None:
                self._begin(asyncio.create_task(self._channel.greet_group(*reading.group)))

    async def over(self) -> None:
        """Return when everything begun is over."""
        await asyncio.gather(*self._tasks)

    def _begin(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
