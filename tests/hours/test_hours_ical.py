"""Closures from the calendar program of the shop."""
from datetime import UTC, datetime
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
    calendar = calendar_with(
        tmp_path, "DTSTART;VALUE=DATE:20201224\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20271224"
    )
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
