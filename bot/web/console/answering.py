"""How the console answers: errors as JSON in words, headers that keep its pages to themselves, files that are fresh."""
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from bot.model.errors import DeliveryError, InboundError, StoreUnavailable, TransitionError
from bot.model.views import OperatorView
from bot.web.json_errors import json_error

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SECURITY = {
    "Content-Security-Policy": _CSP,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Api = Callable[[Request, OperatorView], Awaitable[Mapping[str, Any] | Response]]


class SecuredFiles(StaticFiles):
    """Files are asked for again each time (answered 304), so that an update never runs half old."""

    async def get_response(self, path: str, scope: Any) -> Response:
        try:
            return await super().get_response(path, scope)
        except (ValueError, OSError):  # a NUL, a name longer than any file's
            raise HTTPException(404) from None

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update({**SECURITY, "Cache-Control": "no-cache"})
        return response


async def answer(handler: Api, request: Request, operator: OperatorView) -> Response:
    try:
        made = await handler(request, operator)
    except InboundError as error:
        return json_error(error.status, str(error))
    except HTTPException as error:
        return json_error(error.status_code, f"{error.detail}.")
    except TimeoutError:
        message = "The desk is slow: it is not known yet whether this was done. Trying again cannot do it twice."
        return json_error(504, message, code="unconfirmed")
    except DeliveryError as error:
        # 424: not the desk failed but what it depends on.
        return json_error(404 if error.permanent else 424, str(error), code="no_file")
    except TransitionError as error:
        return json_error(409, str(error), code="refused")
    except StoreUnavailable as error:
        log.error("store_unavailable", path=request.scope["path"], problem=str(error))
        return json_error(503, "The desk cannot store anything now. Nothing was sent; try again in a moment.")
    return made if isinstance(made, Response) else JSONResponse(made)
