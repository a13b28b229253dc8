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


def test_no_single_word_turns_a_conversation(demo: Model, test_set: Callable[[str], list[list[str]]]) -> None:
    """Names, places, products, brands, codes, carriers and addresses; and what says something, but is one word."""
    rows = test_set("language_words.tsv")
    read = [(row, demo.reader.languages.hear(row[1], Hints(language=row[0]))) for row in rows]
    turned = [row for row, heard in read if heard.language != row[0]]
    assert turned == []


def test_names_are_no_evidence(demo: Model, test_set: Callable[[str], list[list[str]]]) -> None:
    """So that two of them in a row turn nothing either."""
    names = [row for row in test_set("language_words.tsv") if row[2] == "name"]
    wrong = [row for row in names if demo.reader.languages.hear(row[1], Hints(language=row[0])).own not in ("", row[0])]
    assert wrong == []


def talked(reader: LanguageReader, messages: list[str]) -> list[str]:
    """What each message of a conversation is answered in, as the desk keeps it."""
    language, leant, answered = None, "", []
    for message in messages:
        heard = reader.hear(message, Hints(language=language))
        if heard.own in ("it", "en") and heard.own not in (heard.language, "") and heard.own == leant:
            heard = reader.hear(message, Hints(language=heard.own))
        leant = heard.own or leant
        if heard.language in ("it", "en") and heard.own:
            language = heard.language
        answered.append(heard.language)
    return answered


def test_conversations_keep_their_language(demo: Model, test_set: Callable[[str], list[list[str]]]) -> None:
    rows = test_set("language_talks.tsv")
    assert len(rows) >= 60
    read = [(text, expected, ",".join(talked(demo.reader.languages, text.split(" | ")))) for _, text, expected in rows]
    assert [row for row in read if row[1] != row[2]] == []


@pytest.mark.parametrize(
    "text",
    [
        "Buongiorno,\nvorrei sapere quando arriva il mio pacco.\nGrazie\n\nThis e-mail and any attachments are "
        "confidential "
        "and intended solely for the addressee. If you have received it in error please delete it.",
        "non mi è arrivato niente\n\nSent from my iPhone",
        "Vorrei un rimborso, grazie.\n-- \nMario Rossi\nHead of Sales and Marketing of the company",
        "sì, va bene per me\n> Hello, can you please tell us where we should send it?\n> Thank you very much",
        "Ancora nessuna notizia del mio ordine.\n\nOn Mon, 3 Nov 2026 at 10:00, The Shop wrote:\nWe ship it today.",
        "Quando posso passare in negozio?\n\nThe company accepts no liability for the content of what is written here.",
    ],
)
def test_what_is_quoted_or_appended_below_is_no_evidence(reader: LanguageReader, text: str) -> None:
    assert reader.read(text) == "it"
    assert reader.read(text, Hints(language="it")) == "it"


@pytest.mark.parametrize("text", ["Emma Wilson", "via Roma 12", "taglia 43"])
def test_what_a_form_asked_for_leaves_no_trace(reader: LanguageReader, text: str) -> None:
    for spoken in ("it", "en"):
        assert reader.hear(text, Hints(language=spoken, expected="order_number")) == (spoken, "")


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("English?", "en"),
        ("english, please", "en"),
        ("Can you reply in English?", "en"),
        ("Italiano?", "it"),
        ("rispondimi in italiano", "it"),
        ("I don't understand Italian", "en"),
        ("non capisco l'inglese", "it"),
        ("scusi, parla inglese?", "en"),
        ("please switch to Italian", "it"),
    ],
)
def test_a_clear_request_turns_at_once(reader: LanguageReader, text: str, wished: str) -> None:
    assert all(reader.read(text, Hints(language=one)) == wished for one in ("it", "en"))


@pytest.mark.parametrize(
    "text", ["un manuale in inglese", "ho comprato un libro di cucina italiana", "english breakfast"]
)
def test_the_name_of_a_language_is_no_request(reader: LanguageReader, text: str) -> None:
    assert reader.read(text, Hints(language="it")) == "it"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("quando arriva?", "it"),
        ("avete il 42?", "it"),
        ("dove sta il pacco", "it"),
        ("non mi va bene la taglia", "it"),
        ("QUANDO ARRIVA IL MIO PACCO", "it"),
        ("how much?", "en"),
        ("where's my stuff", "en"),
        ("Do you have it in size 40?", "en"),
        ("I HAVE A PROBLEM WITH MY ORDER 1004", "en"),
    ],
)
def test_a_short_sentence_turns_a_conversation(demo: Model, text: str, language: str) -> None:
    other = {"it": "en", "en": "it"}[language]
    assert demo.reader.languages.hear(text, Hints(language=other)) == (language, language)
