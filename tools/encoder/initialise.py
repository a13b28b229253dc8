"""The student before training: the teacher's layers over a word table for both languages."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from tools.encoder import prepare, tokenizer
from tools.encoder.align import align
from tools.encoder.rows import build_rows
from tools.encoder.settings import Recipe, Workplace


def _without_ends(texts: list[str], pieces: Tokenizer) -> list[list[int]]:
    return [encoding.ids for encoding in pieces.encode_batch(texts, add_special_tokens=False)]


def initialise(workplace: Workplace, recipe: Recipe) -> None:
    """Write the untrained student as a transformers folder."""
    pairs = prepare.with_chat_spellings(prepare.load(workplace.prepared), recipe)
    old, new = tokenizer.load(workplace.base), tokenizer.load(workplace.tokenizer)
    alignment = align(
        _without_ends([pair.italian for pair in pairs], new),
        _without_ends([pair.english for pair in pairs], old),
        recipe.alignment_rounds,
    )
    model = AutoModel.from_pretrained(workplace.base, dtype=torch.float32)
    table, spelled = build_rows(old, new, model.embeddings.word_embeddings.weight.detach().numpy(), alignment)
    model.resize_token_embeddings(len(table), mean_resizing=False)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.copy_(torch.from_numpy(table))
    model.save_pretrained(workplace.initial)
    print(f"  {len(table)} rows, {spelled} of them never aligned")
