"""What Telegram's errors ask for."""
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.channels.patience import Patience, Verdict
from bot.channels.telegram.refusals import BAD_TOKEN, wait_of
from bot.model.ports import Clock

LONGEST_PAUSE_S = 30.0
TOKEN_PAUSE_S = 60.0
CONFLICT = (
    "Another program fetches the messages of this Telegram bot too (a second desk, or a test). Stop it, or give this "
    "desk a bot of its own from @BotFather."
)


def new_patience(clock: Clock) -> Patience:
    """For polling and for registering the webhook."""
    return Patience(clock, "telegram", "No message comes from Telegram", longest_s=LONGEST_PAUSE_S, judge=_judge)


def _judge(error: Exception) -> Verdict:
    if isinstance(error, RetryAfter):
        return Verdict(pause_s=wait_of(error))
    if isinstance(error, InvalidToken):
        return Verdict(TOKEN_PAUSE_S, BAD_TOKEN)
    return Verdict(problem=CONFLICT if isinstance(error, Conflict) else None)
