"""What Telegram's errors mean for a message of ours."""
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.model.errors import DeliveryError

#: A wrong token is the shop's to mend; the message waits meanwhile.
TOKEN_PAUSE_S = 300.0
BAD_TOKEN = (
    "Telegram does not know this bot token. Copy the token from @BotFather (/mybots, API Token) into "
    "SPORTELLO_TELEGRAM_TOKEN and restart."
)
#: Causes that prove that not a byte of the request was read by Telegram.
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
#: Telegram tells these from other bad requests by words alone.
_NO_SUCH_CHAT = ("chat not found", "user not found", "peer_id_invalid")


def delivery_error(error: TelegramError) -> DeliveryError:
    """The decision about a message that a call failed to send."""
    if isinstance(error, RetryAfter):
        return DeliveryError(str(error), retry_after_s=wait_of(error))
    if isinstance(error, Forbidden | ChatMigrated):
        return DeliveryError(f"Telegram: {error}", unreachable=True)
    if isinstance(error, InvalidToken):
        return DeliveryError(BAD_TOKEN, retry_after_s=TOKEN_PAUSE_S)
    if isinstance(error, BadRequest):
        gone = any(words in str(error).lower() for words in _NO_SUCH_CHAT)
        return DeliveryError(f"Telegram refused the message: {error}", permanent=True, unreachable=gone)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _NOT_WRITTEN):
        return DeliveryError(f"Telegram cannot be reached: {error}")
    return DeliveryError(f"The connection to Telegram broke while sending: {error}", unknown=True)


def wait_of(error: RetryAfter) -> float:
    """Seconds that Telegram asked us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
