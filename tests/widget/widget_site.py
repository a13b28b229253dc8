"""The demo shop's server, real but for the desk behind it."""
import socket
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from bot.channels.widget.photos import Photos
from bot.web.widget.routes import WidgetLook, routes
from tests.widget.widget_desk import FakeDesk

ROOT = Path(__file__).parents[2]


async def first_questions(language: str) -> list[str]:
    italian = ["Dov'è il mio ordine?", "Quanto costa la spedizione?", "Come faccio un reso?"]
    return italian if language == "it" else ["Where is my order?"]


LOOK = WidgetLook(
    "Passo", "#1f6feb", "/privacy", ("it", "en"), "formal", starters=first_questions, site=ROOT / "site"
)


class Site:
    """The demo shop's server; it can be stopped and started again on the same port."""

    def __init__(self, desk: FakeDesk, photos: Path, look: WidgetLook = LOOK) -> None:
        self.desk = desk
        self.app = Starlette(routes=routes(desk, look, Photos(photos)))  # type: ignore[arg-type]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = uvicorn.Config(
            self.app, port=self.port, log_level="warning", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        listening = threading.Event()
        startup = self.server.startup

        async def started(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            listening.set()

        self.server.startup = started  # type: ignore[method-assign]
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        assert listening.wait(15), "the test server did not start"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(15)
        assert not self.thread.is_alive(), "the test server did not stop"
