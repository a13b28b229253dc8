"""Fitting a head in a process of its own: it competes with no answer, is stopped at once, and is kept for next time.

    python -m bot.nlu.learn.fitting FOLDER      what `HeadFitter` runs: reads FOLDER/task.*, writes what `Fitted` reads
"""

import asyncio
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bot.nlu.learn.training import Goal, fit
from bot.nlu.match.confidence import Confidence
from bot.nlu.match.head import Head
from bot.nlu.match.index import build_index
from bot.nlu.match.knowledge import Knowledge
from bot.nlu.match.rows import Row
from bot.nlu.match.snapshot import Snapshot
from bot.nlu.match.store import read_json, write_json

logger = logging.getLogger(__name__)

_NICENESS = 10
#: Heads that are kept on disk, the newest ones: somebody who takes a change back finds the earlier one.
_KEPT = 3
_TASK, _LOG, _KNOWLEDGE = "task", "log.txt", "knowledge"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head and its calibration."""

    head: Head
    confidence: Confidence

    def save(self, folder: Path) -> None:
        self.head.save(folder)
        self.confidence.save(folder / "confidence.npz")

    @classmethod
    def load(cls, folder: Path) -> "Fitted":
        return cls(Head.load(folder), Confidence.load(folder / "confidence.npz"))


@lru_cache(maxsize=1)
def _code() -> str:
    """A hash of this package: what other code fitted is fitted again."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def key(snapshot: Snapshot) -> str:
    """Names the head of these rows under this model."""
    parts = (snapshot.rows_id, snapshot.model, snapshot.embeddings.encoder.id, _code())
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:24]


class HeadFitter:
    """At most one fit at a time, in a child process.

    Args:
        folder: where fitted heads are kept between starts; None = nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    def kept(self, snapshot: Snapshot) -> Fitted | None:
        """The head that was fitted for these rows before; None where there is none or it cannot be read."""
        if self._folder is None or not (self._folder / key(snapshot)).is_dir():
            return None
        try:
            fitted = Fitted.load(self._folder / key(snapshot))
        except (OSError, ValueError, KeyError, EOFError):
            logger.warning("kept head %s cannot be read; it is fitted again", key(snapshot), exc_info=True)
            shutil.rmtree(self._folder / key(snapshot), ignore_errors=True)
            return None
        os.utime(self._folder / key(snapshot))
        return fitted

    async def fit(self, snapshot: Snapshot, goal: Goal) -> Fitted | None:
        """Fit and keep; None where the process failed. A cancelled fit is killed."""
        with tempfile.TemporaryDirectory(prefix="sportello-head-") as name:
            folder = Path(name)
            await asyncio.to_thread(_write_task, snapshot, goal, folder)
            code = await self._run(folder)
            if code != 0:
                log = (folder / _LOG).read_text(encoding="utf-8", errors="replace")
                logger.warning("fitting a head ended with %s; retrieval goes on alone. %s", code, log[-2_000:])
                return None
            fitted = await asyncio.to_thread(Fitted.load, folder)
            await asyncio.to_thread(self._keep, snapshot, fitted)
        return fitted

    def stop(self) -> None:
        """Kill the fit that runs."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _run(self, folder: Path) -> int:
        with (folder / _LOG).open("wb") as log:
            # The child ends when its standard input does: it never outlives a desk that was killed. A session of its
            # own keeps Ctrl-C from it, which this process answers.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.nlu.learn.fitting", str(folder), cwd=Path(__file__).parents[3],
                stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
            try:
                return await self._process.wait()
            finally:
                self.stop()

    def _keep(self, snapshot: Snapshot, fitted: Fitted) -> None:
        if self._folder is None:
            return
        target = self._folder / key(snapshot)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
            fitted.save(unfinished)
            if target.is_dir():
                shutil.rmtree(target)
            unfinished.rename(target)
            kept = sorted(self._folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
            for old in kept[_KEPT:]:
                shutil.rmtree(old, ignore_errors=True)
        except OSError:
            logger.warning("the fitted head cannot be kept in %s", self._folder, exc_info=True)


def _write_task(snapshot: Snapshot, goal: Goal, folder: Path) -> None:
    index = snapshot.index
    about = {
        "rows": [[row.text, row.label, row.language, row.kind] for row in index.all_rows],
        "goal": [goal.target_precision, goal.unknown_share],
    }
    write_json(folder / f"{_TASK}.json", about)
    np.save(folder / f"{_TASK}.npy", index.vectors, allow_pickle=False)
    snapshot.knowledge.save(folder / _KNOWLEDGE)


def main(folder: Path) -> None:
    """Read the task, fit, write what `Fitted.load` reads."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(OSError):
        os.nice(_NICENESS)
    about = read_json(folder / f"{_TASK}.json")
    vectors = np.load(folder / f"{_TASK}.npy", allow_pickle=False)
    knowledge = Knowledge.load(folder / _KNOWLEDGE)
    index = build_index([Row(*row) for row in about["rows"]], None, knowledge.field, vectors=vectors)
    with threadpool_limits(1):
        trained = fit(index, knowledge, Goal(*about["goal"]))
    Fitted(trained.head, trained.scorer.confidence).save(folder)


def _end_with_parent() -> None:
    # Not through sys.stdin: a thread that waits in its buffer breaks the interpreter's own end.
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
