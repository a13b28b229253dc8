"""A provider's rate limits, kept on our side so that it never has to say 429."""
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.model.ports import Clock

_REMEMBERED = 10_000


class Pace:
    """Spaces sends out, for all and for each recipient.

    Args:
        per_second: sends per second in all.
        per_recipient_s: seconds between two sends to one recipient, after ``burst`` that may go at once.
    """

    def __init__(self, clock: Clock, *, per_second: float, per_recipient_s: float, burst: int = 1) -> None:
        self._clock = clock
        self._gap = timedelta(seconds=1 / per_second)
        self._own_gap = timedelta(seconds=per_recipient_s)
        self._burst = self._own_gap * (burst - 1)
        self._next: datetime | None = None
        self._next_own: OrderedDict[str, datetime] = OrderedDict()

    async def turn(self, recipient: str) -> None:
        """Return when one more send to ``recipient`` is allowed; turns are given in the order asked for."""
        now = self._clock.now()
        own = max(self._next_own.pop(recipient, now), now)
        start = max(now, self._next or now, own - self._burst)
        self._next = start + self._gap
        self._next_own[recipient] = max(own, start) + self._own_gap
        if len(self._next_own) > _REMEMBERED:
            self._next_own.popitem(last=False)
        if start > now:
            await self._clock.sleep((start - now).total_seconds())
