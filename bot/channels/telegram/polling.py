"""Fetches updates. Our own loop: the library's confirms to Telegram what is only in memory."""
import json
from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec
import structlog
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest

from bot.channels import PollDesk
from bot.channels.decoding import UNREADABLE, decode
from bot.channels.patience import Patience
from bot.channels.polled import Polled
from bot.channels.telegram.aftermath import Aftermath
from bot.channels.telegram.inbound import Reading, number_of, read_update
from bot.channels.telegram.updates import ALLOWED
from bot.model.errors import InboundError, StoreUnavailable

SOURCE = "telegram"
#: How long Telegram holds a request open while nothing comes.
HOLD_S = 50
MOST = 100

log = structlog.get_logger(__name__)


class _Answer(msgspec.Struct):
    result: list[msgspec.Raw]


class Poller:
    """Stores updates together with the cursor that passes them.

    Args:
        request: a connection of its own, which a waiting poll may hold.
    """

    def __init__(self, bot: Bot, request: BaseRequest, aftermath: Aftermath, patience: Patience) -> None:
        self._bot = bot
        self._request = request
        self._aftermath = aftermath
        self._patience = patience
        self._polled = Polled("telegram")

    async def run(self, desk: PollDesk) -> None:
        """Fetch until cancelled; whatever goes wrong is waited out."""
        is_polling = False
        while True:
            try:
                if not is_polling:
                    await self._bot.delete_webhook()  # while one is set, Telegram refuses to be asked
                    is_polling = True
                await self.once(desk)
                self._patience.worked()
            except (TelegramError, StoreUnavailable) as error:
                await self._patience.wait_out(error)
            except Exception as error:  # shoppers go on writing, so the loop goes on asking
                log.exception("telegram_poll_failed")
                await self._patience.wait_out(error)

    async def once(self, desk: PollDesk, hold_s: int = HOLD_S) -> int:
        """Fetch and store what is there; how many updates came.

        Raises:
            TelegramError: nothing was fetched.
            StoreUnavailable: nothing was stored; the same updates come again.
        """
        cursor = await desk.cursor(SOURCE)
        raw = await self._fetch(cursor, hold_s)
        numbers: list[int] = []
        readings: list[Reading] = []
        for update in raw:
            try:
                numbers.append(number_of(update))
                readings.append(read_update(update))
            except InboundError as error:
                log.error("telegram_update_skipped", update=numbers[-1:], problem=str(error))
        if raw and not numbers:
            raise NetworkError("Telegram sent updates that are none")
        if numbers:
            readings.sort(key=lambda reading: reading.update_id)
            events = [(reading.update_id + 1, reading.inbound) for reading in readings]
            await self._polled.store(desk, SOURCE, max(numbers) + 1, events)
            self._aftermath.follow(readings)
        return len(raw)

    async def _fetch(self, offset: int | None, hold_s: int) -> Sequence[bytes]:
        values = {"timeout": hold_s, "limit": MOST, "allowed_updates": json.dumps(ALLOWED)}
        if offset is not None:
            values["offset"] = offset
        # Not Bot.get_updates: one update that the library cannot read would cost the whole batch.
        url = f"{self._bot.base_url}/getUpdates?{urlencode(values)}"
        answer = await self._request.retrieve(url, read_timeout=hold_s + 10)
        try:
            return [bytes(one) for one in decode(answer, _Answer).result]
        except UNREADABLE as error:
            raise NetworkError(f"Telegram's answer is no list of updates: {error}") from None
