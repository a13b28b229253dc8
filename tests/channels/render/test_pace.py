"""A provider's rate limits, kept by us."""
from bot.channels.pace import Pace
from tests.fakes import FakeClock


async def test_a_recipient_gets_a_burst_and_then_waits() -> None:
    clock = FakeClock()
    begin = clock.now()
    pace = Pace(clock, per_second=1000, per_recipient_s=2.0, burst=3)
    moments = []
    for _ in range(5):
        await pace.turn("ada")
        moments.append(round((clock.now() - begin).total_seconds(), 1))
    assert moments == [0.0, 0.0, 0.0, 2.0, 4.0]

    before = clock.now()
    await pace.turn("ben")
    assert (clock.now() - before).total_seconds() < 0.01


async def test_all_together_stay_below_the_common_limit() -> None:
    clock = FakeClock()
    begin = clock.now()
    pace = Pace(clock, per_second=10, per_recipient_s=1.0)
    for number in range(30):
        await pace.turn(str(number))
    assert 2.8 < (clock.now() - begin).total_seconds() < 3.0
