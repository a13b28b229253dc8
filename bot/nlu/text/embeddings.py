"""Embeddings of rows, remembered on disk by encoder and text, so that only changed lines are encoded."""
import logging
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu.match.store import Array
from bot.nlu.text.encoder import Encoder

logger = logging.getLogger(__name__)


class EmbeddingCache:
    """Normalised text → embedding, in memory and, with a ``file``, on disk.

    A file that cannot be read or written is only slower: the texts are encoded again.
    """

    def __init__(self, encoder: Encoder, file: Path | None = None) -> None:
        self.encoder = encoder
        self._file = file
        self._known: dict[str, Array] = {}
        self._lock = threading.Lock()
        if file is not None:
            self._load(file)

    def known(self) -> dict[str, Array]:
        return dict(self._known)

    def learn(self, vectors: dict[str, Array]) -> None:
        """Take embeddings that this very encoder made before."""
        self._known.update(vectors)

    def vector(self, text: str) -> Array:
        """The embedding of one text, known or made; nothing is remembered: messages are not rows."""
        known = self._known.get(text)
        return self.encoder.encode(text) if known is None else known

    def matrix(self, texts: Sequence[str]) -> Array:
        """One embedding a text; only new texts are encoded. Made for one caller at a time."""
        with self._lock:
            fresh = {text: self.encoder.encode(text) for text in dict.fromkeys(texts) if text not in self._known}
            self._known.update(fresh)
            self._save(fresh)
            if not texts:
                return np.zeros((0, self.encoder.size), dtype=np.float32)
            return np.stack([self._known[text] for text in texts])

    def _connect(self, file: Path) -> sqlite3.Connection:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=2)
        connection.execute(
            "create table if not exists embedding"
            " (encoder text, text text, vector blob, primary key (encoder, text)) without rowid"
        )
        return connection

    def _load(self, file: Path) -> None:
        try:
            with self._connect(file) as connection:
                rows = connection.execute("select text, vector from embedding where encoder = ?", (self.encoder.id,))
                self._known = {text: np.frombuffer(vector, dtype=np.float32) for text, vector in rows}
            connection.close()
        except sqlite3.Error:
            logger.warning("embedding cache %s cannot be read; texts are encoded again", file, exc_info=True)

    def _save(self, fresh: dict[str, Array]) -> None:
        if self._file is None or not fresh:
            return
        rows = [(self.encoder.id, text, vector.astype(np.float32).tobytes()) for text, vector in fresh.items()]
        try:
            with self._connect(self._file) as connection:
                connection.executemany("insert or replace into embedding values (?, ?, ?)", rows)
            connection.close()
        except sqlite3.Error:
            logger.warning("embedding cache %s cannot be written", self._file, exc_info=True)
