"""One spelling for what shoppers write in many."""

import pytest

from bot.nlu.text.text import clean, fold, normalise, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("DOV'È IL MIO PACCO", "dov'è il mio pacco"),
        ("xké nn arriva", "perché non arriva"),
        ("perche' non c’è", "perché non c'è"),
        ("ciaooooo", "ciao"),
        ("quanto costa x la Svizzera", "quanto costa per la svizzera"),
        ("can u help pls", "can you help please"),
        ("scri\u200bvo <b>qui</b> 😀", "scrivo qui"),
        ("ordine 10052 di mario@example.it", "ordine 0000 di email"),
    ],
)
def test_spellings_of_a_chat_are_written_out(written: str, read: str) -> None:
    assert normalise(written) == read


def test_a_size_keeps_its_number() -> None:
    """Two digits say something; an order number says nothing about what is asked."""
    assert "42" in normalise("avete il 42?")


def test_markup_and_addresses_of_pages_are_not_read() -> None:
    assert clean("<script>alert(1)</script> vedi https://example.it/x") == "alert(1) vedi"


def test_words_are_the_same_with_and_without_accents() -> None:
    assert words(normalise("perché")) == words(fold("perche"))
