"""The console over a desk in memory, in process or on a port of the loopback."""
import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette

from bot.channels.widget.photos import Photos
from bot.model.views import OperatorView
from bot.service.people.operators import Operators
from bot.web.console import routes as console
from tests.console.fake_desk import FakeDesk
from tests.console.scenes import GIULIA, LUCA
from tests.fakes import FakeClock

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Result = TypeVar("Result")


class FakeOperatorRows:
    """Giulia and Luca, with the same password; counts how often a password was looked up."""

    def __init__(self) -> None:
        hashed = CHEAP.hash(PASSWORD)
        self.rows = {each.login: (each.id, each.login, each.public_name, hashed) for each in (GIULIA, LUCA)}

    async def find_operator(self, login: str) -> tuple[int, str, str, str] | None:
        return self.rows.get(login)

    async def get_operator(self, operator_id: int) -> OperatorView | None:
        return next((OperatorView(*row[:3]) for row in self.rows.values() if row[0] == operator_id), None)

    async def list_operators(self) -> Sequence[OperatorView]:
        return [OperatorView(*row[:3]) for row in self.rows.values()]

    async def add_operator(self, login: str, public_name: str, password_hash: str) -> OperatorView:
        operator = OperatorView(len(self.rows) + 1, login, public_name)
        self.rows[login] = (operator.id, login, public_name, password_hash)
        return operator


class Site:
    """A desk, its operators and the application over both."""

    def __init__(self, clock: FakeClock, photos: Photos) -> None:
        self.photos = photos
        self.clock = clock
        self.desk = FakeDesk(clock)
        self.rows = FakeOperatorRows()
        look = console.ConsoleLook("Passo")
        operators = Operators(self.rows, CHEAP)
        desk: Any = self.desk
        routes = console.routes(desk, operators, look, "a secret of the tests", clock, photos)
        self.app = Starlette(routes=routes)


class Served:
    """A `Site` on the loopback. What happens in its desk must happen in the server's own loop: use `do`."""

    def __init__(self, site: Site, port: int = 0) -> None:
        self.site = site
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        config = uvicorn.Config(site.app, log_level="warning", timeout_graceful_shutdown=1, ws="none")
        self._server = uvicorn.Server(config)
        self._started = threading.Event()

    def do(self, act: Callable[[FakeDesk], Result]) -> Result:
        """Run ``act`` in the server's loop and return what it returned."""

        async def run() -> Result:
            return act(self.site.desk)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    @contextlib.contextmanager
    def running(self) -> Iterator["Served"]:
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.do(lambda desk: desk.hub.close())
            self._server.should_exit = True
            thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve([self._socket]))
