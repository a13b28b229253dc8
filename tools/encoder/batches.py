"""One epoch's sentences: Italian and some English, noised, cut into batches of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tools.encoder import noise
from tools.encoder.prepare import Pair
from tools.encoder.settings import Recipe

FINAL_MARKS = ".?!…:;"


@dataclass(frozen=True)
class Batch:
    """Padded piece numbers, their mask, and which pair each row belongs to."""

    pieces: NDArray[np.int64]
    mask: NDArray[np.int64]
    pairs: NDArray[np.int64]


def _without_final_mark(text: str, share: float, chance: random.Random) -> str:
    return text.rstrip(FINAL_MARKS) or text if chance.random() < share else text


def epoch_texts(pairs: list[Pair], recipe: Recipe, epoch: int) -> tuple[list[str], list[int]]:
    """The sentences of an epoch and the number of the pair each belongs to; the same for the same seed."""
    chance = random.Random(f"{recipe.seed}-{epoch}")
    texts, numbers = [], []
    for number, pair in enumerate(pairs):
        times = int(pair.weight) + (chance.random() < pair.weight % 1)
        for _ in range(times):
            text = _without_final_mark(pair.italian, recipe.drop_final_mark, chance)
            texts.append(noise.italian(text, chance) if chance.random() < recipe.noisy_italian else text)
            numbers.append(number)
            if chance.random() < recipe.english_share:
                text = _without_final_mark(pair.english, recipe.drop_final_mark, chance)
                texts.append(noise.english(text, chance) if chance.random() < recipe.noisy_english else text)
                numbers.append(number)
    return texts, numbers


def pad(rows: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    width = max(map(len, rows))
    pieces = np.zeros((len(rows), width), dtype=np.int64)
    mask = np.zeros_like(pieces)
    for place, row in enumerate(rows):
        pieces[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return pieces, mask


def encode(texts: list[str], tokenizer: Tokenizer, longest: int) -> list[list[int]]:
    """Piece numbers with both ends, cut to `longest` pieces."""
    return [
        encoding.ids if len(encoding.ids) <= longest else [*encoding.ids[: longest - 1], encoding.ids[-1]]
        for encoding in tokenizer.encode_batch_fast(texts)
    ]


def batches(pairs: list[Pair], tokenizer: Tokenizer, recipe: Recipe, epoch: int) -> Iterator[Batch]:
    """Batches of like length in random order.

    A sentence of more than `recipe.max_pieces` is left out: cut, it would not say what the teacher heard.
    """
    texts, numbers = epoch_texts(pairs, recipe, epoch)
    rows = encode(texts, tokenizer, recipe.max_pieces + 1)
    lengths = np.array([len(row) for row in rows])
    chance = np.random.default_rng(recipe.seed + epoch)
    order = np.lexsort((chance.random(len(rows)), lengths))
    order = order[lengths[order] <= recipe.max_pieces]
    cuts = np.split(order, range(recipe.batch_size, len(order), recipe.batch_size))
    for place in chance.permutation(len(cuts)):
        chosen = cuts[place]
        pieces, mask = pad([rows[number] for number in chosen])
        yield Batch(pieces, mask, np.array([numbers[number] for number in chosen]))


def epoch_length(pairs: list[Pair], recipe: Recipe) -> int:
    """About how many batches an epoch has."""
    return int(sum(pair.weight for pair in pairs) * (1 + recipe.english_share) / recipe.batch_size) + 1
