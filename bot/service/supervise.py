"""Long-lived background work: what ends by an error is logged, counted, started again and shown until it works."""
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.model.ports import Clock
from bot.service.numbers import metrics

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
#: Work that lasted this long since its last error works again.
WELL_AFTER = timedelta(seconds=30)


@dataclass
class _Failure:
    words: str
    times: int
    #: When the work was started again; None during the pause before.
    again_at: datetime | None = None


class Supervisor:
    """Runs named background work and starts it again, after a pause that grows, whenever it ends by an error."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[str, _Failure] = {}

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Run ``work`` until it returns or the task is cancelled.

        Args:
            name: what people read of it: 'sweeps', 'telegram'.
        """
        metrics.TASK_FAILING.labels(name).set(0)
        return asyncio.create_task(self._keep_up(name, work), name=name)

    def problems(self) -> list[str]:
        """What fails now, in words; empty where all work is well."""
        return [
            f"{name} stopped {one.times} time(s) by an error and is started again: {one.words}"
            for name, one in self._failures.items()
            if not self._is_well(name, one)
        ]

    async def _keep_up(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                await work()
                self._failures.pop(name, None)
                metrics.TASK_FAILING.labels(name).set(0)
                return
            except Exception as error:  # whatever it was, the work goes on
                earlier = self._failures.get(name)
                if earlier is None or self._is_well(name, earlier):
                    earlier, pause = None, FIRST_PAUSE_S
                times = earlier.times + 1 if earlier else 1
                log.exception("task_failed", task=name, times=times, pause_s=pause)
                metrics.TASK_FAILURES.labels(name).inc()
                metrics.TASK_FAILING.labels(name).set(1)
                failure = self._failures[name] = _Failure(describe_error(error), times)
            await self._clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
            failure.again_at = self._clock.now()

    def _is_well(self, name: str, failure: _Failure) -> bool:
        is_well = failure.again_at is not None and self._clock.now() - failure.again_at >= WELL_AFTER
        if is_well:
            metrics.TASK_FAILING.labels(name).set(0)
        return is_well


def describe_error(error: BaseException) -> str:
    """An error that nobody foresaw, in one line. Of several together, the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
