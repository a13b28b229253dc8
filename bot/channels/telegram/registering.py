"""Tells Telegram where to send updates."""
from telegram import Bot
from telegram.error import TelegramError

from bot.channels import PollDesk
from bot.channels.patience import Patience
from bot.channels.telegram.updates import ALLOWED

CONNECTIONS = 40


class Registration:
    def __init__(self, bot: Bot, url: str, secret: str, patience: Patience) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._patience = patience

    async def run(self, _desk: PollDesk) -> None:
        """Register the webhook; over when that is done."""
        while True:
            try:
                await self._bot.set_webhook(
                    self._url, secret_token=self._secret, allowed_updates=ALLOWED, max_connections=CONNECTIONS
                )
            except TelegramError as error:
                await self._patience.wait_out(error)
            else:
                return self._patience.worked()
