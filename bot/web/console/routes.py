"""The operator console over HTTP: the pages, the JSON they read, the commands, the stream of hints."""
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.widget.inbound import CHANNEL as WIDGET
from bot.channels.widget.photos import Photos
from bot.model.errors import InboundError
from bot.model.ports import Clock
from bot.model.views import OperatorView, SetAsideEntry, is_id
from bot.service.people.operators import Operators
from bot.settings.canned import CannedFile
from bot.web.colour import readable_on
from bot.web.console import left_alone
from bot.web.console.answering import HERE, SECURITY, Api, SecuredFiles, answer
from bot.web.console.auth import LoginThrottle, Session, Sessions, is_same_origin
from bot.web.console.canned import Canned, ready_texts
from bot.web.console.commands import command_of
from bot.web.console.login_page import LoginPage
from bot.web.console.media import media_response
from bot.web.console.views import conversation_json, hint_event, operator_json, plain, queue_json
from bot.web.json_errors import json_error, number_of, read_object
from bot.web.sse import event_stream

if TYPE_CHECKING:
    from bot.service.desk import Desk

log = structlog.get_logger(__name__)

BODY_LIMIT = 64 * 1024
#: Messages of a conversation in one answer, and the most that may be asked for.
PAGE = 200
MOST = 1000
#: The promised first answer (docs/guide-operator.md): from here on a waiting conversation is shown as late.
LATE_AFTER_S = 120
#: The surfaces furthest from the paper that the accent is read on: --paper-3 of base.css.
_LIGHT_SURFACE = "#eceef2"
_DARK_SURFACE = "#24282f"


@dataclass(frozen=True, slots=True)
class ConsoleLook:
    """``accent``: '#rrggbb' of shop.yml."""

    shop_name: str
    accent: str = "#1f6feb"
    #: The ready texts, as they are now.
    canned: Callable[[], Sequence[Canned]] = lambda: ready_texts(CannedFile())


