"""What `sportello doctor` says about the Telegram bot."""
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.refusals import BAD_TOKEN
from bot.model.errors import SportelloError

MANY_WAITING = 100


async def check(bot: Bot, webhook_url: str) -> str:
    """In words what works.

    Args:
        webhook_url: where updates should go; '' with polling.

    Raises:
        SportelloError: what is wrong and what to do.
    """
    try:
        me = await bot.get_me()
        hook = await bot.get_webhook_info()
    except InvalidToken as error:
        raise SportelloError(BAD_TOKEN) from error
    except TelegramError as error:
        said = " ".join(str(error).split())[:120]
        raise SportelloError(
            f"Telegram cannot be reached ({said}). Check this machine's way to {bot.base_url.partition('/bot')[0]}."
        ) from error
    if hook.url and hook.url != webhook_url:
        todo = "The desk sets its own when it starts; if it does not, another program uses this bot."
        if not webhook_url:
            todo = "The desk takes it away when it starts to poll; stop the program that set it."
        raise SportelloError(f"@{me.username} sends its messages to {hook.url}. {todo}")
    if hook.url and hook.last_error_message:
        raise SportelloError(
            f"Telegram could not deliver to {hook.url}: {hook.last_error_message}. The address must be reachable from "
            "the internet with a valid certificate, on port 443, 80, 88 or 8443."
        )
    waiting = hook.pending_update_count
    if waiting > MANY_WAITING:
        raise SportelloError(f"{waiting} messages to @{me.username} wait to be fetched. Start it: ./sportello run.")
    how = f"webhook {hook.url}" if hook.url else "webhook not registered yet" if webhook_url else "polling"
    return f"@{me.username}, {how}, {waiting} waiting"
