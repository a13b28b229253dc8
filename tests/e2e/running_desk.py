"""The whole desk, as `sportello run` serves it, on a port of the loopback and a clock that tests set."""
import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
import uvicorn

import bot.app
from bot.model.ports import Address
from bot.model.views import ConversationView, OperatorView
from bot.settings import load_settings
from tests.fakes import MONDAY_MORNING, FakeClock

ROME = ZoneInfo("Europe/Rome")
PASSWORD = "correct horse battery"
T = TypeVar("T")


class SetClock(FakeClock):
    """Says what a test tells it to say."""

    def set(self, local: str) -> None:
        """``local``: '2026-11-23 22:30', in Rome."""
        self._now = datetime.fromisoformat(local).replace(tzinfo=ROME)

    def reset(self) -> None:
        self._now = MONDAY_MORNING


@dataclass(frozen=True)
class Said:
    """What the desk answered to one message."""

    bubbles: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(bubble["text"] for bubble in self.bubbles)

    @property
    def trace(self) -> dict[str, Any]:
        """Of the last bubble."""
        return dict(self.bubbles[-1]["custom"]["sportello"])

    @property
    def owner(self) -> str:
        return str(self.trace["owner"])

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for bubble in self.bubbles for button in bubble.get("buttons", ())]


class RunningDesk:
    """Start, stop and start again on the same address and the same state."""

    def __init__(self, project: Path, state: Path, clock: SetClock) -> None:
        self.project = project
        self.clock = clock
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environ = {"SPORTELLO_STATE": str(state), "SPORTELLO_PORT": str(self.port)}
        self.http = httpx.Client(base_url=self.url, timeout=20)

    def start(self) -> None:
        self.house = bot.app.build(load_settings(self.project, self._environ), self.clock)
        app = bot.app.web(self.house)
        config = uvicorn.Config(app, port=self.port, log_level="warning", ws="none", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        startup = self._server.startup

        async def tell(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            started.set()

        self._server.startup = tell  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert started.wait(30), "the desk did not start"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.house.desk.end_streams)
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the desk did not stop"

    def do(self, act: Callable[[], Awaitable[T]]) -> T:
        """Run something in the desk's own loop."""

        async def run() -> T:
            return await act()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve())

    def ask(self, who: str, text: str) -> Said:
        answer = self.http.post("/webhooks/rest/webhook", json={"sender": who, "message": text})
        assert answer.status_code == 200, answer.text
        return Said(answer.json())

    def view(self, who: str) -> ConversationView:
        found = self.do(lambda: self.house.desk.find_conversation(Address("rest", "", who)))
        assert found is not None
        return found

    def operator(self) -> OperatorView:
        """Giulia, made on first use."""

        async def find() -> OperatorView:
            known = [one for one in await self.house.operators.list_operators() if one.login == "giulia"]
            return known[0] if known else await self.house.operators.add("giulia", "Giulia", PASSWORD)

        return self.do(find)

    def command(self, conversation: int, name: str, **payload: object) -> None:
        giulia = self.operator()
        key = f"{name}-{conversation}-{self.view_of(conversation).cursor}-{payload}"
        done = self.do(
            lambda: self.house.desk.command(conversation, name, operator=giulia, key=key, payload=payload)
        )
        assert done.ok, done.error

    def view_of(self, conversation: int) -> ConversationView:
        found = self.do(lambda: self.house.desk.conversation(conversation))
        assert found is not None
        return found

    def send_everyone_home(self) -> None:
        """Nobody waits and nobody is held any more."""
        for row in self.do(self.house.desk.queue):
            if row.owner == "queue":
                self.command(row.conversation_id, "take")
            self.command(row.conversation_id, "close")
