"""A delivered folder at work, as serving runs it: onnxruntime and tokenizers, one text at a time, one thread."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]


class OnnxEncoder:
    """Unit vectors of single texts; int8 scales depend on the whole batch, so there is no batch."""

    def __init__(self, tokenizer: Path, graph: Path, longest: int = 128) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._known: dict[str, Vectors] = {}
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def vector(self, text: str) -> Vectors:
        pieces = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        fed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces)}
        mean = self._session.run(None, fed)[0][0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)

    def vectors(self, texts: list[str]) -> Vectors:
        """One row a text, in their order; a text met before is not run again."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self.vector(text)
        return np.stack([self._known[text] for text in texts])

    def median_ms(self, texts: list[str]) -> float:
        """Median milliseconds a text, tokenizer included, after a warm-up."""
        spent = []
        for text in texts[:20] + texts:
            started = time.perf_counter()
            self.vector(text)
            spent.append(time.perf_counter() - started)
        return float(np.median(spent[20:]) * 1000)
