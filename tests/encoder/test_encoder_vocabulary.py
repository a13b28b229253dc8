"""New pieces, their alignment to English and their first rows, on a vocabulary of a dozen words."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from tools.encoder.align import align
from tools.encoder.rows import build_rows, new_row
from tools.encoder.tokenizer import italian_pieces, kept_base_pieces

ENGLISH_WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "[unused1]",
    "the",
    "house",
    "dog",
    "red",
    "##s",
    "犬",
    "è",
    "€",
]


def word_piece(words: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def test_placeholders_and_other_scripts_are_dropped() -> None:
    kept = kept_base_pieces({word: number for number, word in enumerate(ENGLISH_WORDS)})
    assert kept == [word for word in ENGLISH_WORDS if word not in {"[unused1]", "犬"}]


def test_italian_pieces_are_new_and_fold_accents() -> None:
    base = word_piece(ENGLISH_WORDS)
    pieces = italian_pieces(base, ["la città perché", "la città perché", "the house"] * 5, 60, set(ENGLISH_WORDS))
    assert "citta" in pieces
    assert "perche" in pieces
    assert not set(pieces) & set(ENGLISH_WORDS)


@pytest.fixture
def pairs() -> tuple[list[list[int]], list[list[int]]]:
    """Italian pieces 1 casa, 2 cane, 3 rosso; English ones 7 house, 8 dog, 9 red."""
    italian = [[1], [2], [1, 3], [2, 3], [1, 2]]
    english = [[7], [8], [9, 7], [9, 8], [7, 8]]
    return italian, english


def test_alignment_finds_the_translation(pairs: tuple[list[list[int]], list[list[int]]]) -> None:
    alignment = align(*pairs, 10)
    for piece, translation in ((1, 7), (2, 8), (3, 9)):
        english, share = alignment.english_of(piece)
        assert english[share.argmax()] == translation
        assert share.sum() == pytest.approx(1)


def test_a_piece_never_seen_has_no_translation(pairs: tuple[list[list[int]], list[list[int]]]) -> None:
    alignment = align(*pairs, 2)
    assert new_row(99, alignment, np.eye(12, dtype=np.float32)) is None


def test_a_new_row_lies_by_its_translation(pairs: tuple[list[list[int]], list[list[int]]]) -> None:
    rows = np.random.default_rng(1).normal(size=(12, 32)).astype(np.float32)
    row = new_row(1, align(*pairs, 10), rows)
    assert row is not None
    cosine = rows @ row / np.linalg.norm(rows, axis=1) / np.linalg.norm(row)
    assert cosine.argmax() == 7
    assert np.linalg.norm(row) == pytest.approx(np.linalg.norm(rows[7]), rel=0.2)


def test_known_pieces_keep_their_row_and_unaligned_ones_start_from_their_spelling() -> None:
    old = word_piece(ENGLISH_WORDS)
    new = word_piece(["[PAD]", "[UNK]", "house", "dogs"])
    rows = np.random.default_rng(2).normal(size=(len(ENGLISH_WORDS), 8)).astype(np.float32)
    table, spelled = build_rows(old, new, rows, align([[1]], [[7]], 1))
    assert np.array_equal(table[2], rows[7])
    assert spelled == 1
    assert np.allclose(table[3], rows[[8, 10]].mean(axis=0))
