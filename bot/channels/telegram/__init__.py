"""Telegram, on python-telegram-bot: docs/channels/telegram.md."""
import hmac
import logging
from hashlib import sha256
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels import ChannelParts, Intake
from bot.channels.telegram.aftermath import Aftermath
from bot.channels.telegram.checking import check
from bot.channels.telegram.outbound import CAPABILITIES, TelegramChannel
from bot.channels.telegram.patience import new_patience
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.registering import Registration
from bot.channels.telegram.routes import PATH, routes
from bot.model.ports import Clock
from bot.settings import Settings

# Its line for each request holds the address, and the address holds the token.
logging.getLogger("httpx").setLevel(logging.WARNING)


def build(settings: Settings, clock: Clock) -> ChannelParts:
    """The channel of the bot in ``settings.environment.telegram``, which must be set."""
    account = settings.environment.telegram
    assert account is not None
    request = HTTPXRequest(connection_pool_size=32, read_timeout=20, write_timeout=20, connect_timeout=10)
    polls = HTTPXRequest(connection_pool_size=1, connect_timeout=10)
    bot = Bot(
        account.token.reveal(), base_url=f"{account.api}/bot", base_file_url=f"{account.api}/file/bot",
        request=request, get_updates_request=polls,
    )
    channel = TelegramChannel(bot, clock)
    aftermath = Aftermath(channel)
    patience = new_patience(clock)
    by_webhook = account.mode == "webhook"
    url = account.public_url + PATH if by_webhook else ""
    given = account.webhook_secret
    secret = given.reveal() if given else _webhook_secret(settings.environment.secret().reveal())

    def webhook_routes(intake: Intake) -> list[Any]:
        return routes(intake, aftermath, secret)

    async def close() -> None:
        await aftermath.over()
        await request.shutdown()
        await polls.shutdown()

    runner = Registration(bot, url, secret, patience).run if by_webhook else Poller(bot, polls, aftermath, patience).run
    return ChannelParts(
        channel=channel,
        capabilities=CAPABILITIES,
        routes=webhook_routes if by_webhook else None,
        run=runner,
        typing=channel.typing,
        media=channel.media,
        check=lambda: check(bot, url),
        problem=lambda: patience.problem or channel.problem,
        close=close,
    )


def _webhook_secret(desk_secret: str) -> str:
    return hmac.new(desk_secret.encode(), b"telegram webhook", sha256).hexdigest()
