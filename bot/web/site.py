"""All addresses of the desk as one application; whatever no route knows is a JSON 404."""
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.web.compress import JsonGzip
from bot.web.json_errors import json_error

log = structlog.get_logger(__name__)


def site(routes: Sequence[BaseRoute], lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]]) -> Starlette:
    return Starlette(
        routes=list(routes),
        lifespan=lifespan,
        middleware=[Middleware(JsonGzip)],
        exception_handlers={HTTPException: _http, Exception: _unforeseen},
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = f"{request.method} {request.scope['path']}: {error.detail}."
    return json_error(error.status_code, message, headers=error.headers)


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("request_failed", path=request.scope["path"], problem=repr(error))
    return json_error(500, "Something went wrong on our side; it is in the log.")
