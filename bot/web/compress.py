"""JSON answers of some size, compressed for those who take gzip; pages, files and streams stay as they are."""
import gzip
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

LEAST = 1024
_LEVEL = 5


class JsonGzip:
    """An ASGI middleware. Only whole answers are compressed: a stream would be held back until it ends."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or "gzip" not in Headers(scope=scope).get("accept-encoding", "").lower():
            return await self._app(scope, receive, send)
        start: Any = None

        async def compressing(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_json(message):
                start = message
                return
            if start is not None:
                begun, start = start, None
                body = message.get("body", b"")
                if len(body) >= LEAST and not message.get("more_body"):
                    body = gzip.compress(body, _LEVEL, mtime=0)
                    headers = MutableHeaders(raw=begun["headers"])
                    headers["Content-Encoding"] = "gzip"
                    headers["Content-Length"] = str(len(body))
                    headers.add_vary_header("Accept-Encoding")
                    message = message | {"body": body}
                await send(begun)
            await send(message)

        return await self._app(scope, receive, compressing)


def _is_json(message: Any) -> bool:
    headers = Headers(raw=message["headers"])
    return headers.get("content-type", "").startswith("application/json") and "content-encoding" not in headers
