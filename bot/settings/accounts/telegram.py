"""The shop's bot on Telegram."""
import re
from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from bot.model.errors import SettingError
from bot.settings.accounts.common import read_api, read_public_url, refuse_alone
from bot.settings.secret import Secret, given_secret

TelegramMode = Literal["polling", "webhook"]
_TELEGRAM_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramAccount(Struct, frozen=True):
    """Attributes:
    webhook_secret: None = one is made from the desk's own secret.
    api: address of the Bot API, without a slash at its end.
    public_url: where Telegram reaches the desk, without a slash at its end; '' with polling.
    """

    token: Secret
    mode: TelegramMode = "polling"
    webhook_secret: Secret | None = None
    api: str = "https://api.telegram.org"
    public_url: str = ""


def read_telegram(given: Mapping[str, str]) -> TelegramAccount | None:
    """The Telegram bot; None where no token is set.

    Raises:
        SettingError: its ``file`` is the variable's name.
    """
    token = given_secret(given, "SPORTELLO_TELEGRAM_TOKEN")
    if token is None:
        refuse_alone(given, "SPORTELLO_TELEGRAM_", "SPORTELLO_TELEGRAM_TOKEN")
        return None
    if not _TELEGRAM_TOKEN.fullmatch(token.reveal()):
        raise SettingError(
            "this is no bot token. Copy the one that @BotFather shows, like 123456789:AAF….",
            file="SPORTELLO_TELEGRAM_TOKEN",
        )
    secret = given_secret(given, "SPORTELLO_TELEGRAM_SECRET")
    if secret is not None and not _TELEGRAM_SECRET.fullmatch(secret.reveal()):
        raise SettingError("Telegram takes letters, digits, - and _, at most 256.", file="SPORTELLO_TELEGRAM_SECRET")
    mode = given.get("SPORTELLO_TELEGRAM_MODE", "polling")
    if mode not in get_args(TelegramMode):
        raise SettingError(f"'{mode}' is no mode. Allowed: polling, webhook.", file="SPORTELLO_TELEGRAM_MODE")
    public_url = read_public_url(given)
    if mode == "webhook" and not public_url.startswith("https://"):
        raise SettingError(
            "Telegram must reach the desk under an https:// address. Set SPORTELLO_PUBLIC_URL to it, or use polling.",
            file="SPORTELLO_TELEGRAM_MODE",
        )
    api = read_api(given, "SPORTELLO_TELEGRAM_API", "https://api.telegram.org")
    return TelegramAccount(token, mode, secret, api, public_url)  # type: ignore[arg-type]  # checked just above
