"""The opening calendar of a shop."""
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.hours.ical import ClosingEvent, as_instant, read_events
from bot.hours.moments import instant, local_day
from bot.hours.public import public_holidays
from bot.hours.wording import describe, describe_week
from bot.settings import Hours
from bot.settings.slots import DAY, Slot, parse_slot

Span = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)


class Calendar:
    """`bot.model.ports.OpeningHours` over the hours in ``shop.yml``.

    A slot belongs to the day on which it begins: "22:00-02:00" on a Friday is open until Saturday 2:00 even where
    Saturday is a holiday, and does not begin where Friday is one. Slots that touch are one.
    """

    def __init__(self, hours: Hours, zone: ZoneInfo, *, events: tuple[ClosingEvent, ...] = ()) -> None:
        self._hours = hours
        self._zone = zone
        self._week = hours.weekly.slots()
        self._events = events
        place = hours.holidays
        self._holidays = public_holidays(place)
        self._dates = {
            first: special
            for special in hours.dates
            for first in _days(special.first, special.last)
        }
        self._days: dict[date, list[Span]] = {}
        self._by_channel = {
            kind: Calendar(Hours(own.weekly, place, hours.closures, hours.dates), zone, events=events)
            for kind, own in hours.channels.items()
        }

    def for_channel(self, kind: str) -> "Calendar":
        """The hours of a channel; the shop's own where the channel keeps none."""
        return self._by_channel.get(kind, self)

    @property
    def own_channels(self) -> tuple[str, ...]:
        """Channels that keep hours of their own."""
        return tuple(self._by_channel)

    def is_open(self, at: datetime) -> bool:
        return self._span_at(at) is not None

    def next_opening(self, at: datetime) -> datetime | None:
        """Start (UTC) of the next open slot after ``at``; None where there is none within a year."""
        return next((start for start, _ in self._spans(at) if start > at), None)

    def closes_at(self, at: datetime) -> datetime | None:
        """End (UTC) of the open slot that holds ``at``; None while closed, or where it has no end within a year."""
        span = self._span_at(at)
        return span[1] if span is not None and span[1] - at < _YEAR else None

    def describe(self, moment: datetime, *, seen_from: datetime, language: str) -> str:
        """``moment`` in local words: "alle 14:30", "domani alle 9:00", "lunedì 24 novembre alle 9:00"."""
        return describe(moment.astimezone(self._zone), seen_from.astimezone(self._zone), language)

    def week(self, language: str) -> str:
        """The weekly hours in words: "da lunedì a venerdì 9:00–13:00 e 14:30–18:00, sabato 9:00–13:00"."""
        return describe_week(self._week, language)

    def period_id(self, at: datetime) -> str:
        """The same id for every moment of one closed period, '' while open; a changed next opening is a new period."""
        if self.is_open(at):
            return ""
        opening = self.next_opening(at)
        return f"until {opening.isoformat()}" if opening is not None else "for good"

    def _span_at(self, at: datetime) -> Span | None:
        for start, end in self._spans(at):
            if start > at:
                return None
            if at < end:
                return start, end
        return None

    def _spans(self, at: datetime) -> Iterator[Span]:
        """Open spans in order, joined where they touch, from those that may hold ``at`` to a year later."""
        day = local_day(at, self._zone) - _DAY
        last = day + _YEAR + 2 * _DAY
        held: Span | None = None
        while day <= last:
            for start, end in self._open_spans(day):
                if held is not None and start <= held[1]:
                    held = (held[0], max(held[1], end))
                    continue
                if held is not None:
                    yield held
                held = (start, end)
            # A span that ended a day ago cannot be continued.
            if held is not None and held[1] < instant(day, DAY, self._zone):
                yield held
                held = None
            day += _DAY
        if held is not None:
            yield held

    def _open_spans(self, day: date) -> list[Span]:
        """Open spans that begin on a day; worked out once, since each message asks for today's."""
        spans = self._days.get(day)
        if spans is None:
            spans = self._days[day] = self._work_out(day)
        return spans

    def _work_out(self, day: date) -> list[Span]:
        slots = self._week[day.weekday()]
        special = self._dates.get(day)
        if special is not None:  # what is said of one day counts more than what is said of many
            return self._on(day, slots if special.slots is None else sorted(map(parse_slot, special.slots)))
        if not slots or self._is_closed(day):
            return []
        spans = self._on(day, slots)
        closed = self._closed_hours(day)
        return [rest for span in spans for rest in _without(span, closed)]

    def _on(self, day: date, slots: list[Slot]) -> list[Span]:
        return [(instant(day, slot.start, self._zone), instant(day, slot.end, self._zone, last=True)) for slot in slots]

    def _is_closed(self, day: date) -> bool:
        if day in self._holidays or any(closure.first <= day <= closure.last for closure in self._hours.closures):
            return True
        midnight = datetime.combine(day, time())
        return any(
            True for event in self._events if event.whole_days for _ in event.touching(midnight, midnight + _DAY)
        )

    def _closed_hours(self, day: date) -> list[Span]:
        """Timed events that may touch a slot beginning on ``day``."""
        midnight = datetime.combine(day, time())
        return sorted(
            (as_instant(start, self._zone), as_instant(end, self._zone))
            for event in self._events
            if not event.whole_days
            for start, end in event.touching(midnight, midnight + 2 * _DAY)
        )


def read_calendar(project: Path, hours: Hours, zone: ZoneInfo) -> Calendar:
    """The calendar of a shop, with the closures of its .ics file where it names one.

    Raises:
        SettingError: that file cannot be used.
    """
    events = read_events(project, hours.calendar, zone) if hours.calendar else ()
    return Calendar(hours, zone, events=events)


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def _without(span: Span, closed: list[Span]) -> list[Span]:
    """What is left of an open span; ``closed`` in order of start."""
    left: list[Span] = []
    start, end = span[0].astimezone(UTC), span[1].astimezone(UTC)
    for closed_from, closed_to in closed:
        if closed_to <= start or closed_from >= end:
            continue
        if closed_from > start:
            left.append((start, closed_from))
        start = max(start, closed_to)
    return [*left, (start, end)] if start < end else left
