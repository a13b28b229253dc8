"""What a message names."""

import pytest

from bot.nlu.text.entities import EntityReader


@pytest.fixture(scope="module")
def reader() -> EntityReader:
    return EntityReader(["Vento Trail", "Onda 2"])


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("il mio ordine 1005", "order_number", "1005"),
        ("ordine n. 1005?", "order_number", "1005"),
        ("#1005", "order_number", "1005"),
        ("order number is 1005", "order_number", "1005"),
        ("la mail è Mario.Rossi@Example.it.", "email", "mario.rossi@example.it"),
        ("chiamatemi al 347 123 4567", "phone", "+393471234567"),
        ("+39 02 5555 0123", "phone", "+390255550123"),
        ("il tracking è BRT123456789", "tracking_code", "BRT123456789"),
        ("CAP 20144", "postcode", "20144"),
        ("SW1A 1AA", "postcode", "SW1A 1AA"),
        ("avete la taglia 42?", "size", "42"),
        ("size 9.5", "size", "9.5"),
        ("una felpa xl", "size", "XL"),
        ("avete le vento trail in blu", "product", "Vento Trail"),
        ("ordinato il 3 maggio", "date", "3 maggio"),
        ("arrivato ieri", "date", "ieri"),
        ("since 12/05/2026", "date", "12/05/2026"),
    ],
)
def test_a_value_is_found(reader: EntityReader, text: str, kind: str, value: str) -> None:
    assert (kind, value) in [(entity.kind, entity.value) for entity in reader.read(text, "it")]


@pytest.mark.parametrize(
    "text", ["costa 1005 €", "alle 10:30", "nel 2026 aprite?", "dal 2024 compro da voi", "siete i migliori"]
)
def test_amounts_times_and_years_are_no_order_numbers(reader: EntityReader, text: str) -> None:
    assert [entity for entity in reader.read(text, "it") if entity.kind == "order_number"] == []


def test_a_form_takes_a_number_that_was_dictated_with_spaces(reader: EntityReader) -> None:
    found = reader.read("1 0 0 5", "it", expected="order_number")

    assert [(entity.kind, entity.value) for entity in found] == [("order_number", "1005")]


def test_spans_are_those_of_the_text_and_do_not_overlap(reader: EntityReader) -> None:
    text = "ordine 1005, mario@example.it, taglia 42, +39 347 1234567"
    found = reader.read(text, "it")

    assert all(text[entity.start : entity.end] == entity.text for entity in found)
    assert all(first.end <= second.start for first, second in zip(found, found[1:], strict=False))
    assert [entity.kind for entity in found] == ["order_number", "email", "size", "phone"]
