"""Noise changes how a sentence is written, never so much that a reader would be lost."""

import random

from rapidfuzz.distance import DamerauLevenshtein

from tools.encoder import noise

SENTENCE = "Perché non mi avete ancora spedito le scarpe che ho ordinato?"


def test_the_same_seed_gives_the_same_noise() -> None:
    first = [noise.italian(SENTENCE, random.Random(7)) for _ in range(3)]
    assert first[0] == first[1] == first[2]


def test_noise_is_varied() -> None:
    chance = random.Random(1)
    assert len({noise.italian(SENTENCE, chance) for _ in range(200)}) > 60


def test_a_typo_is_one_slip_inside_the_word() -> None:
    chance = random.Random(2)
    for _ in range(300):
        slipped = noise.typo("spedizione", chance)
        assert DamerauLevenshtein.distance("spedizione", slipped) == 1 or slipped == "spedizione"
        assert slipped[0] == "s"


def test_words_under_four_letters_get_no_typo() -> None:
    assert {noise.typo("non", random.Random(seed)) for seed in range(50)} == {"non"}


def test_typos_fall_in_different_words() -> None:
    slipped = noise.typos("vorrei sapere quando arriva", 3, random.Random(5)).split()
    changed = sum(one != other for one, other in zip(slipped, ["vorrei", "sapere", "quando", "arriva"], strict=True))
    assert changed <= 3


def test_chat_spelling_rewrites_the_words_it_knows() -> None:
    written = {noise.chat("comunque non rispondete", random.Random(seed)) for seed in range(20)}
    assert any("cmq" in text and "nn" in text for text in written)


def test_a_sentence_never_becomes_empty() -> None:
    chance = random.Random(3)
    for sentence in ("Sì", "No!", "È urgente", "ok?", "?"):
        for _ in range(100):
            assert noise.italian(sentence, chance).strip() or sentence == "?"


def test_no_spelling_is_the_word_itself() -> None:
    for table in (noise.CHAT_ITALIAN, noise.DIALECT, noise.CHAT_ENGLISH):
        assert all(word not in spellings and all(spellings) for word, spellings in table.items())
