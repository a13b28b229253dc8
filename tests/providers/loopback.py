"""A provider's double as a real server on this machine."""
import asyncio
import socket
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp


class Loopback:
    """Serves an application on a free port of 127.0.0.1 while the ``async with`` block runs."""

    def __init__(self, app: ASGIApp) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)

    async def __aenter__(self) -> "Loopback":
        listening, startup = asyncio.Event(), self._server.startup

        async def started(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            listening.set()

        self._server.startup = started  # type: ignore[method-assign]
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await asyncio.wait_for(listening.wait(), 15)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        await self._task
        self._socket.close()
