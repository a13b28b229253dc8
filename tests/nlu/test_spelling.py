"""Mistyped words are read as the shop's own; words that mean something else are left alone."""

import pytest

from bot.nlu.text.spelling import Speller

TAUGHT = ["dov'è il mio pacco?", "quanto costa la spedizione", "vorrei restituire le scarpe", "where is my parcel"]
SHOP = Speller(TAUGHT)


def nothing(word: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quanto costa la spedizoine", "quanto costa la spedizione"),
        ("vorei restitire le scarpee", "vorrei restituire le scarpe"),
        ("where is my pracel?", "where is my parcel?"),
        ("dov'è il mio paccco", "dov'è il mio pacco"),
    ],
)
def test_a_slip_of_the_finger_is_repaired(typed: str, meant: str) -> None:
    assert SHOP.repair(typed, nothing) == meant


@pytest.mark.parametrize("text", ["avete scarse notizie", "il pc è qui", "quanto costa il 42", "zzkrx wqpt", ""])
def test_other_words_short_ones_and_numbers_are_left_alone(text: str) -> None:
    assert SHOP.repair(text, nothing) == text


def test_a_word_that_the_encoder_knows_is_left_alone() -> None:
    assert SHOP.repair("parcek", lambda word: word == "parcek") == "parcek"
    assert SHOP.repair("parcek", nothing) == "parcel"
