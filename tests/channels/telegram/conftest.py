"""The Telegram channel on a double of Telegram, with a desk behind it."""
import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.patience import Patience
from bot.channels.telegram.aftermath import Aftermath
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.patience import new_patience
from bot.channels.telegram.polling import Poller
from bot.model.conversation import Inbound
from bot.storage.store import open_store
from tests.channels.care import channel_care
from tests.fakes import FakeClock
from tests.providers.loopback import Loopback
from tests.providers.telegram import TOKEN, TelegramDouble
from tests.service.conftest import Care


@dataclass
class Cursors:
    """The service's doors over a desk; ``fail`` is raised instead of the next store, or after it with ``late``."""

    receive_all: Callable[[Sequence[Inbound]], object]
    kept: dict[str, int] = field(default_factory=dict)
    fail: Exception | None = None
    late: bool = False
    stored: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, inbounds: Sequence[Inbound]) -> list[int]:
        if self.fail is not None:
            raise self.fail
        return await self.receive_all(inbounds)  # type: ignore[misc, no-any-return]

    async def receive_polled(self, source: str, cursor: int, inbounds: Sequence[Inbound]) -> None:
        error, self.fail = self.fail, None
        if error is not None and not self.late:
            raise error
        if inbounds:
            await self.receive(inbounds)
        self.kept[source] = cursor
        self.stored.set()
        if error is not None:
            raise error

    async def cursor(self, source: str) -> int | None:
        return self.kept.get(source)


@dataclass
class Line:
    """A bot's whole line: double, channel, poller and desk."""

    double: TelegramDouble
    url: str
    bot: Bot
    channel: TelegramChannel
    aftermath: Aftermath
    patience: Patience
    poller: Poller
    care: Care
    door: Cursors

    async def moves(self) -> None:
        """Everything that is under way arrives: updates are fetched, answered, and answers sent."""
        while await self.poller.once(self.door, hold_s=0):
            pass
        await self.care.settle()
        await self.care.send()
        await self.aftermath.over()


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    double, clock = TelegramDouble(), FakeClock()
    async with Loopback(double.app) as server:
        request, polls = HTTPXRequest(), HTTPXRequest(connection_pool_size=1)
        bot = Bot(
            TOKEN, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot", request=request,
            get_updates_request=polls,
        )
        channel = TelegramChannel(bot, clock)
        aftermath, patience = Aftermath(channel), new_patience(clock)
        store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
        care = await channel_care(store, {"telegram": channel})
        yield Line(
            double, server.url, bot, channel, aftermath, patience, Poller(bot, polls, aftermath, patience), care,
            Cursors(care.desk.receive),
        )
        await care.desk.stop()
        await store.close()
        await request.shutdown()
        await polls.shutdown()
