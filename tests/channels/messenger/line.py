"""A whole line of Messenger or Instagram: double, channel, webhook, and a desk behind it."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.channels import ChannelParts, open_channels
from bot.channels.meta.messaging_outbound import MessagingChannel
from bot.model.ports import Address
from bot.model.views import ConversationView, MessageView
from bot.settings import load_settings
from bot.storage.store import open_store
from tests.channels.care import channel_care
from tests.fakes import FakeClock
from tests.providers.loopback import Loopback
from tests.providers.messenger import APP, MessagingDouble
from tests.providers.meta import APP_SECRET, TOKEN
from tests.service.conftest import GIULIA, Care

SHOP = "shop: {name: Passo, email: a@b.example, privacy_url: /p}\n"
SECRET = "a-secret-of-the-desk-for-tests"


@dataclass
class Line:
    double: MessagingDouble
    parts: ChannelParts
    care: Care
    web: httpx.AsyncClient

    @property
    def channel(self) -> MessagingChannel:
        assert isinstance(self.parts.channel, MessagingChannel)
        return self.parts.channel

    @property
    def path(self) -> str:
        return f"/webhooks/{self.channel.kind}"

    def address(self, shopper: str) -> Address:
        return Address(self.channel.kind, self.double.account, shopper)

    async def arrives(self) -> list[int]:
        """What waits at Meta is delivered and understood; the statuses met."""
        statuses = await self.double.deliveries.deliver(self.web, self.path)
        await self.care.settle()
        return statuses

    async def moves(self) -> None:
        """Everything that is under way arrives, answers and their echoes too."""
        for _ in range(3):
            await self.arrives()
            await self.care.send()

    async def conversation(self, shopper: str) -> ConversationView:
        found = await self.care.desk.find_conversation(self.address(shopper))
        assert found is not None
        return found

    async def messages(self, shopper: str) -> list[MessageView]:
        return await self.care.desk.messages((await self.conversation(shopper)).id, for_contact=False)


def opened(project: Path, kind: str, url: str, *, shop: str = SHOP, **variables: str) -> ChannelParts:
    (project / "shop.yml").write_text(shop)
    double = MessagingDouble(is_instagram=kind == "instagram")
    prefix = f"SPORTELLO_{kind.upper()}_"
    values = {
        "SPORTELLO_SECRET": SECRET, f"{prefix}TOKEN": TOKEN, f"{prefix}APP_SECRET": APP_SECRET,
        f"{prefix}APP_ID": APP, f"{prefix}API": url,
        f"{prefix}{'ACCOUNT_ID' if kind == 'instagram' else 'PAGE_ID'}": double.account,
    }
    return open_channels(load_settings(project, values | variables), FakeClock())[kind]


@asynccontextmanager
async def opened_line(project: Path, kind: str, **options: Any) -> AsyncIterator[Line]:
    double = MessagingDouble(is_instagram=kind == "instagram")
    async with Loopback(double.app) as server:
        double.url = server.url
        parts = opened(project, kind, server.url, **options)
        store = open_store(f"sqlite:///{project / 'desk.db'}")
        care = await channel_care(store, {kind: parts})
        double.now = care.clock.now
        assert parts.routes is not None
        assert parts.close is not None
        transport = httpx.ASGITransport(app=Starlette(routes=parts.routes(care.desk)))
        async with httpx.AsyncClient(transport=transport, base_url="https://desk") as web:
            yield Line(double, parts, care, web)
        await care.desk.stop()
        await store.close()
        await parts.close()


async def asks_picks_and_reaches_a_person(line: Line, who: str) -> None:
    """A conversation as shops have them."""
    ada = line.double.shopper(who)
    ada.writes("quanto costa la spedizione?")
    await line.moves()
    assert ada.texts[-1].endswith("Costa 4,90 €")

    ada.writes("boh")
    await line.moves()
    assert ada.offered == ["Spedizione", "Nessuna di queste"]
    ada.taps("Spedizione")
    await line.moves()
    assert ada.texts[-1].endswith("Costa 4,90 €")

    ada.writes("una persona per favore")
    await line.moves()
    waiting = (await line.care.desk.queue())[0]
    await line.care.does(GIULIA, waiting.conversation_id, "take")
    await line.care.does(GIULIA, waiting.conversation_id, "reply", text="Eccomi, sono **Giulia**")
    await line.moves()
    assert ada.texts[-1] == "Eccomi, sono Giulia"
