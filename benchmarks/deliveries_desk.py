"""The desk that benchmarks/deliveries.py posts to, in a process of its own: python -m benchmarks.deliveries_desk …"""
import argparse
import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.channels import open_channels
from bot.cli.common import log_quietly
from bot.service.assembly import Parts, build_desk
from bot.service.clock import SystemClock
from bot.service.live import Manner
from bot.service.operators import Operators
from bot.settings import Settings, environ, load_settings
from bot.storage.operator_rows import StoredOperators
from bot.storage.store import open_store
from bot.web import rest
from tests import fakes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--model", action="store_true", help="understand with the shop's trained model")
    options = parser.parse_args()
    settings = load_settings(options.project, environ())
    log_quietly()
    app = _whole(settings) if options.model else _light(settings)
    address = (settings.environment.host, settings.environment.port)
    listener = socket.create_server(address)
    config = uvicorn.Config(app, access_log=False, log_level="warning", lifespan="on", ws="none")
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


def _whole(settings: Settings) -> ASGIApp:
    """As `sportello run` serves it."""
    import bot.app  # Rasa takes seconds to import

    return bot.app.web(bot.app.build(settings))


def _light(settings: Settings) -> ASGIApp:
    """The same store, service and channel; only reading and answering a message cost next to nothing."""
    clock, store = SystemClock(), open_store(settings.environment.database)
    channels = open_channels(settings, clock)
    operators = Operators(StoredOperators(store, clock), PasswordHasher(1, 8, 1))
    desk, faq = build_desk(
        Parts(
            store=store, clock=clock, understanding=fakes.FakeUnderstanding(), dialogue=fakes.FakeDialogue(),
            texts=fakes.FakeTexts(), hours=fakes.FakeHours(), orders=fakes.FakeOrders(), live_faq=fakes.FakeLiveFaq(),
            reader=fakes.FakeReader, operators=operators, channels=channels, shop=settings.shop.name,
            manner=Manner(settings.tone, settings.hours.notice), notices=list,
        )
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await faq.serve(fakes.publication(shipping_cost="Costa **4,90 €**"))
        await desk.start()
        yield
        await desk.stop()
        await store.close()

    hooks = [route for parts in channels.values() if parts.routes for route in parts.routes(desk)]
    return Starlette(routes=[*rest.routes(desk, None), *hooks], lifespan=lifespan)


if __name__ == "__main__":
    main()
