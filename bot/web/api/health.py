"""For those who watch the desk: alive, ready, how it goes."""
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

#: Problems by part ('store', 'understanding', …); empty = ready.
Checks = Callable[[], Awaitable[dict[str, str]]]


def routes(checks: Checks) -> list[BaseRoute]:
    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        problems = await checks()
        status = "degraded" if problems else "ok"
        return JSONResponse({"status": status, "problems": problems}, 503 if problems else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
