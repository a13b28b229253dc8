"""An epoch's sentences: repeatable, weighted, padded by length."""

from collections import Counter

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from tools.encoder.batches import batches, encode, epoch_texts, pad
from tools.encoder.prepare import Pair
from tools.encoder.settings import Recipe

RECIPE = Recipe(batch_size=4)
PAIRS = [
    Pair("a", 2.0, "one two three", "uno due tre"),
    Pair("b", 0.5, "four", "quattro"),
    Pair("c", 1.0, "five", "cinque"),
]


def words() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "uno": 1, "due": 2, "tre": 3}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def test_an_epoch_is_the_same_for_the_same_seed_and_differs_between_epochs() -> None:
    many = PAIRS * 30
    assert epoch_texts(many, RECIPE, 0) == epoch_texts(many, RECIPE, 0)
    assert epoch_texts(many, RECIPE, 0) != epoch_texts(many, RECIPE, 1)


def test_pairs_come_as_often_as_their_weight_says() -> None:
    _, numbers = epoch_texts(PAIRS * 400, Recipe(english_share=0.0), 0)
    counted = Counter(number % 3 for number in numbers)
    assert counted[0] == 800
    assert counted[2] == 400
    assert 150 < counted[1] < 250


def test_long_texts_are_cut_but_keep_their_end() -> None:
    assert encode(["uno due tre uno due"], words(), 3) == [[1, 2, 2]]


def test_a_sentence_too_long_for_training_is_left_out_not_cut() -> None:
    long_one = Pair("d", 1.0, "one", "uno " * 60)
    found = [batch.pairs.tolist() for batch in batches([long_one, PAIRS[0]], words(), RECIPE, 0)]
    assert {number for numbers in found for number in numbers} == {1}


def test_padding_is_masked() -> None:
    pieces, mask = pad([[5, 6, 7], [5]])
    assert pieces.tolist() == [[5, 6, 7], [5, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_every_sentence_of_the_epoch_is_in_one_batch() -> None:
    many = PAIRS * 10
    _, numbers = epoch_texts(many, RECIPE, 3)
    found = np.concatenate([batch.pairs for batch in batches(many, words(), RECIPE, 3)])
    assert sorted(found.tolist()) == sorted(numbers)
