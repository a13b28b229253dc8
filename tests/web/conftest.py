"""The desk's addresses over a real desk with fakes at its ports, without a socket."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.widget.photos import Photos
from bot.storage.store import Store, open_store
from bot.web.api import health, rest
from bot.web.console import routes as console
from bot.web.site import site
from bot.web.widget import routes as widget
from tests.service.conftest import Care, make_care

WEBHOOK = "/webhooks/rest/webhook"


@dataclass
class Web:
    """A desk and an HTTP client in front of it; a failing handler is seen as the 500 that a browser would see."""

    care: Care
    http: httpx.AsyncClient
    problems: dict[str, str] = field(default_factory=dict)

    async def says(self, who: str, text: str, message_id: str | None = None) -> httpx.Response:
        """A REST caller forwards what a shopper wrote."""
        body: dict[str, Any] = {"sender": who, "message": text}
        if message_id is not None:
            body["metadata"] = {"message_id": message_id}
        return await self.http.post(WEBHOOK, json=body)

    async def posts(self, body: bytes, path: str = WEBHOOK) -> httpx.Response:
        return await self.http.post(path, content=body, headers={"content-type": "application/json"})


@asynccontextmanager
async def serve(
    care: Care, *, rest_token: str | None = None, rest_origins: tuple[str, ...] = ()
) -> AsyncIterator[Web]:
    """Every address of `bot.app.web`."""
    desk, problems = care.desk, {}

    async def checks() -> dict[str, str]:
        return problems

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield

    photos = Photos(Path("made with the first photo"))
    look = widget.WidgetLook("Passo", "#b3441e", "https://www.passo.example/privacy", ("it", "en"), "informal")
    routes = [
        *health.routes(checks),
        *rest.routes(desk, rest_token, rest_origins),
        *console.routes(
            desk, desk.operators, console.ConsoleLook("Passo"), "a secret of the tests", care.clock, photos
        ),
        *widget.routes(desk, look, photos),
    ]
    transport = httpx.ASGITransport(site(routes, lifespan), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as http:
        yield Web(care, http, problems)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def web(store: Store) -> AsyncIterator[Web]:
    care = await make_care(store)
    async with serve(care) as web:
        yield web
    await care.desk.stop()
