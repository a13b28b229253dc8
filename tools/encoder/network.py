"""Sentence vectors of a transformers model: mean over the pieces, length one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import AutoModel, PreTrainedModel

from tools.encoder.batches import encode, pad

Vectors = NDArray[np.float32]


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half_precision() -> AbstractContextManager[None]:
    """bfloat16 where it is the faster one: on a GPU and on CPUs that have it."""
    return torch.autocast(device().type, dtype=torch.bfloat16)


def load_model(folder: Path) -> PreTrainedModel:
    model: PreTrainedModel = AutoModel.from_pretrained(
        folder,
        attn_implementation="eager",
        dtype=torch.float32,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
    )
    return model.to(device())


def vectors(model: PreTrainedModel, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """One unit vector a row, in float32."""
    hidden = model(input_ids=pieces, attention_mask=mask).last_hidden_state.float()
    weights = mask.unsqueeze(-1).float()
    return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)


def encode_all(model: PreTrainedModel, tokenizer: Tokenizer, texts: list[str], longest: int = 64) -> Vectors:
    """Vectors of many texts, in their order."""
    model.eval()
    rows = encode(texts, tokenizer, longest)
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    result = np.zeros((len(rows), model.config.hidden_size), dtype=np.float32)
    for start in range(0, len(order), 256):
        chosen = order[start : start + 256]
        pieces, mask = pad([rows[number] for number in chosen])
        with torch.inference_mode(), half_precision():
            found = vectors(model, torch.from_numpy(pieces).to(device()), torch.from_numpy(mask).to(device()))
        result[chosen] = found.cpu().numpy()
    return result
