"""Waits out what goes wrong between us and Telegram, and says it in words."""
import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.channels.telegram.refusals import BAD_TOKEN, wait_of
from bot.model.ports import Clock

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
TOKEN_PAUSE_S = 60.0
CONFLICT = (
    "Another program fetches the messages of this Telegram bot too (a second desk, or a test). Stop it, or give this "
    "desk a bot of its own from @BotFather."
)
#: One lost connection is no news; this many in a row are.
WORTH_TELLING = 3

log = structlog.get_logger(__name__)


class Patience:
    """``problem``: what keeps it from working, None while it works."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self.problem: str | None = None

    def worked(self) -> None:
        self._failures, self.problem = 0, None

    async def wait_out(self, error: Exception) -> None:
        """Sleep as long as this error asks for, longer after each one in a row."""
        self._failures += 1
        pause = min(FIRST_PAUSE_S * 2 ** min(self._failures - 1, 8), LONGEST_PAUSE_S)
        if isinstance(error, RetryAfter):
            pause = wait_of(error)
        elif isinstance(error, InvalidToken):
            self.problem, pause = BAD_TOKEN, TOKEN_PAUSE_S
        elif isinstance(error, Conflict):
            self.problem = CONFLICT
        elif self._failures >= WORTH_TELLING:
            self.problem = f"No message comes from Telegram: {error}"
        log.warning("telegram_waits", problem=self.problem or str(error), pause_s=pause)
        await self._clock.sleep(pause)
