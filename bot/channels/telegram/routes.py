"""Telegram's webhook."""
import hmac
from collections.abc import Mapping

import structlog
from starlette.routing import Route

from bot.channels import Intake
from bot.channels.telegram.aftermath import Aftermath
from bot.channels.telegram.inbound import number_of, read_update
from bot.channels.webhook.routes import webhook
from bot.model.errors import InboundError

PATH = "/webhooks/telegram"
SECRET_HEADER = "x-telegram-bot-api-secret-token"
MAX_BODY = 1024 * 1024

log = structlog.get_logger(__name__)


def routes(intake: Intake, aftermath: Aftermath, secret: str) -> list[Route]:
    """``secret``: what Telegram was told to show with each call."""

    async def handle(headers: Mapping[str, str], body: bytes) -> None:
        if not hmac.compare_digest(headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            raise InboundError(f"The header {SECRET_HEADER} does not hold this desk's secret.", status=401)
        number = number_of(body)
        try:
            reading = read_update(body)
        except InboundError as error:
            # It will read no better next time: a refusal would only hold up the updates behind it.
            log.error("telegram_update_skipped", update=number, problem=str(error))
            return
        if reading.inbound is not None:
            try:
                await intake.receive([reading.inbound])
            except InboundError as error:
                log.warning("telegram_update_refused", update=number, problem=str(error))
        aftermath.follow([reading])

    return [webhook(PATH, handle, limit=MAX_BODY)]
