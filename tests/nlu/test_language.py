"""The language of a message, down to one word."""

from collections.abc import Callable

import pytest

from bot.model.understanding import Hints
from bot.nlu.archive import Model
from bot.nlu.text.language import LanguageReader


@pytest.fixture(scope="module")
def reader() -> LanguageReader:
    return LanguageReader()


def test_short_texts_are_read_right(demo: Model, test_set: Callable[[str], list[list[str]]]) -> None:
    """At least 97 of 100 texts of one to three words."""
    rows = test_set("short_language.tsv")
    right = sum(demo.reader.languages.read(text) == language for language, text in rows)

    assert right / len(rows) >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "¿Dónde está mi pedido?",
        "où est mon colis",
        "ich möchte mein Paket zurückgeben",
        "где мой заказ",
        "我的包裹在哪里",
        "hola",
    ],
)
def test_a_third_language_is_other(reader: LanguageReader, text: str) -> None:
    assert reader.read(text) == "other"


def test_a_word_that_is_foreign_too_is_ours_where_the_shop_uses_it(demo: Model) -> None:
    """'posso' is Portuguese as well."""
    assert demo.reader.languages.read("posso cambiare indirizzo?") == "it"


@pytest.mark.parametrize("text", ["ok", "tracking", "1005", "👍", ""])
def test_what_both_languages_write_keeps_the_language_of_the_conversation(reader: LanguageReader, text: str) -> None:
    assert reader.read(text, Hints(language="en")) == "en"
    assert reader.read(text, Hints(language="it")) == "it"


def test_the_locale_decides_only_where_the_text_does_not(reader: LanguageReader) -> None:
    assert reader.read("ok", Hints(locale="en-GB")) == "en"
    assert reader.read("dov'è il mio pacco", Hints(locale="en-GB")) == "it"


def test_a_clear_sentence_changes_the_language_of_the_conversation(reader: LanguageReader) -> None:
    assert reader.read("sorry, where is my parcel?", Hints(language="it")) == "en"


def test_a_mixed_sentence_is_in_the_language_of_its_small_words(reader: LanguageReader) -> None:
    assert reader.read("vorrei fare il return delle sneakers") == "it"
    assert reader.read("can I pay with bonifico?") == "en"
