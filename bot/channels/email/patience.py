"""Waits out what goes wrong between us and the mailbox, and says it in words."""
import structlog

from bot.channels.email.mailbox import MailboxError
from bot.model.ports import Clock

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
#: Providers lock accounts that try a wrong password again and again.
OWNER_PAUSE_S = 300.0
#: One lost connection is no news; this many in a row are.
WORTH_TELLING = 3

log = structlog.get_logger(__name__)


class Patience:
    """``problem``: what keeps mail from coming, None while it comes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self.problem: str | None = None

    def worked(self) -> None:
        self._failures, self.problem = 0, None

    async def wait_out(self, error: Exception) -> None:
        """Sleep, longer after each error in a row."""
        self._failures += 1
        pause = min(FIRST_PAUSE_S * 2 ** min(self._failures - 1, 8), LONGEST_PAUSE_S)
        if isinstance(error, MailboxError) and error.needs_owner:
            self.problem, pause = str(error), OWNER_PAUSE_S
        elif self._failures >= WORTH_TELLING:
            self.problem = f"No mail comes: {error}"
        log.warning("email_waits", problem=self.problem or str(error), pause_s=pause)
        await self._clock.sleep(pause)
