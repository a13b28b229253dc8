"""Sentence embeddings from an exported encoder folder: ONNX Runtime and tokenizers alone, no torch.

A folder is a sentence-transformers folder with ``tokenizer.json`` and ``onnx/model_qint8.onnx``
(or ``onnx/model.onnx``).
"""
import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from bot.nlu.match.store import Array, read_json

GRAPHS = ("onnx/model_qint8.onnx", "onnx/model.onnx")
_MAX_TOKENS = 128


class EncoderError(Exception):
    """An encoder folder or name cannot be used. The text says what to do."""


def graph_of(folder: Path) -> Path:
    """The graph file of an encoder folder.

    Raises:
        EncoderError: the folder holds none.
    """
    for name in GRAPHS:
        if (folder / name).is_file():
            return folder / name
    raise EncoderError(f"'{folder}' holds no {' or '.join(GRAPHS)}: it is no exported sentence encoder.")


def folder_id(folder: Path) -> str:
    """Hash of graph and tokenizer: embeddings of two folders may be mixed exactly when their ids are equal."""
    digest = hashlib.sha256()
    for file in (graph_of(folder), folder / "tokenizer.json"):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _prefix(folder: Path) -> str:
    """The default prompt of the folder ('query: '), '' for most models."""
    file = folder / "config_sentence_transformers.json"
    if not file.is_file():
        return ""
    config = read_json(file)
    return str((config.get("prompts") or {}).get(config.get("default_prompt_name") or "", ""))


def _max_tokens(folder: Path) -> int:
    file = folder / "sentence_bert_config.json"
    declared = read_json(file).get("max_seq_length") if file.is_file() else None
    return min(int(declared or _MAX_TOKENS), _MAX_TOKENS)


class Encoder:
    """One text at a time: int8 scales are per batch, and neighbours in a batch would change an answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder_id(folder)
        self._prefix = _prefix(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_max_tokens(folder))
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        # Spinning threads cost more than they give where one message is read at a time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(str(graph_of(folder)), options, providers=["CPUExecutionProvider"])
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._lock = threading.Lock()
        self.size = int(self.encode("a").shape[0])

    def encode(self, text: str) -> Array:
        """A unit vector (float32) of a normalised text."""
        with self._lock:
            encoding = self._tokenizer.encode(self._prefix + text)
        ids = np.array([encoding.ids], dtype=np.int64)
        mask = np.array([encoding.attention_mask], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        vector = output[0]
        if output.ndim == 3:
            weights = mask[0].astype(np.float32)
            vector = weights @ vector / weights.sum()
        vector = vector.astype(np.float32)
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def is_word(self, word: str) -> bool:
        """The encoder has one piece for it, as for all words that are frequent in its languages."""
        with self._lock:
            return len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1

    def encode_all(self, texts: Sequence[str]) -> Array:
        """One row per text; still one at a time."""
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        return np.stack([self.encode(text) for text in texts])
