"""A provider's webhook: bounded body, 200 only after the commit, refusals as JSON."""
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.model.errors import InboundError, StoreUnavailable

RETRY_AFTER_S = 2

log = structlog.get_logger(__name__)

#: Takes the headers (small letters) and the raw body; returns once everything is stored.
Handle = Callable[[Mapping[str, str], bytes], Awaitable[None]]


def webhook(path: str, handle: Handle, *, limit: int) -> Route:
    """A POST route for ``handle``, whose InboundError and StoreUnavailable become 4xx and 503.

    Args:
        limit: largest body in bytes; a larger one is a 413 and is not read to its end.
    """

    async def endpoint(request: Request) -> Response:
        try:
            await handle(request.headers, await _body(request, limit))
        except InboundError as error:
            log.warning("webhook_refused", path=path, status=error.status, problem=str(error))
            return _error(error.status, str(error))
        except StoreUnavailable as error:
            log.error("store_unavailable", path=path, problem=str(error))
            return _error(503, "Nothing was stored. Send it again.", {"Retry-After": str(RETRY_AFTER_S)})
        return JSONResponse({"ok": True})

    return Route(path, endpoint, methods=["POST"])


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise InboundError(f"The body is larger than {limit // 1024} KB.", status=413)
    return bytes(body)


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": str(status), "message": message}}, status, headers)
