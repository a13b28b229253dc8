"""What still works when Rasa or the encoder does not."""

import pytest

from bot.model.understanding import Band, Hints
from bot.nlu.match.lexical import LexicalReader
from tests.nlu.conftest import SHOP


@pytest.fixture(scope="module")
def reader() -> LexicalReader:
    return LexicalReader(SHOP)


@pytest.mark.parametrize(
    ("text", "faq_id"),
    [("Posso pagare alla consegna?", "cash-on-delivery"), ("what time do you close", "opening-hours")],
)
def test_the_words_of_an_entry_are_answered(reader: LexicalReader, text: str, faq_id: str) -> None:
    found = reader.parse(text, Hints())

    assert (found.source, found.faq_id, found.band) == ("lexical", faq_id, Band.ANSWER)


def test_half_of_the_words_are_only_offered(reader: LexicalReader) -> None:
    assert reader.parse("la garanzia del mio computer portatile", Hints()).band is not Band.ANSWER


@pytest.mark.parametrize("text", ["", "😀", "vendete frigoriferi", "x" * 20_000, "\ud800", "'; DROP TABLE x"])
def test_it_is_never_sure_of_what_no_entry_says_and_never_raises(reader: LexicalReader, text: str) -> None:
    assert reader.parse(text, Hints()).band is not Band.ANSWER


def test_it_serves_no_entries_too() -> None:
    assert LexicalReader(()).parse("ciao", Hints()).band is Band.HAND_OVER
