"""The shoppers' sentences written for the encoder: enough, aligned, in the right language, each once."""

import random
from collections import Counter
from pathlib import Path

import pytest

from tools.encoder.frames import expand, fill, read_frames, read_words
from tools.encoder.prepare import own_pairs, read_tsv, usable
from tools.encoder.sources import SOURCES

PAIRS = Path(__file__).parents[2] / "tools" / "encoder" / "pairs"
ITALIAN = {
    "il",
    "la",
    "le",
    "non",
    "è",
    "che",
    "di",
    "mi",
    "per",
    "un",
    "una",
    "sei",
    "ho",
    "come",
    "si",
    "cosa",
    "con",
}
ENGLISH = {"the", "is", "my", "i", "you", "to", "a", "it", "of", "do", "are", "have", "for", "what", "can", "not", "me"}


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    return list(own_pairs(PAIRS))


def test_there_are_at_least_three_thousand(pairs: list[tuple[str, str]]) -> None:
    assert len(set(pairs)) >= 3000


def test_at_least_six_hundred_are_written_by_hand() -> None:
    by_hand = {pair for path in PAIRS.glob("*.tsv") for pair in read_tsv(path)}
    assert len(by_hand) >= 600


def test_hand_written_pairs_appear_once() -> None:
    counted = Counter((en.lower(), it.lower()) for path in PAIRS.glob("*.tsv") for en, it in read_tsv(path))
    assert [pair for pair, times in counted.items() if times > 1] == []


def test_each_side_is_in_its_language(pairs: list[tuple[str, str]]) -> None:
    """Few words give the language away; swapped columns would show in most lines."""
    swapped = 0
    for english, italian in pairs:
        in_english = set(english.lower().replace("'", " ").split())
        in_italian = set(italian.lower().replace("'", " ").split())
        swapped += len(in_english & ITALIAN) > len(in_english & ENGLISH)
        swapped += len(in_italian & (ENGLISH - {"a", "i", "me", "do"})) > len(in_italian & ITALIAN)
    assert swapped < len(pairs) * 0.01


def test_no_slot_is_left_open(pairs: list[tuple[str, str]]) -> None:
    assert not [pair for pair in pairs if "{" in pair[0] + pair[1] or "|" in pair[0] + pair[1]]


def test_filling_is_the_same_each_time() -> None:
    assert list(expand(PAIRS / "frames")) == list(expand(PAIRS / "frames"))


def test_a_frame_is_filled_alike_on_both_sides() -> None:
    words = {"thing": [("the bag", "la borsa"), ("the hat", "il cappello")]}
    filled = set(fill("Where is {thing}?", "Dov'è {thing}?", words, random.Random(1)))
    assert filled == {("Where is the bag?", "Dov'è la borsa?"), ("Where is the hat?", "Dov'è il cappello?")}


def test_a_frame_whose_sides_differ_in_slots_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.frames"
    path.write_text("Where is {thing}? | Dov'è?\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="bad.frames:1"):
        list(read_frames(path))


def test_every_word_list_is_used_and_known() -> None:
    words = read_words(PAIRS / "frames" / "words.txt")
    text = "".join(path.read_text(encoding="utf-8") for path in (PAIRS / "frames").glob("*.frames"))
    assert [name for name in words if "{" + name + "}" not in text] == []


@pytest.mark.parametrize(
    ("english", "italian"),
    [("Tracking", "tracking"), ("12.50", "12,50"), ("Yes", "Una frase lunghissima che non può tradurre quella parola")],
)
def test_pairs_that_teach_nothing_are_left_out(english: str, italian: str) -> None:
    assert not usable(english, italian)


def test_text_of_unclear_licence_is_not_a_source() -> None:
    names = {source.name for source in SOURCES}
    assert not names & {"stsb-multi-mt", "nlpjs-corpus50"}
    assert all(source.licence and source.credit for source in SOURCES)
