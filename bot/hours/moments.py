"""Wall-clock times as instants, also on the two nights a year when the clocks change."""
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


def instant(day: date, minutes: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The UTC instant at which a wall clock shows ``minutes`` after the midnight that begins ``day``.

    A time that the clocks jump over is the moment of the jump. Of a time that they show twice it is the first one,
    with ``last`` the second: who closes at 2:30 closes when 2:30 is over.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return late if last else early
    moment = early
    while moment.astimezone(zone).utcoffset() != late.astimezone(zone).utcoffset():
        moment += _MINUTE
    return moment


def local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
