"""Opening hours as people in Milan would read them off the door."""
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.hours import Calendar
from bot.settings import Hours

ROME = ZoneInfo("Europe/Rome")
WEEKDAYS = {day: ["09:00-13:00", "14:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
SHOP = {"weekly": WEEKDAYS | {"sat": ["09:00-13:00"]}, "holidays": {"country": "IT", "province": "MI"}}


def calendar(**changes: object) -> Calendar:
    return Calendar(msgspec.convert(SHOP | changes, Hours), ROME)


def rome(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 12:59", True),
        ("2026-11-23 13:00", False),
        ("2026-11-23 14:30", True),
        ("2026-11-23 18:00", False),
        ("2026-11-21 12:00", True),  # Saturday
        ("2026-11-21 15:00", False),
        ("2026-11-22 10:00", False),  # Sunday
    ],
)
def test_the_shop_is_open_within_its_slots(at: str, is_open: bool) -> None:
    assert calendar().is_open(rome(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-23 07:00", "2026-11-23 09:00"),
        ("2026-11-23 13:10", "2026-11-23 14:30"),
        ("2026-11-23 22:30", "2026-11-24 09:00"),
        ("2026-11-21 13:00", "2026-11-23 09:00"),  # over the week-end
        ("2026-11-23 10:00", "2026-11-23 14:30"),  # while open: the next one
    ],
)
def test_the_next_opening(at: str, opening: str) -> None:
    assert calendar().next_opening(rome(at)) == rome(opening)


def test_moments_come_in_utc() -> None:
    opening = calendar().next_opening(rome("2026-11-23 07:00"))
    assert opening is not None
    assert opening.tzinfo is UTC


def test_the_end_of_the_slot_that_is_open() -> None:
    assert calendar().closes_at(rome("2026-11-23 10:00")) == rome("2026-11-23 13:00")
    assert calendar().closes_at(rome("2026-11-23 13:30")) is None


@pytest.mark.parametrize(
    "day",
    [
        "2026-04-06",  # Easter Monday
        "2026-12-07",  # Sant'Ambrogio, patron of Milan
        "2026-12-08",
        "2026-12-25",
        "2027-03-29",  # Easter Monday of another year
    ],
)
def test_public_holidays_close_the_shop(day: str) -> None:
    assert not calendar().is_open(rome(f"{day} 10:00"))


def test_the_patron_of_milan_closes_no_shop_in_turin() -> None:
    turin = calendar(holidays={"country": "IT", "province": "TO"})
    assert turin.is_open(rome("2026-12-07 10:00"))


def test_without_a_country_no_holiday_closes() -> None:
    assert calendar(holidays={}).is_open(rome("2026-12-25 10:00"))


def test_a_closure_includes_its_last_day() -> None:
    closed = calendar(closures=[{"from": "2026-08-10", "to": "2026-08-14"}])
    assert not closed.is_open(rome("2026-08-10 10:00"))
    assert not closed.is_open(rome("2026-08-14 10:00"))
    assert closed.next_opening(rome("2026-08-09 10:00")) == rome("2026-08-17 09:00")  # the 15th is Ferragosto


def test_a_slot_past_midnight_is_open_on_the_morning_after() -> None:
    bar = calendar(weekly={"fri": ["22:00-02:00"]})
    assert bar.is_open(rome("2026-11-20 23:00"))
    assert bar.is_open(rome("2026-11-21 01:59"))
    assert not bar.is_open(rome("2026-11-21 02:00"))
    assert bar.closes_at(rome("2026-11-20 23:00")) == rome("2026-11-21 02:00")


def test_a_slot_belongs_to_the_day_on_which_it_begins() -> None:
    """Christmas 2026 is a Friday: Thursday's night ends as it always does, Friday's does not begin."""
    bar = calendar(weekly={"thu": ["22:00-02:00"], "fri": ["22:00-02:00"]})
    assert bar.is_open(rome("2026-12-25 01:00"))
    assert not bar.is_open(rome("2026-12-25 23:00"))
    assert not bar.is_open(rome("2026-12-26 01:00"))


def test_slots_that_touch_are_one() -> None:
    night = calendar(weekly={"fri": ["09:00-13:00", "13:00-24:00"], "sat": ["00:00-04:00"]})
    assert night.closes_at(rome("2026-11-20 10:00")) == rome("2026-11-21 04:00")
    assert night.next_opening(rome("2026-11-20 10:00")) == rome("2026-11-27 09:00")


def test_a_shop_that_never_closes_has_no_next_opening() -> None:
    always = calendar(weekly=dict.fromkeys((*WEEKDAYS, "sat", "sun"), ["00:00-24:00"]), holidays={})
    now = rome("2026-11-23 10:00")
    assert always.is_open(now)
    assert (always.next_opening(now), always.closes_at(now)) == (None, None)


def test_a_shop_without_slots_never_opens() -> None:
    never = calendar(weekly={})
    assert never.next_opening(rome("2026-11-23 10:00")) is None
    assert never.period_id(rome("2026-11-23 10:00")) == never.period_id(rome("2027-11-23 10:00")) != ""


def test_in_spring_the_same_wall_clock_is_an_hour_earlier_in_utc() -> None:
    sunday = calendar(weekly={"sat": ["09:00-13:00"], "sun": ["09:00-13:00"]})
    assert sunday.next_opening(rome("2026-03-28 08:00")) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert sunday.next_opening(rome("2026-03-28 20:00")) == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_in_autumn_the_same_wall_clock_is_an_hour_later_in_utc() -> None:
    sunday = calendar(weekly={"sun": ["09:00-13:00"]})
    assert sunday.next_opening(rome("2026-10-24 20:00")) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_a_night_slot_in_spring_is_an_hour_shorter() -> None:
    bar = calendar(weekly={"sat": ["22:00-04:00"]})
    closes = bar.closes_at(rome("2026-03-28 23:00"))
    assert closes is not None
    assert closes - rome("2026-03-28 22:00") == timedelta(hours=5)


def test_a_slot_that_begins_in_the_hour_that_is_jumped_over_begins_at_the_jump() -> None:
    early = calendar(weekly={"sun": ["02:30-05:00"]})
    assert early.next_opening(rome("2026-03-29 01:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_night_slot_in_autumn_ends_when_its_hour_is_over_for_the_second_time() -> None:
    bar = calendar(weekly={"sat": ["22:00-02:30"]})
    assert bar.is_open(rome("2026-10-25 02:15", fold=1))
    assert not bar.is_open(rome("2026-10-25 02:30", fold=1))


def test_a_channel_may_keep_hours_of_its_own() -> None:
    both = calendar(channels={"whatsapp": {"weekly": {"sun": ["10:00-12:00"]}}})
    sunday = rome("2026-11-22 11:00")
    assert both.for_channel("whatsapp").is_open(sunday)
    assert not both.for_channel("widget").is_open(sunday)
    assert not both.for_channel("whatsapp").is_open(rome("2026-11-01 11:00")), "All Saints closes every channel"


def test_every_moment_of_one_closed_period_has_one_id() -> None:
    night = {calendar().period_id(rome(at)) for at in ("2026-11-23 18:00", "2026-11-23 23:59", "2026-11-24 08:59")}
    lunch = calendar().period_id(rome("2026-11-24 13:30"))
    assert len(night) == 1
    assert lunch not in night
    assert calendar().period_id(rome("2026-11-24 10:00")) == ""


@pytest.mark.parametrize(
    ("moment", "italian", "english"),
    [
        ("2026-11-20 14:30", "alle 14:30", "at 14:30"),
        ("2026-11-21 09:00", "domani alle 9:00", "tomorrow at 9:00"),
        ("2026-11-24 09:00", "martedì 24 novembre alle 9:00", "Tuesday 24 November at 9:00"),
        ("2026-12-01 09:05", "martedì 1º dicembre alle 9:05", "Tuesday 1 December at 9:05"),
        ("2026-11-21 01:00", "domani all'1:00", "tomorrow at 1:00"),
        ("2027-11-02 09:00", "martedì 2 novembre 2027 alle 9:00", "Tuesday 2 November 2027 at 9:00"),
    ],
)
def test_a_moment_as_people_say_it(moment: str, italian: str, english: str) -> None:
    seen_from = rome("2026-11-20 13:00")
    assert calendar().describe(rome(moment), seen_from=seen_from, language="it") == italian
    assert calendar().describe(rome(moment), seen_from=seen_from, language="en") == english
    assert calendar().describe(rome(moment), seen_from=seen_from, language="other") == english


def test_tomorrow_is_told_by_the_shops_clock() -> None:
    """At 23:30 UTC it is already the next day in Rome."""
    seen_from = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert calendar().describe(rome("2026-11-23 09:00"), seen_from=seen_from, language="it") == "alle 9:00"


def at_ten(day: str, **changes: object) -> bool:
    return calendar(**changes).is_open(rome(f"{day} 10:00"))


EVERY_DAY = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.mark.parametrize(("day", "is_open"), [
    ("2027-11-07", True), ("2028-11-05", True), ("2029-11-04", True),  # the first Sunday of November is a Sunday
    ("2026-11-01", False),  # but All Saints' on one is a holiday
    ("2026-06-02", False), ("2027-04-25", False), ("2026-12-07", False),
])
def test_days_that_are_only_remembered_close_no_shop(day: str, is_open: bool) -> None:
    assert at_ten(day, weekly=EVERY_DAY) is is_open


@pytest.mark.parametrize(("place", "closed"), [
    ({"province": "MI"}, ["12-07"]), ({"province": "MI", "patron": "none"}, []),
    ({"province": "MI", "patron": "11-05"}, ["11-05"]), ({"patron": "06-24"}, ["06-24"]),
    ({"province": "Cesena"}, ["06-24"]), ({"province": "Forli"}, ["02-04"]),
    ({"province": "FC", "patron": "02-04"}, ["02-04"]),
])
def test_the_patron_of_one_town_closes_its_shop(place: dict[str, str], closed: list[str]) -> None:
    patrons = ["02-04", "06-24", "11-05", "12-07"]
    hours = calendar(weekly=EVERY_DAY, holidays={"country": "IT", **place})
    assert [day for day in patrons if not hours.is_open(rome(f"2026-{day} 10:00"))] == closed


@pytest.mark.parametrize(("special", "moment", "is_open"), [
    ({"from": "2026-12-08"}, "2026-12-08 10:00", True),  # open on a holiday, as on any Tuesday
    ({"from": "2026-12-08"}, "2026-12-08 13:30", False),
    ({"from": "2026-12-08", "slots": ["13:00-20:00"]}, "2026-12-08 13:30", True),
    ({"from": "2026-12-08", "slots": ["13:00-20:00"]}, "2026-12-08 10:00", False),
    ({"from": "2026-12-13", "to": "2026-12-20", "slots": ["10:00-19:00"]}, "2026-12-20 15:00", True),  # Sundays
    ({"from": "2026-12-13", "to": "2026-12-20", "slots": ["10:00-19:00"]}, "2026-12-27 15:00", False),
    ({"from": "2026-11-25", "slots": []}, "2026-11-25 10:00", False),
    ({"from": "2026-11-25", "slots": []}, "2026-11-26 10:00", True),
    ({"from": "2026-08-12"}, "2026-08-12 10:00", True),  # within a closure
])
def test_what_is_said_of_a_date_counts_more_than_all_else(special: object, moment: str, is_open: bool) -> None:
    closures = [{"from": "2026-08-10", "to": "2026-08-21"}]
    assert calendar(dates=[special], closures=closures).is_open(rome(moment)) is is_open


def test_what_is_said_of_a_date_holds_for_each_channel() -> None:
    hours = calendar(dates=[{"from": "2026-12-08"}], channels={"email": {"weekly": {"tue": ["20:00-22:00"]}}})
    assert hours.for_channel("email").is_open(rome("2026-12-08 21:00"))
    assert not hours.for_channel("email").is_open(rome("2026-12-08 10:00"))
    assert hours.own_channels == ("email",)


@pytest.mark.parametrize(("weekly", "italian", "english"), [
    (WEEKDAYS | {"sat": ["09:00-13:00"]},
     "da lunedì a venerdì 9:00–13:00 e 14:30–18:00, sabato 9:00–13:00",
     "Monday to Friday 9:00–13:00 and 14:30–18:00, Saturday 9:00–13:00"),
    (EVERY_DAY, "tutti i giorni 9:00–18:00", "every day 9:00–18:00"),
    ({"mon": ["22:00-02:00"], "tue": ["22:00-02:00"]}, "lunedì e martedì 22:00–2:00", "Monday and Tuesday 22:00–2:00"),
    ({"sun": ["00:00-24:00"]}, "domenica 24 ore su 24", "Sunday round the clock"),
    ({"mon": ["09:00-10:00"], "wed": ["09:00-10:00"]}, "lunedì 9:00–10:00, mercoledì 9:00–10:00",
     "Monday 9:00–10:00, Wednesday 9:00–10:00"),
    ({}, "chiuso", "closed"),
])
def test_the_week_as_people_say_it(weekly: object, italian: str, english: str) -> None:
    hours = calendar(weekly=weekly)
    assert (hours.week("it"), hours.week("en")) == (italian, english)
