"""Waits out what goes wrong between us and a provider, and says it in words."""
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.model.ports import Clock

FIRST_PAUSE_S = 1.0
#: One lost connection is no news; this many in a row are.
WORTH_TELLING = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an error asks for: a pause in seconds, and words for people; None = as errors in general."""

    pause_s: float | None = None
    problem: str | None = None


class Patience:
    """Pauses, longer after each error in a row.

    Args:
        name: of the channel, in the log.
        complaint: begins the words after several errors, like "No mail comes".
        longest_s: longest pause that grows by itself, in seconds.
        judge: what a particular error asks for.

    Attributes:
        problem: what keeps it from working, None while it works.
    """

    def __init__(
        self, clock: Clock, name: str, complaint: str, *, longest_s: float, judge: Callable[[Exception], Verdict]
    ) -> None:
        self._clock = clock
        self._name = name
        self._complaint = complaint
        self._longest_s = longest_s
        self._judge = judge
        self._failures = 0
        self.problem: str | None = None

    def worked(self) -> None:
        self._failures, self.problem = 0, None

    async def wait_out(self, error: Exception) -> None:
        """Sleep as long as this error asks for."""
        self._failures += 1
        verdict = self._judge(error)
        grown = min(FIRST_PAUSE_S * 2 ** min(self._failures - 1, 8), self._longest_s)
        pause = grown if verdict.pause_s is None else verdict.pause_s
        if verdict.problem is not None:
            self.problem = verdict.problem
        elif verdict.pause_s is None and self._failures >= WORTH_TELLING:
            self.problem = f"{self._complaint}: {error}"
        log.warning("channel_waits", channel=self._name, problem=self.problem or str(error), pause_s=pause)
        await self._clock.sleep(pause)
