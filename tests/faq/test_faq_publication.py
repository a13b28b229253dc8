"""Publications: what serves."""
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.faq.publication import Reader, from_json, make_publication, to_json
from bot.model.faq import FaqEntry, FaqText
from tests.fakes import FakeHours

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")
TEXT = FaqText("Costo?", ("quanto",), "Poco: 4,90 €.", "faq/it/a.md", 4, short_answer="4,90 €")
ENTRY = FaqEntry("cost", "Spedizioni", {"it": TEXT})
SEASONAL = FaqEntry(
    "xmas",
    "Natale",
    {"it": TEXT},
    valid_from=date(2026, 12, 1),
    valid_until=date(2026, 12, 31),
    matches=(("it", "natale"),),
)
ON_WIDGET = FaqEntry("chat", "Chat", {"it": TEXT}, hand_off=True, channels=("widget",), related=("cost",))


def test_the_same_entries_have_the_same_id_at_any_time() -> None:
    first = make_publication((ENTRY, SEASONAL), NOW)
    again = make_publication((ENTRY, SEASONAL), datetime(2027, 1, 1, tzinfo=UTC))
    other = make_publication((ENTRY,), NOW)
    assert first.id == again.id != other.id
    assert len(first.id) == 12


def test_a_publication_survives_storage() -> None:
    publication = make_publication((ENTRY, SEASONAL, ON_WIDGET), NOW)
    back = from_json(to_json(publication))
    assert back == publication
    assert back.by_id["chat"] == ON_WIDGET
    assert make_publication(back.entries, NOW).id == publication.id


def reader() -> Reader:
    return Reader(make_publication((ENTRY, SEASONAL, ON_WIDGET), NOW), ROME, FakeHours())


def test_an_entry_is_found_by_id() -> None:
    assert reader().find("cost", channel="telegram", at=NOW) == ENTRY
    assert reader().find("nothing", channel="telegram", at=NOW) is None


def test_validity_counts_days_on_the_shops_calendar() -> None:
    """At 23:30 UTC on 30 November it is December in Rome."""
    assert reader().find("xmas", channel="widget", at=datetime(2026, 11, 30, 22, 30, tzinfo=UTC)) is None
    assert reader().find("xmas", channel="widget", at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == SEASONAL
    assert reader().find("xmas", channel="widget", at=datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == SEASONAL
    assert reader().find("xmas", channel="widget", at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) is None


def test_an_entry_answers_on_its_channels_only() -> None:
    assert reader().find("chat", channel="widget", at=NOW) == ON_WIDGET
    assert reader().find("chat", channel="whatsapp", at=NOW) is None


HOURS = "\ue000opening_hours\ue001"
NEXT = "\ue000next_opening\ue001"


def asked(hours: FakeHours, channel: str = "telegram") -> dict[str, FaqText]:
    texts = {
        one: replace(TEXT, answer=f"Orari: {HOURS}. Poi {NEXT}.", short_answer=NEXT) for one in ("it", "en")
    }
    found = Reader(make_publication((FaqEntry("hours", "Orari", texts),), NOW), ROME, hours).find(
        "hours", channel=channel, at=NOW
    )
    assert found is not None
    return found.texts


def test_opening_hours_stand_in_answers_as_they_are_then_in_the_readers_language() -> None:
    hours = FakeHours()
    assert asked(hours)["it"].answer == "Orari: <week it>. Poi adesso."
    assert asked(hours)["en"].short_answer == "now"
    hours.open = False
    assert asked(hours)["it"].answer == "Orari: <week it>. Poi <Tue 08:00 it>."
    assert asked(hours)["en"].answer == "Orari: <week en>. Poi <Tue 08:00 en>."


def test_opening_hours_in_answers_are_those_of_the_channel() -> None:
    hours = FakeHours()
    hours.by_channel["email"] = FakeHours()
    hours.by_channel["email"].open = False
    assert asked(hours, "email")["it"].short_answer == "<Tue 08:00 it>"
    assert asked(hours, "widget")["it"].short_answer == "adesso"
