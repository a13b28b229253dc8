"""A phone as a page: what the shopper sees, and the way to write and to tap."""
import asyncio
import hashlib
import json
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.providers.phone import File, Phone

FILES = Path(__file__).with_name("page_files")
#: How often the screen is looked at, and how many times before the page is told that nothing is new.
LOOK_S, LOOKS = 0.1, 150
#: "Typing" that no message follows ends by itself, as providers do it.
TYPING_S = 20.0
MOST_TEXT = 4_000
MOST_BYTES = 5 * 1024 * 1024
PHOTOS = ("image/jpeg", "image/png", "image/webp", "image/gif")
VOICE_NOTE = File("voice", "audio/mp4", Path(__file__).with_name("voice.m4a").read_bytes())
_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"


def page(phone: Phone, *, kind: str, title: str, shop: str, desk_url: str) -> Starlette:
    """The page of one phone; with ``state.is_over`` set, questions that are held are answered at once.

    Args:
        title: of the channel, as people know it.
    """
    screen = _Screen(phone, desk_url)
    about = {"kind": kind, "title": title, "shop": shop, "console": f"{desk_url}/console"}

    async def home(_request: Request) -> Response:
        return FileResponse(FILES / "phone.html", headers={"Content-Security-Policy": _POLICY})

    async def shown(request: Request) -> Response:
        seen = request.query_params.get("seen", "")
        for _ in range(LOOKS):
            now = await screen.now()
            if now["mark"] != seen or request.app.state.is_over:
                break
            await asyncio.sleep(LOOK_S)
        return JSONResponse(now | {"about": about}, headers={"Cache-Control": "no-store"})

    async def says(request: Request) -> Response:
        text = await _text(request)
        if not text:
            return JSONResponse({"error": f"Send 1 to {MOST_TEXT} characters as JSON, in 'text'."}, 422)
        await phone.says(text)
        return JSONResponse({"ok": True})

    async def taps(request: Request) -> Response:
        try:
            await phone.taps(await _text(request))
        except LookupError:
            return JSONResponse({"error": "No message on the screen offers that (any more)."}, 409)
        return JSONResponse({"ok": True})

    async def photo(request: Request) -> Response:
        kind, content = request.headers.get("content-type", ""), await request.body()
        if kind not in PHOTOS or not 0 < len(content) <= MOST_BYTES:
            return JSONResponse({"error": f"Send {', '.join(PHOTOS)} of at most {MOST_BYTES // 1024**2} MB."}, 422)
        await phone.sends(File("photo", kind, content))
        return JSONResponse({"ok": True})

    async def voice(request: Request) -> Response:
        if not await _text(request):
            return JSONResponse({"error": "Send JSON."}, 422)
        await phone.sends(VOICE_NOTE)
        return JSONResponse({"ok": True})

    async def sent(request: Request) -> Response:
        place = request.path_params["place"]
        if place >= len(phone.files):
            return JSONResponse({"error": "There is no such file."}, 404)
        file = phone.files[place]
        return Response(file.content, media_type=file.mime_type, headers={"X-Content-Type-Options": "nosniff"})

    app = Starlette(
        routes=[
            Route("/", home),
            Route("/api/screen", shown),
            Route("/api/says", says, methods=["POST"]),
            Route("/api/taps", taps, methods=["POST"]),
            Route("/api/photo", photo, methods=["POST"]),
            Route("/api/voice", voice, methods=["POST"]),
            Route("/api/sent/{place:int}", sent),
            Mount("/files", StaticFiles(directory=FILES)),
        ],
        # No other page may reach the phone, by whatever name it calls this machine.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )
    app.state.is_over = False
    return app


async def _text(request: Request) -> str:
    """'' where the body is not what the page sends; JSON alone, which no page elsewhere can post unasked."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return ""
    try:
        text = (await request.json())["text"]
    except (ValueError, KeyError, TypeError):
        return ""
    return text.strip() if isinstance(text, str) and len(text) <= MOST_TEXT else ""


class _Screen:
    """The phone's screen at this moment, with a mark that changes when it does."""

    def __init__(self, phone: Phone, desk_url: str) -> None:
        self._phone = phone
        self._desk = httpx.AsyncClient(base_url=desk_url, timeout=2)
        self._is_ready = False
        self._last = (0, 0)  # messages of the shop; how often it had shown by then that it types
        self._typed = (0, 0.0)  # how often it has shown that it types; when that was noticed

    async def now(self) -> dict[str, Any]:
        bubbles = [asdict(one) for one in await self._phone.shown()]
        shown = {"bubbles": bubbles, "typing": await self._is_typing(), "ready": await self._desk_answers()}
        return shown | {"mark": hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]}

    async def _is_typing(self) -> bool:
        theirs, typings = len(await self._phone.theirs()), self._phone.typings()
        if theirs != self._last[0]:
            self._last = (theirs, typings)
        if typings != self._typed[0]:
            self._typed = (typings, time.monotonic())
        return typings > self._last[1] and time.monotonic() - self._typed[1] < TYPING_S

    async def _desk_answers(self) -> bool:
        if not self._is_ready:
            with suppress(httpx.TransportError):
                self._is_ready = (await self._desk.get("/healthz")).status_code == httpx.codes.OK
        return self._is_ready
