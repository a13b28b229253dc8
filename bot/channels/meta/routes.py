"""Meta's webhook: the handshake at set-up, then signed deliveries of several events each."""
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels import Intake
from bot.channels.meta.signature import check_signature
from bot.channels.webhook.routes import webhook
from bot.model.conversation import EventKind, Inbound
from bot.model.errors import InboundError
from bot.settings import Secret

#: Meta batches up to a thousand events.
MAX_BODY = 4 * 1024 * 1024

log = structlog.get_logger(__name__)

#: Raw body to events. Raises InboundError only where the body is no delivery at all: one event that cannot be read is
#: logged and left out, because Meta would send the whole batch again for days.
Parse = Callable[[bytes], Sequence[Inbound]]


def meta_routes(path: str, *, verify_token: str, app_secret: Secret, parse: Parse, intake: Intake) -> list[Route]:
    """The GET and POST routes of one channel's webhook."""

    async def handshake(request: Request) -> Response:
        asked = request.query_params
        is_ours = hmac.compare_digest(asked.get("hub.verify_token", "").encode(), verify_token.encode())
        if asked.get("hub.mode") != "subscribe" or not is_ours:
            log.warning("webhook_handshake_refused", path=path, mode=asked.get("hub.mode"))
            return PlainTextResponse("The verify token is not the one that `./sportello doctor` shows.", 403)
        return PlainTextResponse(asked.get("hub.challenge", ""))

    async def handle(headers: Mapping[str, str], body: bytes) -> None:
        check_signature(headers, body, app_secret)
        await _receive(intake, parse(body), path)

    return [Route(path, handshake, methods=["GET"]), webhook(path, handle, limit=MAX_BODY)]


async def _receive(intake: Intake, inbounds: Sequence[Inbound], path: str) -> None:
    if not inbounds:
        return
    try:
        await intake.receive(inbounds)
        return
    except InboundError:
        log.info("webhook_events_one_by_one", path=path, count=len(inbounds))
    for inbound in inbounds:
        await _receive_one(intake, inbound, path)


async def _receive_one(intake: Intake, inbound: Inbound, path: str) -> None:
    """A tap on what we never offered (an older bot's button) is still read, as the words on the button."""
    try:
        await intake.receive([inbound])
    except InboundError as error:
        log.warning("webhook_event_refused", path=path, key=inbound.key, problem=str(error))
        if inbound.kind is EventKind.CHOICE and inbound.text:
            await _receive_one(intake, replace(inbound, kind=EventKind.MESSAGE, choice=None), path)
