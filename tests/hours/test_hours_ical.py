"""Closures from the calendar program of the shop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.hours import Calendar, read_calendar
from bot.model.errors import SettingError
from bot.settings import Hours

ROME = ZoneInfo("Europe/Rome")
EVERY_DAY = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def calendar_with(folder: Path, *events: str) -> Calendar:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{event}\r\nEND:VEVENT\r\n" for number, event in enumerate(events))
    (folder / "closures.ics").write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n")
    return read_calendar(folder, msgspec.convert({"weekly": EVERY_DAY, "calendar": "closures.ics"}, Hours), ROME)


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def test_whole_days_are_closed_and_their_end_is_the_first_open_day(tmp_path: Path) -> None:
    calendar = calendar_with(tmp_path, "DTSTART;VALUE=DATE:20260810\r\nDTEND;VALUE=DATE:20260812")
    assert calendar.next_opening(rome("2026-08-09 20:00")) == rome("2026-08-12 09:00")


def test_a_day_without_end_is_one_day(tmp_path: Path) -> None:
    calendar = calendar_with(tmp_path, "DTSTART;VALUE=DATE:20260810")
    assert not calendar.is_open(rome("2026-08-10 10:00"))
    assert calendar.is_open(rome("2026-08-11 10:00"))


def test_some_hours_of_a_day_are_cut_out(tmp_path: Path) -> None:
    calendar = calendar_with(tmp_path, "DTSTART:20260810T120000Z\r\nDURATION:PT1H30M")
    assert calendar.closes_at(rome("2026-08-10 10:00")) == rome("2026-08-10 14:00")
    assert calendar.next_opening(rome("2026-08-10 14:00")) == rome("2026-08-10 15:30")


def test_a_repeated_event_closes_each_time_but_for_its_exceptions(tmp_path: Path) -> None:
    calendar = calendar_with(tmp_path, "DTSTART;VALUE=DATE:20201224\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20271224")
    assert not calendar.is_open(rome("2026-12-24 10:00"))
    assert calendar.is_open(rome("2027-12-24 10:00"))


def test_a_weekly_meeting_ends_with_its_rule(tmp_path: Path) -> None:
    calendar = calendar_with(
        tmp_path,
        "DTSTART;TZID=Europe/Rome:20261102T100000\r\nDTEND;TZID=Europe/Rome:20261102T110000\r\n"
        "RRULE:FREQ=WEEKLY;UNTIL=20261116T090000Z",
    )
    assert not calendar.is_open(rome("2026-11-16 10:30"))
    assert calendar.is_open(rome("2026-11-23 10:30"))


def test_a_cancelled_event_closes_nothing(tmp_path: Path) -> None:
    calendar = calendar_with(tmp_path, "DTSTART;VALUE=DATE:20260810\r\nSTATUS:CANCELLED")
    assert calendar.is_open(rome("2026-08-10 10:00"))


@pytest.mark.parametrize("text", ["no calendar", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"])
def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "closures.ics").write_text(text)
    with pytest.raises(SettingError, match=r"closures.ics: this is no iCalendar file: .*Export it again"):
        read_calendar(tmp_path, Hours(calendar="closures.ics"), ROME)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"closures.ics: cannot be read .*leave 'hours.calendar' out of shop.yml"):
        read_calendar(tmp_path, Hours(calendar="closures.ics"), ROME)


SERIES = "DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nUID:week"


def file_of(folder: Path, *calendars: list[str], method: str = "") -> Calendar:
    """A file of several calendars, each with events that bring their own UID."""
    text = ""
    for events in calendars:
        body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
        text += f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{method}{body}END:VCALENDAR\r\n"
    (folder / "closures.ics").write_text(text)
    return read_calendar(folder, msgspec.convert({"weekly": EVERY_DAY, "calendar": "closures.ics"}, Hours), ROME)


def closed_days(calendar: Calendar, first: str, days: int) -> list[str]:
    begin = rome(f"{first} 10:00")
    found = [begin + timedelta(days=day) for day in range(days)]
    return [f"{at.astimezone(ROME):%m-%d}" for at in found if not calendar.is_open(at)]


@pytest.mark.parametrize("again", [1, 2])
def test_a_cancelled_occurrence_closes_nothing(tmp_path: Path, again: int) -> None:
    calendar = file_of(
        tmp_path,
        [SERIES, "UID:week\r\nRECURRENCE-ID;VALUE=DATE:20260112\r\nDTSTART;VALUE=DATE:20260112\r\nSTATUS:CANCELLED"],
    )
    assert [closed_days(calendar, "2026-01-01", 40) for _ in range(again)][-1] == ["01-05", "01-19", "01-26"]


def test_a_moved_occurrence_closes_where_it_was_moved_to(tmp_path: Path) -> None:
    moved = "UID:week\r\nRECURRENCE-ID;VALUE=DATE:20260112\r\nDTSTART;VALUE=DATE:20260114\r\nDTEND;VALUE=DATE:20260116"
    assert closed_days(file_of(tmp_path, [moved, SERIES]), "2026-01-01", 40) == [
        "01-05",
        "01-14",
        "01-15",
        "01-19",
        "01-26",
    ]


def test_this_and_all_following_are_moved(tmp_path: Path) -> None:
    later = "UID:week\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260119\r\nDTSTART;VALUE=DATE:20260120"
    assert closed_days(file_of(tmp_path, [SERIES, later]), "2026-01-01", 40) == ["01-05", "01-12", "01-20", "01-27"]


def test_a_moved_occurrence_of_hours(tmp_path: Path) -> None:
    series = "UID:m\r\nDTSTART;TZID=Europe/Rome:20261102T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY"
    moved = "UID:m\r\nRECURRENCE-ID:20261109T090000Z\r\nDTSTART;TZID=Europe/Rome:20261109T150000\r\nDURATION:PT1H"
    calendar = file_of(tmp_path, [series], [moved])
    assert calendar.is_open(rome("2026-11-09 10:30"))
    assert not calendar.is_open(rome("2026-11-09 15:30"))
    assert not calendar.is_open(rome("2026-11-16 10:30"))


@pytest.mark.parametrize(
    ("dates", "closed"),
    [
        ("RDATE;VALUE=DATE:20260110,20260120", ["01-05", "01-10", "01-20"]),
        ("RDATE;VALUE=DATE:20260110\r\nRDATE;VALUE=DATE:20260112", ["01-05", "01-10", "01-12"]),
        ("RRULE:FREQ=DAILY;COUNT=2\r\nRDATE;VALUE=DATE:20260110", ["01-05", "01-06", "01-10"]),
        ("RDATE;VALUE=DATE:20260110\r\nEXDATE;VALUE=DATE:20260105", ["01-10"]),
    ],
)
def test_further_dates_close_too(tmp_path: Path, dates: str, closed: list[str]) -> None:
    assert (
        closed_days(file_of(tmp_path, [f"UID:a\r\nDTSTART;VALUE=DATE:20260105\r\n{dates}"]), "2026-01-01", 30) == closed
    )


def test_a_further_span_closes_its_hours(tmp_path: Path) -> None:
    calendar = file_of(
        tmp_path, ["UID:a\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRDATE;VALUE=PERIOD:20260107T120000Z/PT2H"]
    )
    assert not calendar.is_open(rome("2026-01-05 10:30"))
    assert not calendar.is_open(rome("2026-01-07 14:30"))
    assert calendar.is_open(rome("2026-01-07 15:30"))


@pytest.mark.parametrize(
    "end", ["DTEND;VALUE=DATE:20260105", "DURATION:P0D", "DURATION:PT0S", "DTEND;VALUE=DATE:20260106"]
)
def test_a_day_that_ends_as_it_begins_is_one_day(tmp_path: Path, end: str) -> None:
    assert closed_days(file_of(tmp_path, [f"UID:a\r\nDTSTART;VALUE=DATE:20260105\r\n{end}"]), "2026-01-01", 20) == [
        "01-05"
    ]


def test_all_calendars_of_a_file_count(tmp_path: Path) -> None:
    calendar = file_of(tmp_path, ["UID:a\r\nDTSTART;VALUE=DATE:20260105"], ["UID:b\r\nDTSTART;VALUE=DATE:20260107"])
    assert closed_days(calendar, "2026-01-01", 20) == ["01-05", "01-07"]


@pytest.mark.parametrize("more", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "TRANSP:transparent\r\nRRULE:FREQ=DAILY"])
def test_what_leaves_its_time_free_closes_nothing(tmp_path: Path, more: str) -> None:
    assert closed_days(file_of(tmp_path, [f"UID:a\r\nDTSTART;VALUE=DATE:20260105\r\n{more}"]), "2026-01-01", 20) == []


def test_a_calendar_of_cancellations_closes_nothing(tmp_path: Path) -> None:
    assert (
        closed_days(
            file_of(tmp_path, ["UID:a\r\nDTSTART;VALUE=DATE:20260105"], method="METHOD:CANCEL\r\n"), "2026-01-01", 9
        )
        == []
    )


def test_of_two_versions_of_an_event_the_newer_counts(tmp_path: Path) -> None:
    old, new = (
        "UID:a\r\nSEQUENCE:1\r\nDTSTART;VALUE=DATE:20260105",
        "UID:a\r\nSEQUENCE:2\r\nDTSTART;VALUE=DATE:20260106",
    )
    assert closed_days(file_of(tmp_path, [new, old]), "2026-01-01", 20) == ["01-06"]


def test_hours_in_utc_follow_the_clocks_of_the_shop(tmp_path: Path) -> None:
    calendar = file_of(tmp_path, ["UID:a\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY"])
    assert not calendar.is_open(rome("2026-01-07 10:30"))
    assert not calendar.is_open(rome("2026-07-07 11:30"))
    assert calendar.is_open(rome("2026-07-07 10:30"))


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=DAILY;INTERVAL=0",
        "DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=WEEKLY;INTERVAL=-2",
        "DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=SECONDLY",
        "DTSTART:20260105T090000Z\r\nRRULE:FREQ=MINUTELY;COUNT=5",
        "DTSTART;VALUE=DATE:20260105\r\nDURATION:P99999999D",
        "DTSTART;VALUE=DATE:20260105\r\nDURATION:P9999999999999W",
        "DTSTART:20260105T090000Z\r\nDURATION:-PT3H",
        "DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260101",
        "DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:99991231",
        "DTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY",
    ],
)
def test_an_absurd_event_is_refused_and_named(tmp_path: Path, event: str) -> None:
    with pytest.raises(SettingError, match=r"closures.ics: .*xport"):
        file_of(tmp_path, [f"UID:a\r\nSUMMARY:Ferie\r\n{event}"])


@pytest.mark.parametrize(
    ("rule", "closed"),
    [
        ("FREQ=DAILY;INTERVAL=999999999", ["01-05"]),
        ("FREQ=YEARLY;INTERVAL=100000", ["01-05"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", []),
        ("FREQ=MONTHLY;BYDAY=2TU", ["01-13"]),
        ("FREQ=WEEKLY;COUNT=999999999", ["01-05", "01-12", "01-19"]),
    ],
)
def test_an_absurd_rule_neither_hangs_nor_fails(tmp_path: Path, rule: str, closed: list[str]) -> None:
    calendar = file_of(tmp_path, [f"UID:a\r\nDTSTART;VALUE=DATE:20260105\r\nRRULE:{rule}"])
    assert closed_days(calendar, "2026-01-01", 24) == closed
