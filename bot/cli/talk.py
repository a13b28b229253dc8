"""Talking to the bot in the terminal, on a desk that forgets everything."""
import asyncio
import json
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markdown import Markdown

from bot.cli.training import train_if_needed
from bot.model.conversation import EventKind, Inbound
from bot.model.views import MessageView
from bot.service.desk import Desk
from bot.settings import Settings
from bot.web.api.rest import ANSWER_WITHIN_S, answer_json

CHANNEL = "rest"
SHOPPER = "terminal"


def ask_once(settings: Settings, text: str, *, as_json: bool) -> None:
    """Print the answer to one message.

    Raises:
        SportelloError: the desk cannot start.
    """
    train_if_needed(settings)

    async def talk() -> list[MessageView]:
        async with quiet_desk(settings) as desk:
            return await _send(desk, text)

    answers = asyncio.run(talk())
    if as_json:
        print(json.dumps([answer_json(SHOPPER, one) for one in answers], ensure_ascii=False, indent=2))
    else:
        _print(Console(), answers)


def chat(settings: Settings) -> None:
    """Talk until an empty line or Ctrl-D.

    Raises:
        SportelloError: the desk cannot start.
    """
    train_if_needed(settings)
    console = Console()

    async def talk() -> None:
        async with quiet_desk(settings) as desk:
            console.print("Write as a shopper would. A number picks a choice, an empty line ends.", style="dim")
            offered: list[MessageView] = []
            while text := (await asyncio.to_thread(_line)).strip():
                offered = await _send(desk, text, offered)
                _print(console, offered)

    asyncio.run(talk())


def _line() -> str:
    try:
        return input("> ")
    except EOFError:
        return ""


@asynccontextmanager
async def quiet_desk(settings: Settings) -> AsyncIterator[Desk]:
    """A desk on a database of its own that is gone afterwards."""
    import bot.app  # Rasa takes seconds to import

    with tempfile.TemporaryDirectory(prefix="sportello-") as folder:
        environment = msgspec.structs.replace(
            settings.environment, state=Path(folder), database=f"sqlite:///{Path(folder) / 'desk.db'}"
        )
        house = bot.app.build(msgspec.structs.replace(settings, environment=environment))
        async with bot.app.running(house) as desk:
            yield desk


async def _send(desk: Desk, text: str, offered: list[MessageView] | None = None) -> list[MessageView]:
    choices = [choice for one in offered or [] for choice in one.choices]
    picked = choices[int(text) - 1] if text.isdecimal() and 0 < int(text) <= len(choices) else None
    inbound = Inbound(
        CHANNEL, EventKind.CHOICE if picked else EventKind.MESSAGE, uuid.uuid4().hex, SHOPPER,
        text="" if picked else text, choice=picked.id if picked else None,
    )
    return await desk.ask(inbound, ANSWER_WITHIN_S)


def _print(console: Console, answers: list[MessageView]) -> None:
    number = 0
    for one in answers:
        console.print(Markdown(one.text))
        for choice in one.choices:
            number += 1
            console.print(f"  {number}. {choice.title}", style="cyan", markup=False)
