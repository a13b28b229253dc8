"""Rasa's REST channel, on the wire as Rasa speaks it (design section 6), with the trace in ``custom.sportello``."""
import hmac
import json
import re
import uuid
from collections.abc import Sequence
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.model.conversation import EventKind, Inbound
from bot.model.errors import InboundError
from bot.model.views import MessageView
from bot.service.desk import Desk
from bot.web.json_errors import json_error, json_errors, read_body

CHANNEL = "rest"
ANSWER_WITHIN_S = 10.0
MAX_BODY = 128 * 1024
MAX_TEXT = 20_000
MAX_ID = 255
DEFAULT_SENDER = "default"
TRUE = ("true", "1", "yes", "on")
#: A button's payload comes back as the next message's text; the rest is the choice's id.
_CHOICE = re.compile(r"choice:([0-9]+\.[0-9]+)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def routes(desk: Desk, token: str | None, origins: Sequence[str] = ()) -> list[BaseRoute]:
    """
    Args:
        token: the bearer token that callers must show; None on a loopback address.
        origins: whose pages may call from a browser, as 'https://shop.example', or '*'.
    """

    async def webhook(request: Request) -> Response:
        if request.method == "OPTIONS":  # not a browser's question before a call: that ends in the middleware
            return Response(status_code=204, headers={"Allow": "OPTIONS, POST"})
        if token is not None:
            shown = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(shown.encode(), token.encode()):
                raise InboundError("Send 'Authorization: Bearer <SPORTELLO_REST_TOKEN>'.", status=401)
        inbound = read(await read_body(request, MAX_BODY))
        try:
            messages = await desk.ask(inbound, ANSWER_WITHIN_S)
        except TimeoutError:
            return json_error(504, "The answer is not ready. Ask again with the same metadata.message_id to get it.")
        answers = [answer_json(inbound.address, one) for one in messages]
        if request.query_params.get("stream", "").lower() in TRUE:
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in answers)
            return Response(lines, media_type="text/event-stream")
        return JSONResponse(answers)

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    doors = [json_errors()]
    if origins:
        cors = Middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"], max_age=86_400,
        )
        doors.insert(0, cors)
    return [
        Route("/webhooks/rest/webhook", webhook, methods=["OPTIONS", "POST"], middleware=doors),
        Route("/webhooks/rest/", alive, middleware=doors),
    ]


def read(body: bytes) -> Inbound:
    """The message in a request's body.

    Raises:
        InboundError: says which field is wrong and what it may be.
    """
    try:
        values = json.loads(body)
    except ValueError as error:
        raise InboundError(f'The body is no JSON ({error}). Send {{"sender": "…", "message": "…"}}.') from None
    except RecursionError:
        raise InboundError("The JSON is nested too deeply.") from None
    if not isinstance(values, dict):
        raise InboundError(f"The body is a JSON {type(values).__name__}; send an object with 'sender' and 'message'.")
    sender = _sender(values)
    text = _CONTROL.sub("", _text(values, "message", MAX_TEXT))
    if not text.strip():
        raise InboundError("'message' is empty. Send the text of the message.", status=422)
    metadata = values.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise InboundError("'metadata' must be an object or be left out.", status=422)
    key = _message_id(metadata or {})
    chosen = _CHOICE.fullmatch(text.strip())
    return Inbound(
        channel=CHANNEL,
        kind=EventKind.CHOICE if chosen else EventKind.MESSAGE,
        # An id is its sender's own. No sender holds a line break, so no two pairs read the same.
        key=f"{sender}\n{key}",
        address=sender,
        text="" if chosen else text,
        choice=chosen[1] if chosen else None,
    )


def _message_id(metadata: dict[str, Any]) -> str:
    value = metadata.get("message_id")
    if value is None:
        return uuid.uuid4().hex
    if isinstance(value, str) and 0 < len(value) <= MAX_ID and value.isprintable():
        return value
    raise InboundError(f"'metadata.message_id' must be 1 to {MAX_ID} visible characters, or be left out.", status=422)


def _sender(values: dict[str, Any]) -> str:
    """Who writes, as Rasa takes it: a number counts as its digits, and who is not named is everybody's 'default'."""
    value = values.get("sender")
    if value is None:
        return DEFAULT_SENDER
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _text({"sender": str(value)}, "sender", MAX_ID)
    return _text(values, "sender", MAX_ID)


def _text(values: dict[str, Any], name: str, most: int) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        met = "missing" if value is None else f"a JSON {type(value).__name__}"
        raise InboundError(f"'{name}' is {met}. Send it as a text.", status=422)
    if len(value) > most:
        raise InboundError(f"'{name}' has {len(value)} characters; at most {most} are taken.", status=413)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InboundError(f"'{name}' holds half a surrogate pair; send whole characters.", status=422) from None
    if name == "sender" and (not value.strip() or _CONTROL.search(value) or "\n" in value):
        raise InboundError("'sender' must name the shopper with visible characters.", status=422)
    return value


def answer_json(sender: str, message: MessageView) -> dict[str, Any]:
    answer: dict[str, Any] = {"recipient_id": sender, "text": message.text}
    if message.choices:
        answer["buttons"] = [{"title": one.title, "payload": f"choice:{one.id}"} for one in message.choices]
    if message.image:
        answer["image"] = message.image
    answer["custom"] = {"sportello": dict(message.trace)}
    return answer
