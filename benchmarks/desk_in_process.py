"""A whole desk in this process, on a state folder that is thrown away."""
import logging
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import structlog

import bot.app
from bot.cli.common import settings_of
from bot.model.conversation import EventKind, Inbound
from bot.model.views import MessageView
from bot.service.desk import Desk


@asynccontextmanager
async def running_desk(project: Path) -> AsyncIterator[tuple[bot.app.House, Desk]]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        state = Path(folder)
        settings = settings_of(str(project))
        environment = msgspec.structs.replace(
            settings.environment, state=state, database=f"sqlite:///{state / 'desk.db'}"
        )
        house = bot.app.build(msgspec.structs.replace(settings, environment=environment))
        async with bot.app.running(house) as desk:
            yield house, desk


async def ask(desk: Desk, sender: str, text: str) -> list[MessageView]:
    inbound = Inbound("rest", EventKind.MESSAGE, f"{sender}:{os.urandom(8).hex()}", sender, text=text)
    return await desk.ask(inbound, 60.0)
