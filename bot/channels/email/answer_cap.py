"""How often a sender is answered by a machine: the last guard against two machines that answer each other for ever."""
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.model.ports import Clock

MOST_ANSWERS = 5
WITHIN = timedelta(hours=24)
_REMEMBERED = 10_000


class AnswerCap:
    """Counts automatic messages by address; forgets them when the process stops."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: OrderedDict[str, deque[datetime]] = OrderedDict()

    def count(self, address: str) -> None:
        """One more automatic message went to ``address``."""
        moments = self._sent.setdefault(address, deque(maxlen=MOST_ANSWERS + 1))
        moments.append(self._clock.now())
        self._sent.move_to_end(address)
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)

    def forget(self, address: str) -> None:
        """A person wrote to ``address``: it is no machine that answers machines."""
        self._sent.pop(address, None)

    def is_reached(self, address: str) -> bool:
        """From now on a person answers this sender."""
        return self._recent(address) >= MOST_ANSWERS

    def is_passed(self, address: str) -> bool:
        """Even the notice that a person will answer was sent: nothing automatic goes out any more."""
        return self._recent(address) > MOST_ANSWERS

    def _recent(self, address: str) -> int:
        since = self._clock.now() - WITHIN
        return sum(moment > since for moment in self._sent.get(address, ()))
