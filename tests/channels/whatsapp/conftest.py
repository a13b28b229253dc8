"""The WhatsApp channel on a double of the Cloud API, with a desk behind it."""
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels import ChannelParts, open_channels
from bot.channels.whatsapp.outbound import WhatsAppChannel
from bot.model.conversation import Inbound
from bot.model.ports import Address
from bot.model.views import MessageView
from bot.settings import load_settings
from bot.storage.store import open_store
from tests.channels.care import channel_care
from tests.fakes import FakeClock
from tests.providers.loopback import Loopback
from tests.providers.whatsapp import APP_SECRET, PHONE_ID, TOKEN, Person, WhatsAppDouble
from tests.service.conftest import Care

VERIFY = "a-verify-token-of-the-shop"
SHOP = "shop: {name: Passo, email: a@b.example, privacy_url: /p}\n"
TEMPLATE = "channels: {whatsapp: {template: {name: after_window, languages: {it: it, en: en_US}}}}\n"


def opened(project: Path, url: str, clock: FakeClock, shop: str = SHOP + TEMPLATE, **variables: str) -> ChannelParts:
    """The channel as the desk builds it."""
    (project / "shop.yml").write_text(shop)
    values = {
        "SPORTELLO_WHATSAPP_TOKEN": TOKEN, "SPORTELLO_WHATSAPP_PHONE_NUMBER_ID": PHONE_ID,
        "SPORTELLO_WHATSAPP_APP_SECRET": APP_SECRET, "SPORTELLO_WHATSAPP_VERIFY_TOKEN": VERIFY,
        "SPORTELLO_WHATSAPP_API": url,
    }
    return open_channels(load_settings(project, values | variables), clock)["whatsapp"]


@dataclass
class Intake:
    """The service's door; ``fail`` is raised instead of the next store."""

    care: Care
    fail: Exception | None = None

    async def receive(self, inbounds: Sequence[Inbound]) -> list[int]:
        error, self.fail = self.fail, None
        if error is not None:
            raise error
        return await self.care.desk.receive(inbounds)


@dataclass
class Line:
    """A number's whole line: double, channel, webhook and desk."""

    double: WhatsAppDouble
    url: str
    parts: ChannelParts
    care: Care
    door: Intake
    web: httpx.AsyncClient

    @property
    def channel(self) -> WhatsAppChannel:
        assert isinstance(self.parts.channel, WhatsAppChannel)
        return self.parts.channel

    async def moves(self) -> None:
        """Everything that is under way arrives: events, answers, and what becomes of them."""
        while await self.double.deliver(self.web) or await self._sends():
            await self.care.settle()

    async def _sends(self) -> bool:
        before = len(self.double.sent)
        await self.care.settle()
        await self.care.send()
        return len(self.double.sent) > before

    def passes(self, **amount: float) -> None:
        """Time goes by, for the desk and for Meta."""
        self.care.clock.advance(**amount)
        self.double.clock.advance(**amount)

    async def messages(self, person: Person) -> list[MessageView]:
        for one in filter(None, (person.user_id, person.number)):
            found = await self.care.desk.find_conversation(Address("whatsapp", PHONE_ID, one))
            if found is not None:
                return await self.care.desk.messages(found.id, for_contact=False)
        raise AssertionError(f"{person.name} has no conversation")


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    double = WhatsAppDouble(templates={("after_window", "it"), ("after_window", "en_US")})
    async with Loopback(double.app) as server:
        parts = opened(tmp_path, server.url, double.clock)
        store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
        care = await channel_care(store, {"whatsapp": parts})
        door = Intake(care)
        assert parts.routes is not None
        app = Starlette(routes=parts.routes(door))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://desk") as web:
            yield Line(double, server.url, parts, care, door, web)
        await care.desk.stop()
        await store.close()
        assert parts.close is not None
        await parts.close()
