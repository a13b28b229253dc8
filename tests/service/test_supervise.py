"""Background work that ends by an error goes on, and people can see that it failed."""
import asyncio
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import REGISTRY

from bot.service.supervise import LONGEST_PAUSE_S, WELL_AFTER, Supervisor, describe_error
from tests.fakes import FakeClock
from tests.service.conftest import Care

ERRORS = [ValueError("zip() argument 2 is longer"), KeyError("x"), OverflowError("too large"), RuntimeError(),
          ExceptionGroup("unhandled errors in a TaskGroup", [OSError("no such folder")])]


def fails(times: int, error: Exception) -> tuple[Callable[[], Awaitable[None]], list[int]]:
    """Work that ends by ``error`` so many times and then goes on; the runs so far."""
    runs: list[int] = []

    async def work() -> None:
        runs.append(len(runs))
        if len(runs) <= times:
            raise error
        await asyncio.Event().wait()

    return work, runs


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("error", ERRORS, ids=repr)
async def test_work_that_fails_is_started_again_and_named_until_it_is_well(error: Exception) -> None:
    clock = FakeClock()
    supervisor, (work, runs) = Supervisor(clock), fails(3, error)
    before = REGISTRY.get_sample_value("sportello_task_failures_total", {"task": "poll"}) or 0
    task = supervisor.start("poll", work)
    await until(lambda: len(runs) == 4)

    (problem,) = supervisor.problems()
    assert problem.startswith("poll stopped 3 time(s)")
    assert describe_error(error) in problem
    assert REGISTRY.get_sample_value("sportello_task_failures_total", {"task": "poll"}) == before + 3
    assert REGISTRY.get_sample_value("sportello_task_failing", {"task": "poll"}) == 1
    clock.advance(seconds=WELL_AFTER.total_seconds())
    assert supervisor.problems() == []
    assert REGISTRY.get_sample_value("sportello_task_failing", {"task": "poll"}) == 0
    task.cancel()


async def test_the_pause_grows_to_a_minute_and_begins_anew_after_a_good_while() -> None:
    clock, starts = FakeClock(), []
    supervisor = Supervisor(clock)

    async def work() -> None:
        starts.append(clock.now())
        if len(starts) == 10:
            clock.advance(minutes=10)
        if len(starts) == 12:
            await asyncio.Event().wait()
        raise ValueError("again")

    task = supervisor.start("sweeps", work)
    await until(lambda: len(starts) == 12)
    pauses = [(later - earlier).total_seconds() for earlier, later in zip(starts, starts[1:], strict=False)]

    assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S, 600 + 1, 2]
    task.cancel()


async def test_work_that_ends_by_itself_is_over_and_no_problem() -> None:
    supervisor = Supervisor(FakeClock())

    async def register() -> None:
        return None

    await supervisor.start("telegram", register)

    assert supervisor.problems() == []


async def test_work_that_is_cancelled_stays_so() -> None:
    supervisor, (work, runs) = Supervisor(FakeClock()), fails(0, ValueError())
    task = supervisor.start("sweeps", work)
    await until(lambda: runs)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert len(runs) == 1


async def test_a_running_desk_tells_operators_what_fails_and_answers_on(care: Care) -> None:
    async def broken() -> None:
        raise ValueError("half a file")

    task = care.desk.supervisor.start("faq watch", broken)
    await until(care.desk.supervisor.problems)
    await care.writes("ada", "spedizione")

    assert any("faq watch stopped" in line and "half a file" in line for line in care.desk.notices())
    assert not any("faq watch" in line for line in care.desk.file_notices())
    assert (await care.replies("ada"))[-1].endswith("4,90 €")
    task.cancel()
