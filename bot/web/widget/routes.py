"""The site widget over HTTP: its script, its public API and the page that carries it."""
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.widget.inbound import (
    CHANNEL,
    MAX_BODY,
    MAX_PHOTO_BODY,
    MAX_TEXT,
    MessageBody,
    address_of,
    is_token,
    read_message,
    read_session,
    to_inbound,
)
from bot.channels.widget.photos import Photos
from bot.model.errors import DeliveryError, InboundError
from bot.model.ports import Address
from bot.model.views import ConversationView
from bot.web.colour import DARK_BUBBLE, LIGHT_BUBBLE, LIGHT_PAPER, readable_on
from bot.web.console.media import media_response
from bot.web.json_errors import json_errors, read_body
from bot.web.sse import event_stream
from bot.web.widget.feed import conversation_json, feed, history, hours_json, message_json
from bot.web.widget.look import WidgetLook
from bot.web.widget.page import page_routes
from bot.web.widget.script import load_script

if TYPE_CHECKING:
    from bot.service.desk import Desk

__all__ = ["WidgetLook", "routes"]

Endpoint = Callable[[Request], Awaitable[Response]]

_NO_STORE = {"Cache-Control": "no-store"}
_PHOTO_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def routes(desk: "Desk", look: WidgetLook, photos: Photos) -> list[BaseRoute]:
    """Everything that the site widget needs, from its page down.

    Raises:
        ValueError: ``look.accent`` is no colour.
        SettingError: the shop's own page is no template.
    """
    api = _Api(desk, look, photos)
    # Any page may carry the widget: there is no cookie, the shopper's token is in a header that only the page can set.
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        expose_headers=["retry-after"],
        max_age=86_400,
    )
    return [
        *page_routes(look),
        Route("/widget.js", _script()),
        Mount(
            "/api/widget",
            routes=[
                Route("/config", api.config),
                Route("/session", api.session, methods=["POST"]),
                Route("/messages", api.read, methods=["GET"]),
                Route("/messages", api.write, methods=["POST"]),
                Route("/stream", api.stream),
                Route("/photos/{reference}", api.photo),
            ],
            middleware=[cors, json_errors()],
        ),
    ]


class _Api:
    """The public API. A shopper is known by a bearer token that only their browser holds."""

    def __init__(self, desk: "Desk", look: WidgetLook, photos: Photos) -> None:
        self._desk = desk
        self._photos = photos
        self._look = look
        self._accents = {
            "accent": readable_on(LIGHT_PAPER, look.accent),
            "accent_on_light": readable_on(LIGHT_BUBBLE, look.accent),
            "accent_on_dark": readable_on(DARK_BUBBLE, look.accent),
        }

    async def config(self, request: Request) -> Response:
        locale = self._look.language_for(request.query_params.get("locale", ""))
        config = {
            "shop": self._look.shop,
            **self._accents,
            "privacy_url": self._look.privacy_url,
            "locale": locale,
            "languages": self._look.languages,
            "tone": self._look.tone,
            "intro": self._look.intro.get(locale, ""),
            "starters": list(await self._look.starters(locale)),
            "max_text": MAX_TEXT,
            "hours": hours_json(self._desk, locale),
        }
        return JSONResponse(config, headers=_NO_STORE)

    async def session(self, request: Request) -> Response:
        body = read_session(await read_body(request, MAX_BODY))
        token = body.token or secrets.token_urlsafe(32)
        conversation, messages = await self._so_far(address_of(token), after=None)
        answer = {
            "token": token,
            "conversation": conversation_json(conversation),
            "cursor": conversation.cursor if conversation else 0,
            "messages": messages,
            "hours": hours_json(self._desk, self._look.language_for(body.locale)),
        }
        return JSONResponse(answer, headers=_NO_STORE)

    async def write(self, request: Request) -> Response:
        address = _address(request)
        body = read_message(await read_body(request, MAX_PHOTO_BODY))
        title = await self._title(body, address) if body.choice is not None else ""
        # On disk before the message that names it: a photo without a message is nothing that anyone sees.
        kept = (await self._photos.keep(body.photo, address, body.id),) if body.photo is not None else ()
        await self._desk.receive([to_inbound(body, address, title=title, attachments=kept)])
        return JSONResponse({"id": body.id, "accepted": True}, HTTPStatus.ACCEPTED)

    async def read(self, request: Request) -> Response:
        conversation, messages = await self._so_far(_address(request), after=_after(request))
        state = conversation_json(conversation)
        state["hours"] = hours_json(self._desk, self._locale(request))
        return JSONResponse({"messages": messages, "conversation": state}, headers=_NO_STORE)

    async def photo(self, request: Request) -> Response:
        """Without a token: an <img> sends none. Who has the address has the conversation."""
        try:
            response = media_response(await self._photos.media(request.path_params["reference"]))
        except DeliveryError as error:
            raise InboundError(str(error), status=404) from None
        response.headers.update(_PHOTO_HEADERS)
        return response

    async def stream(self, request: Request) -> Response:
        address, after = _address(request), _after(request)
        conversation = await self._find(address)
        if conversation is None:
            raise InboundError("This token has no conversation yet. Post a message first.", status=404)
        return event_stream(
            feed(self._desk, conversation.id, address, after=after, language=self._locale(request))
        )

    def _locale(self, request: Request) -> str:
        return self._look.language_for(request.query_params.get("locale", ""))

    async def _find(self, address: str) -> ConversationView | None:
        return await self._desk.find_conversation(Address(CHANNEL, "", address))

    async def _so_far(self, address: str, *, after: int | None) -> tuple[ConversationView | None, list[dict[str, Any]]]:
        conversation = await self._find(address)
        if conversation is None:
            return None, []
        if after is None:
            messages = await history(self._desk, conversation)
        else:
            messages = await self._desk.messages(conversation.id, after=after)
        return conversation, [message_json(message, address) for message in messages]

    async def _title(self, body: MessageBody, address: str) -> str:
        """What the picked choice said.

        Raises:
            InboundError: it was never offered in this conversation.
        """
        conversation = await self._find(address)
        for message in reversed(await history(self._desk, conversation) if conversation else []):
            for choice in message.choices:
                if choice.id == body.choice:
                    return choice.title
        raise InboundError("'choice' was not offered in this conversation. Send an id from 'choices'.", status=422)


def _address(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_token(token.strip()):
        raise InboundError("Send 'Authorization: Bearer <token>' with the token of /api/widget/session.", status=401)
    return address_of(token.strip())


def _after(request: Request) -> int:
    value = request.query_params.get("after", "0")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise InboundError(f"'after' is '{value[:40]}'. It must be a number from 0, the last 'seq' seen.", status=422)
    return int(value)


def _script() -> Endpoint:
    script = load_script()

    async def widget_js(request: Request) -> Response:
        headers = {
            "ETag": script.etag,
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == script.etag:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(script.gzipped, headers=headers, media_type="text/javascript")
        return Response(script.plain, headers=headers, media_type="text/javascript")

    return widget_js
