"""`sportello run`: one process that serves everything."""
import asyncio
import gc
import shlex
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from bot.cli.training import train_if_needed
from bot.model.errors import SportelloError
from bot.service.people.operators import make_password
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import House

FIRST_LOGIN = "admin"
#: Where ./sportello lies; it is also the demo shop.
SOURCES = Path(__file__).parents[2]
#: The name that shoppers read, by the shop's main language.
FIRST_NAME = {"it": "Assistenza", "en": "Customer care"}
#: Open streams get this long to end by themselves when the desk stops, in seconds.
GRACE_S = 5


def serve(settings: Settings) -> None:
    """Train if needed, start, print the addresses, serve until Ctrl-C.

    Raises:
        SportelloError: something is wrong; its text says what to do.
    """
    listener = _listen(settings.environment.host, settings.environment.port)
    train_if_needed(settings)
    console = Console()
    with console.status("Starting"):
        # Millions of objects are made that stay: looking through them for garbage took a quarter of the start, and
        # would again in the middle of conversations.
        gc.disable()
        import bot.app  # Rasa takes seconds to import; the port is known to be free by now

        house = bot.app.build(settings)
        gc.freeze()
        gc.enable()
    asgi = bot.app.web(house)
    config = uvicorn.Config(
        asgi, access_log=False, log_level="warning", timeout_graceful_shutdown=GRACE_S, server_header=False,
        lifespan="on", ws="none",
    )
    server = _Server(config, house, console)
    asyncio.run(server.serve(sockets=[listener]))
    if not server.started:
        raise SportelloError("The desk did not start; the lines above say why.")


class _Server(uvicorn.Server):
    """Says where everything is once it answers, and ends the open streams when it stops."""

    def __init__(self, config: uvicorn.Config, house: "House", console: Console) -> None:
        super().__init__(config)
        self._house = house
        self._console = console

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Unlike uvicorn's own, this does not raise the signal again after the shutdown: a desk that was told to stop
        # and stopped has done well (exit status 0). A second Ctrl-C does not wait.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._welcome()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._house.desk.end_streams()
        await super().shutdown(sockets)

    async def _welcome(self) -> None:
        settings = self._house.settings
        environment = settings.environment
        where = "" if settings.project == SOURCES else f" --project {shlex.quote(str(settings.project))}"
        base = f"http://{environment.host}:{environment.port}"
        lines = [
            f"Page with the widget   [bold]{base}/[/]",
            f"Operator console       [bold]{base}/console[/]",
            f"REST                   {base}/webhooks/rest/webhook",
        ]
        operators = self._house.operators
        if not await operators.list_operators():
            password = make_password()
            await operators.add(FIRST_LOGIN, FIRST_NAME[settings.languages[0]], password)
            lines += ["", f"First operator: login [bold]{FIRST_LOGIN}[/], password [bold]{password}[/]",
                      f"Shown once. Add people with: ./sportello operator add NAME{escape(where)}"]
        lines += ["", f"Data: {environment.state}. Stop with Ctrl-C; nothing accepted is lost."]
        self._console.print(Panel("\n".join(lines), title=escape(settings.shop.name), expand=False))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SportelloError(
            f"Cannot listen on {host}:{port} ({error.strerror}). Is the desk running already? Choose another port: "
            "make run PORT=8081, or SPORTELLO_PORT."
        ) from error
    return listener
