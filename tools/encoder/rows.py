"""The student's word table before training: rows the teacher had, aligned rows where a piece is new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tools.encoder import tokenizer
from tools.encoder.align import Alignment

Rows = NDArray[np.float32]


def new_row(piece: int, alignment: Alignment, rows: Rows) -> Rows | None:
    """Σ p(English piece | piece) × English row, as long as the rows it comes from; None when nothing aligned."""
    english, share = alignment.english_of(piece)
    if not english.size:
        return None
    mixed = share.astype(np.float32) @ rows[english]
    length = float(share @ np.linalg.norm(rows[english], axis=1))
    return np.asarray(mixed * (length / max(float(np.linalg.norm(mixed)), 1e-6)), dtype=np.float32)


def build_rows(old: Tokenizer, new: Tokenizer, rows: Rows, alignment: Alignment) -> tuple[Rows, int]:
    """The student's word table and how many rows had to start from their old spelling's pieces."""
    known = old.get_vocab()
    table = np.zeros((new.get_vocab_size(), rows.shape[1]), dtype=np.float32)
    spelled = 0
    for piece, number in new.get_vocab().items():
        if piece in known:
            table[number] = rows[known[piece]]
            continue
        row = new_row(number, alignment, rows)
        if row is None:
            spelled += 1
            parts = old.encode(piece.removeprefix(tokenizer.PREFIX), add_special_tokens=False).ids
            row = rows[parts].mean(axis=0)
        table[number] = row
    return table, spelled