class _Console:
    def __init__(
        self, desk: "Desk", operators: Operators, look: ConsoleLook, secret: str, clock: Clock, photos: Photos
    ) -> None:
        self._desk = desk
        self._photos = photos
        self._operators = operators
        self._look = look
        self._clock = clock
        self._sessions = Sessions(secret, clock)
        self._throttle = LoginThrottle(clock)
        self._pages = Environment(loader=PackageLoader("bot.web.console"), autoescape=select_autoescape())
        self._login = LoginPage(self._pages, look.shop_name)
        self._icon = self._pages.get_template("icon.svg").render(accent=readable_on("#ffffff", look.accent))
        self._theme = (
            f":root{{--accent-on-light:{readable_on(_LIGHT_SURFACE, look.accent)};"
            f"--accent-on-dark:{readable_on(_DARK_SURFACE, look.accent)}}}\n"
        )

    def routes(self) -> list[BaseRoute]:
        api = "/console/api"
        one = api + "/conversations/{id}"
        return [
            Route("/console", self.page),
            Route("/console/login", self.sign_in, methods=["POST"]),
            Route("/console/logout", self.sign_out, methods=["POST"]),
            Route("/console/left-alone", self.left_alone_page),
            Route("/console/theme.css", self.theme),
            Route("/console/icon.svg", self.icon),
            Route(f"{api}/me", self._api(self.me)),
            Route(f"{api}/queue", self._api(self.queue)),
            Route(f"{api}/operators", self._api(self.list_operators)),
            Route(f"{api}/notices", self._api(self.notices)),
            Route(f"{api}/left-alone", self._api(self.left_alone)),
            Route(f"{api}/set-aside", self._api(self.set_aside)),
            Route(f"{api}/canned", self._api(self.canned)),
            Route(f"{api}/stream", self._api(self.stream)),
            Route(one, self._api(self.conversation)),
            Route(one + "/typing", self._api(self.typing), methods=["POST"]),
            Route(one + "/{command}", self._api(self.command), methods=["POST"]),
            Route("/console/media/{channel}/{reference:path}", self._api(self.media)),
            Route(api + "/{rest:path}", self._api(self.unknown), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            Mount("/console/static", SecuredFiles(directory=HERE / "static")),
        ]

    # Pages

    async def page(self, request: Request) -> Response:
        found = await self._who(request)
        if found is None:
            return self._secured(self._login.render(request))
        session, operator = found
        html = self._pages.get_template("console.html").render(
            shop_name=self._look.shop_name, csrf=self._sessions.csrf_token(session), operator=operator
        )
        response = Response(html, media_type="text/html")
        self._sessions.renew(request, response, session)
        return self._secured(response)

    async def left_alone_page(self, request: Request) -> Response:
        found = await self._who(request)
        if found is None:
            return self._secured(self._login.render(request))
        return self._secured(await left_alone.page(self._desk, self._pages, self._look.shop_name, request))

    async def sign_in(self, request: Request) -> Response:
        if not is_same_origin(request):
            return self._secured(self._login.render(request, status=403, problem="origin"))
        try:
            form = await self._login.read(request)
        except InboundError as error:
            return self._secured(self._login.render(request, status=error.status, problem="form"))
        address = request.client.host if request.client else ""
        wait_s = self._throttle.wait_s(form.login, address)
        if wait_s:
            log.warning("login_throttled", login=form.login[:64], address=address, wait_s=wait_s)
            page = self._login.render(request, status=429, problem="throttled", wait_s=wait_s, login=form.login)
            page.headers["Retry-After"] = str(wait_s)
            return self._secured(page)
        operator = await self._operators.authenticate(form.login, form.password)
        if operator is None:
            return self._secured(self._login.render(request, status=401, problem="refused", login=form.login))
        self._throttle.succeeded(form.login, address)
        response = RedirectResponse("/console", status_code=303)
        self._sessions.start(request, response, operator.id)
        return self._secured(response)

    async def sign_out(self, request: Request) -> Response:
        refusal = self._refusal(request, self._sessions.find(request))
        response = refusal or JSONResponse({"ok": True})
        if refusal is None:
            self._sessions.end(request, response)
        return self._secured(response)

    async def theme(self, _request: Request) -> Response:
        return self._secured(Response(self._theme, media_type="text/css"))

    async def icon(self, _request: Request) -> Response:
        return self._secured(Response(self._icon, media_type="image/svg+xml"))

    # What the page reads

    async def me(self, _request: Request, operator: OperatorView) -> Mapping[str, Any]:
        return {"operator": operator_json(operator), "shop": self._look.shop_name, "late_after_s": LATE_AFTER_S}

    async def queue(self, request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        language = request.query_params.get("lang", "en")
        rows = await self._desk.queue()
        language = language if language in ("it", "en") else "en"
        hours, own = self._desk.hours_state(language), self._desk.channel_hours(language)
        return queue_json(rows, hours=hours, channels=own, now=self._clock.now())

    async def list_operators(self, _request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        return {"operators": [operator_json(each) for each in await self._operators.list_operators()]}

    async def notices(self, _request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        return {"notices": [*self._desk.notices(), *map(_set_aside_words, await self._desk.set_aside())]}

    async def set_aside(self, _request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        return {"set_aside": plain(await self._desk.set_aside())}

    async def left_alone(self, request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        return await left_alone.listed(self._desk, request)

    async def canned(self, _request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        return {"canned": plain(list(self._look.canned()))}

    async def conversation(self, request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        conversation_id = _conversation_id(request)
        before, after = number_of(request, "before"), number_of(request, "after")
        limit = min(max(number_of(request, "limit") or PAGE, 1), MOST)
        if before is not None:
            found = await self._desk.page(conversation_id, before=before, limit=limit)
            if found is None:
                raise HTTPException(404, "There is no such conversation")
            return {"messages": plain(found[0]), "has_earlier": found[1]}
        dossier = await self._desk.dossier(conversation_id, after=after, limit=limit)
        if dossier is None:
            raise HTTPException(404, "There is no such conversation")
        return conversation_json(dossier, now=self._clock.now())

    async def stream(self, request: Request, _operator: OperatorView) -> Response:
        watched = request.query_params.get("conversation", "")
        topics = ["queue", f"conversation:{watched}"] if watched.isdecimal() else ["queue"]
        return event_stream(self._hints(topics))

    async def media(self, request: Request, _operator: OperatorView) -> Response:
        channel, reference = request.path_params["channel"], request.path_params["reference"]
        # Only what came from the site lies with us; the other channels ask their providers.
        find = self._photos.media(reference) if channel == WIDGET else self._desk.media(channel, reference)
        return media_response(await find)

    async def unknown(self, request: Request, _operator: OperatorView) -> Response:
        raise HTTPException(404, "There is no such address in the console")

    # What the page does

    async def command(self, request: Request, operator: OperatorView) -> Mapping[str, Any] | Response:
        name, key, payload = command_of(request.path_params["command"], await read_object(request, BODY_LIMIT))
        conversation_id = _conversation_id(request)
        if await self._desk.conversation(conversation_id) is None:
            raise HTTPException(404, "There is no such conversation")
        result = await self._desk.command(conversation_id, name, operator=operator, key=key, payload=payload)
        return {"ok": True} if result.ok else json_error(409, result.error, code="refused")

    async def typing(self, request: Request, _operator: OperatorView) -> Mapping[str, Any]:
        body = await read_object(request, BODY_LIMIT)
        if not isinstance(body.get("on"), bool):
            raise InboundError("'on' must be true or false.", status=422)
        if await self._desk.conversation(_conversation_id(request)) is None:
            raise HTTPException(404, "There is no such conversation")
        await self._desk.typing(_conversation_id(request), author="operator", on=body["on"])
        return {"ok": True}

    # Doors

    def _api(self, handler: Api) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            found = await self._who(request)
            refusal = self._refusal(request, found[0] if found else None)
            if refusal is not None or found is None:
                return self._secured(refusal or self._signed_out())
            answered = await answer(handler, request, found[1])
            self._sessions.renew(request, answered, found[0])
            return self._secured(answered)

        return endpoint

    def _refusal(self, request: Request, session: Session | None) -> Response | None:
        if session is None:
            return self._signed_out()
        if request.method in ("GET", "HEAD"):
            return None
        if not is_same_origin(request):
            return json_error(403, "This request comes from another site. Use the console's own page.", code="origin")
        if not self._sessions.is_csrf_token(session, request.headers.get("x-csrf-token", "")):
            return json_error(403, "The page is older than your session. Reload it; drafts are kept.", code="csrf")
        return None

    async def _who(self, request: Request) -> tuple[Session, OperatorView] | None:
        session = self._sessions.find(request)
        operator = await self._operators.get_operator(session.operator_id) if session else None
        return (session, operator) if session and operator else None

    async def _hints(self, topics: list[str]) -> AsyncIterator[tuple[str, str | None, dict[str, Any]]]:
        async with self._desk.subscribe(*topics) as subscription:
            # From here on nothing is missed: the page reads everything again when it gets this.
            yield "ready", None, {}
            async for hint in subscription:
                yield hint_event(hint)

    @staticmethod
    def _signed_out() -> Response:
        return json_error(401, "Your session has ended. Sign in again; drafts are kept.", code="signed_out")

    @staticmethod
    def _secured(response: Response) -> Response:
        response.headers.update(SECURITY)
        return response


def _conversation_id(request: Request) -> int:
    text: str = request.path_params["id"]
    conversation_id = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    if not is_id(conversation_id):
        raise HTTPException(404, "There is no such conversation")
    return conversation_id


def _set_aside_words(one: SetAsideEntry) -> str:
    return (
        f"Set aside: a {one.kind} of conversation {one.conversation_id} could not be handled ({one.error}). "
        f"Try it again with `sportello aside retry {one.id}`."
    )


def routes(
    desk: "Desk", operators: Operators, look: ConsoleLook, secret: str, clock: Clock, photos: Photos
) -> list[BaseRoute]:
    """All addresses under /console. ``secret`` signs sessions: it must outlive a restart.

    Raises:
        ValueError: ``look.accent`` is no colour.
    """
    return _Console(desk, operators, look, secret, clock, photos).routes()
