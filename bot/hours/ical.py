"""Closures from an iCalendar file: whole days, or some hours of a day; repeated ones too."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rruleset, rrulestr  # type: ignore[import-untyped]

from bot.model.errors import SettingError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClosingEvent:
    """An event of the calendar file.

    Attributes:
        start: wall-clock time of its first occurrence in the shop's time zone, without zone.
        whole_days: it closes the days it touches, not hours of them.
        rule: further occurrences; None where there is just one.
    """

    start: datetime
    length: timedelta
    whole_days: bool
    rule: rruleset | None = None

    def touching(self, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
        """(start, end) of each occurrence that shares time with the wall-clock span from ``first`` to ``last``."""
        starts = self.rule.between(first - self.length, last, inc=True) if self.rule else [self.start]
        for start in starts:
            if start < last and start + self.length > first:
                yield start, start + self.length


def read_events(project: Path, file: str, zone: ZoneInfo) -> tuple[ClosingEvent, ...]:
    """The closures in an .ics file; cancelled events are left out.

    Raises:
        SettingError: the file is missing or no calendar.
    """
    try:
        calendar: Any = icalendar.Calendar.from_ical((project / file).read_bytes())
        return tuple(
            _event(event, zone) for event in calendar.walk("VEVENT") if event.get("STATUS", "").upper() != "CANCELLED"
        )
    except OSError as error:
        raise SettingError(
            f"cannot be read ({error.strerror}). Put the file there, or leave 'hours.calendar' out of shop.yml.",
            file=file,
        ) from None
    except (ValueError, KeyError, AttributeError, TypeError, UnicodeDecodeError) as error:
        raise SettingError(
            f"this is no iCalendar file: {error}. Export it again from the calendar program, as .ics.", file=file
        ) from None


def _event(event: Any, zone: ZoneInfo) -> ClosingEvent:
    begins = event["DTSTART"].dt
    start = _wall(begins, zone)
    whole_days = not isinstance(begins, datetime)
    if "DTEND" in event:
        length = _wall(event["DTEND"].dt, zone) - start
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        length = _DAY if whole_days else timedelta()
    return ClosingEvent(start, length, whole_days, _rule(event, start, zone))


def _rule(event: Any, start: datetime, zone: ZoneInfo) -> rruleset | None:
    if "RRULE" not in event:
        return None
    recurrence: Any = icalendar.vRecur(event["RRULE"])
    if "UNTIL" in recurrence:
        recurrence["UNTIL"] = [_wall(until, zone) for until in recurrence["UNTIL"]]
    dates = rruleset(cache=True)
    dates.rrule(rrulestr(recurrence.to_ical().decode(), dtstart=start))
    skipped = event.get("EXDATE", [])
    for group in skipped if isinstance(skipped, list) else [skipped]:
        for moment in group.dts:
            dates.exdate(_wall(moment.dt, zone))
    return dates


def _wall(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    # A time without zone is the shop's own.
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def as_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
