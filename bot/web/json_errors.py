"""Errors as JSON: ``{"error": {"code", "message"}}``, never a page, never a stack trace."""
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.model.errors import InboundError, StoreUnavailable

RETRY_AFTER_S = 2

log = structlog.get_logger(__name__)


def json_error(status: int, message: str, *, code: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """``code`` defaults to the status's own name ('not_found')."""
    code = code or HTTPStatus(status).name.lower()
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def json_errors() -> Middleware:
    """Turns the errors that a request can meet on purpose into JSON answers."""
    handlers = {HTTPException: _http, InboundError: _inbound, StoreUnavailable: _store}
    return Middleware(ExceptionMiddleware, handlers=handlers)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = f"{request.method} {request.scope['path']}: {error.detail}."
    return json_error(error.status_code, message, headers=error.headers)


async def _inbound(_request: Request, error: Exception) -> Response:
    assert isinstance(error, InboundError)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    return json_error(error.status, str(error), headers=headers)


async def _store(request: Request, error: Exception) -> Response:
    log.error("store_unavailable", path=request.scope["path"], problem=str(error))
    message = "The message could not be stored and was not accepted. Send it again in a moment."
    return json_error(503, message, headers={"Retry-After": str(RETRY_AFTER_S)})


async def read_body(request: Request, limit: int) -> bytes:
    """The request's body.

    Raises:
        InboundError: 413 where it is larger than ``limit`` bytes; the rest is not read.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise InboundError(f"The body is larger than {limit // 1024} KB.", status=413)
    return bytes(body)


def number_of(request: Request, name: str) -> int | None:
    """A number from 0 in the query; None where it is left out.

    Raises:
        InboundError: it is none, or longer than any count here.
    """
    value = request.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise InboundError(f"'{name}' is '{value[:40]}'. It must be a number from 0 to 999999999.", status=422)
    return int(value)


async def read_object(request: Request, limit: int) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        InboundError: it is larger than ``limit`` bytes, no JSON, or no object.
    """
    try:
        body = json.loads(await read_body(request, limit))
    except ValueError as error:
        raise InboundError("The body is not JSON.", status=400) from error
    except RecursionError as error:
        raise InboundError("The JSON is nested too deeply.", status=400) from error
    if not isinstance(body, dict):
        raise InboundError("The body must be a JSON object.", status=422)
    return body
