"""Closures from an iCalendar file: whole days, or some hours of a day; repeated, moved and cancelled ones too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rruleset, rrulestr  # type: ignore[import-untyped]

from bot.model.errors import SettingError

_DAY = timedelta(days=1)
#: A closure longer than this is a slip of the keyboard, and the day that ends it may not exist.
_LONGEST = timedelta(days=3660)
_YEARS = range(1900, 2200)
#: No rule is followed beyond; one that never comes true would be followed for ever.
_HORIZON = datetime(2200, 1, 1)
_MOST_COUNTED = 40_000
_RARE_ENOUGH = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True, slots=True)
class ClosingEvent:
    """An event of the calendar file.

    Attributes:
        start: wall-clock time of its first occurrence in the zone of the event, without zone.
        whole_days: it closes the days it touches, not hours of them.
        rule: all occurrences; None where there is just the first.
        zone: what the event's clock shows is turned into the shop's; None where it is the shop's already.
        shop: the shop's zone.
        since: of the rule's occurrences only those from here; ``shift`` moves them ("this and all following").
    """

    start: datetime
    length: timedelta
    whole_days: bool
    rule: rruleset | None = None
    zone: tzinfo | None = None
    shop: ZoneInfo | None = None
    since: datetime | None = None
    before: datetime | None = None
    shift: timedelta = timedelta()

    def touching(self, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
        """(start, end) of each occurrence that shares time with the wall-clock span from ``first`` to ``last``."""
        # Two days more on each side: zones lie up to a day apart.
        begin, end = first - self.length - self.shift - 2 * _DAY, last - self.shift + 2 * _DAY
        starts = self.rule.between(begin, end, inc=True) if self.rule is not None else [self.start]
        for start in starts:
            if (self.since and start < self.since) or (self.before and start >= self.before):
                continue
            start = _in_shop(start + self.shift, self.zone, self.shop)
            if start < last and start + self.length > first:
                yield start, start + self.length


def read_events(project: Path, file: str, zone: ZoneInfo) -> tuple[ClosingEvent, ...]:
    """The closures in an .ics file; events that are cancelled or leave their time free close nothing.

    Raises:
        SettingError: the file is missing, no calendar, or holds an event that cannot be.
    """
    try:
        raw = (project / file).read_bytes().removeprefix(b"\xef\xbb\xbf")
        calendars: list[Any] = icalendar.Calendar.from_ical(raw, multiple=True)
        if not calendars or any(one.name != "VCALENDAR" for one in calendars):
            raise ValueError("it does not begin with BEGIN:VCALENDAR")
        events = [
            event for one in calendars if str(one.get("METHOD", "")).upper() != "CANCEL" for event in one.walk("VEVENT")
        ]
        return tuple(_closures(events, zone, file))
    except OSError as error:
        raise SettingError(
            f"cannot be read ({error.strerror}). Put the file there, or leave 'hours.calendar' out of shop.yml.",
            file=file,
        ) from None
    except (ValueError, KeyError, AttributeError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise SettingError(
            f"this is no iCalendar file: {error}. Export it again from the calendar program, as .ics.", file=file
        ) from None


def _closures(events: list[Any], zone: ZoneInfo, file: str) -> Iterator[ClosingEvent]:
    """A series and what was changed of it share their UID."""
    by_uid: dict[str, list[Any]] = {}
    for number, event in enumerate(events):
        by_uid.setdefault(str(event.get("UID") or f"event {number}"), []).append(event)
    for group in by_uid.values():
        changes = _newest(event for event in group if "RECURRENCE-ID" in event)
        for event in _newest(event for event in group if "RECURRENCE-ID" not in event):
            yield from _series(event, changes, zone, file)
        if all("RECURRENCE-ID" in event for event in group):  # a moved occurrence whose series is not in the file
            yield from (_single(event, zone, file) for event in changes if _closes(event))


def _newest(events: Iterable[Any]) -> list[Any]:
    """Of several versions of one event the newest; events that only share their UID are all kept."""
    kept: dict[tuple[Any, ...], Any] = {}
    for number, event in enumerate(events):
        moment = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None
        sequence = int(event.get("SEQUENCE", 0))
        same = next(
            (key for key, one in kept.items() if key[0] == moment and int(one.get("SEQUENCE", 0)) != sequence), None
        )
        if same is None:
            kept[(moment, number)] = event
        elif int(kept[same].get("SEQUENCE", 0)) < sequence:
            kept[same] = event
    return list(kept.values())


def _closes(event: Any) -> bool:
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return not cancelled and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _series(event: Any, changes: list[Any], zone: ZoneInfo, file: str) -> Iterator[ClosingEvent]:
    first = _single(event, zone, file)
    if not any(name in event for name in ("RRULE", "RDATE", "EXDATE")) and not changes:
        if _closes(event):
            yield first
        return
    rest: ClosingEvent | None = replace(first, rule=_rule(event, first, file)) if _closes(event) else None
    skipped = [(_wall(moment.dt, first.zone), moment.dt) for moment in _moments(event, "EXDATE")]
    onward = []
    for change in sorted(changes, key=lambda one: _wall(one["RECURRENCE-ID"].dt, first.zone)):
        at = change["RECURRENCE-ID"]
        if str(at.params.get("RANGE", "")).upper() == "THISANDFUTURE":
            onward.append(change)
            continue
        skipped.append((_wall(at.dt, first.zone), at.dt))
        if _closes(change):
            yield _single(change, zone, file)
    for start, end in _periods(event, first):
        if _closes(event):
            yield replace(first, start=start, length=_checked(end - start, event, file))
    if rest is None or rest.rule is None:
        return
    for moment, written in skipped:
        for each in _at(rest.rule, moment, written):
            rest.rule.exdate(each)
    for change in onward:
        since = _wall(change["RECURRENCE-ID"].dt, first.zone)
        yield replace(rest, before=since)
        own = _single(change, zone, file)
        rest = replace(rest, since=since, shift=own.start - since, length=own.length)
        if not _closes(change):
            return
    yield rest


def _at(rule: rruleset, moment: datetime, written: date) -> list[datetime]:
    """The occurrence at a moment; some programs name the day alone, even of what has a time."""
    if isinstance(written, datetime):
        return [moment]
    return [moment, *rule.between(moment, moment + _DAY - timedelta(seconds=1), inc=True)]


def _single(event: Any, zone: ZoneInfo, file: str) -> ClosingEvent:
    begins = event["DTSTART"].dt
    own = begins.tzinfo if isinstance(begins, datetime) else None
    start = _wall(begins, own)
    if start.year not in _YEARS:
        raise _impossible(event, file, f"it begins in the year {start.year}")
    whole_days = not isinstance(begins, datetime)
    if "DTEND" in event:
        length = _wall(event["DTEND"].dt, own) - start
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        length = timedelta()
    if whole_days:  # the end is the first open day; a day that ends as it begins is one day
        length = max(length, _DAY) if length >= timedelta() else length
    return ClosingEvent(start, _checked(length, event, file), whole_days, zone=own, shop=zone)


def _checked(length: timedelta, event: Any, file: str) -> timedelta:
    if not timedelta() <= length <= _LONGEST:
        raise _impossible(event, file, f"it lasts {length.days} days")
    return length


def _impossible(event: Any, file: str, met: str) -> SettingError:
    name = str(event.get("SUMMARY") or event.get("UID") or "without a name")[:80]
    return SettingError(
        f"the event '{name}' cannot close the shop: {met}. Correct it in the calendar program and export it again.",
        file=file,
    )


def _rule(event: Any, first: ClosingEvent, file: str) -> rruleset:
    dates = rruleset(cache=True)
    for recurrence in _listed(event, "RRULE"):
        for each in _occurrences(recurrence, event, first, file):
            (dates.rdate if isinstance(each, datetime) else dates.rrule)(each)
    if "RRULE" not in event:
        dates.rdate(first.start)
    for moment in _moments(event, "RDATE"):
        if not isinstance(moment.dt, tuple):
            dates.rdate(_wall(moment.dt, first.zone))
    return dates


def _occurrences(recurrence: Any, event: Any, first: ClosingEvent, file: str) -> list[Any]:
    """A rule, as one that ends; a counted one as its dates."""
    rule: dict[str, list[Any]] = {str(name).upper(): list(values) for name, values in recurrence.items()}
    often = str(rule.get("FREQ", [""])[0]).upper()
    if often not in _RARE_ENOUGH:
        raise _impossible(
            event, file, f"it repeats {often or 'nobody knows how often'}; allowed: {', '.join(_RARE_ENOUGH)}"
        )
    if any(int(step) < 1 for step in rule.get("INTERVAL", [])):
        raise _impossible(event, file, f"its INTERVAL is {rule['INTERVAL'][0]}, and 1 is the least")
    count = int(rule.pop("COUNT")[0]) if "COUNT" in rule else None
    until = [_until(one, first) for one in rule.pop("UNTIL", [])]
    bounded: Any = icalendar.vRecur({**rule, "UNTIL": [min([*until, _HORIZON])]})
    dates = rrulestr(bounded.to_ical().decode(), dtstart=first.start)
    return [dates] if count is None else list(islice(dates, min(count, _MOST_COUNTED)))


def _until(moment: date, first: ClosingEvent) -> datetime:
    last = _wall(moment, first.zone)
    return last if isinstance(moment, datetime) else last + _DAY - timedelta(seconds=1)


def _listed(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _moments(event: Any, name: str) -> list[Any]:
    return [moment for group in _listed(event, name) for moment in group.dts]


def _periods(event: Any, first: ClosingEvent) -> Iterator[tuple[datetime, datetime]]:
    """RDATE may name spans: from, and to or for how long."""
    for moment in _moments(event, "RDATE"):
        if isinstance(moment.dt, tuple):
            start = _wall(moment.dt[0], first.zone)
            end = moment.dt[1]
            yield start, start + end if isinstance(end, timedelta) else _wall(end, first.zone)


def _wall(moment: date | datetime, zone: tzinfo | None) -> datetime:
    """The wall-clock time in the zone of an event; a time without zone is the shop's own."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo is None:
        return moment
    return (moment.astimezone(zone) if zone is not None else moment).replace(tzinfo=None)


def _in_shop(wall: datetime, zone: tzinfo | None, shop: ZoneInfo | None) -> datetime:
    if zone is None or shop is None:
        return wall
    return wall.replace(tzinfo=zone).astimezone(shop).replace(tzinfo=None)


def as_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
