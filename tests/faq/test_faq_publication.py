"""Publications: what serves."""
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.faq.publication import Reader, from_json, make_publication, to_json
from bot.model.faq import FaqEntry, FaqText

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
    return Reader(make_publication((ENTRY, SEASONAL, ON_WIDGET), NOW), ROME)


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
