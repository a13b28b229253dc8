"""The systems of the benchmark behind one call each: teach these rows, ask those, say how long it took."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from benchmarks.servers import QUIET
from benchmarks.understanding_sets import UNKNOWN, Row, Set, Split
from bot.nlu.learn.evaluation import evaluate_nlu, figures

ROOT = Path(__file__).parents[1]
TARGET_PRECISION, UNKNOWN_SHARE = 0.98, 0.15
_NLPJS = ROOT / "build" / "nlpjs"
_RUNNER = Path(__file__).parent / "nlpjs" / "understand.js"
_PACKAGES = {
    "@nlpjs/core": "4.26.1",
    "@nlpjs/nlu": "4.27.0",
    "@nlpjs/lang-en": "4.26.1",
    "@nlpjs/lang-it": "4.26.1",
}
_LEFT_OUT = 5
#: Messages that a median of milliseconds is taken over, where asking all at once is quicker.
_TIMED = 300


class Answers(NamedTuple):
    """One label and one score a text; ``note``: a setting that was chosen."""

    labels: list[str]
    scores: list[float]
    train_s: float
    p50_ms: float
    note: str = ""


class Measured(NamedTuple):
    """In percent, as in bot.nlu.learn.evaluation; ``answered`` and ``precision`` where bands were drawn.

    Attributes:
        load: processes waiting for a core at the end; above the number of cores, the times say too much.
    """

    accuracy: float
    macro_f1: float
    train_s: float
    p50_ms: float
    answered: float | None = None
    precision: float | None = None
    note: str = ""
    load: float = 0.0


Learner = Callable[[Sequence[Row], Sequence[str], str], Answers]


def ours(data: Set) -> Measured:
    """`sportello evaluate nlu` on files; folds are pooled by their rows."""
    found = [_evaluated(split) for split in data.splits]

    def pooled(name: str) -> float:
        return sum(one[name] * one["rows"]["test"] for one in found) / sum(one["rows"]["test"] for one in found)

    return Measured(
        accuracy=round(pooled("accuracy"), 2),
        macro_f1=round(pooled("macro_f1"), 2),
        train_s=statistics.fmean(one["train_s"] for one in found),
        p50_ms=statistics.median(one["p50_ms"] for one in found),
        answered=round(pooled("answered"), 2),
        precision=found[0]["precision"] if len(found) == 1 else None,
    )


def _evaluated(split: Split) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        files = []
        for name, rows in zip(("taught.tsv", "asked.tsv"), split, strict=True):
            files.append(Path(folder) / name)
            lines = [f"{row.label}\t{row.text}\n" for row in rows]
            files[-1].write_text("intent\ttext\n" + "".join(lines), encoding="utf-8")
        return evaluate_nlu(
            *files, unknown_label=UNKNOWN, target_precision=TARGET_PRECISION, project_dir=ROOT, model=None
        )


def theirs(learner: Learner, data: Set) -> Measured:
    """The same for any learner; where bands are asked for, its border is drawn on rows of TRAIN left out."""
    border = _border(learner, data) if data.bands else None
    read = [learner(split.taught, [row.text for row in split.asked], data.language) for split in data.splits]
    truth = [row.label for split in data.splits for row in split.asked]
    said = [label for answers in read for label in answers.labels]
    scores = [score for answers in read for score in answers.scores]
    answered = [border is not None and score >= border for score in scores]
    found = figures(truth, said, answered, UNKNOWN)
    return Measured(
        accuracy=found["accuracy"],
        macro_f1=found["macro_f1"],
        train_s=statistics.fmean(answers.train_s for answers in read),
        p50_ms=statistics.median(answers.p50_ms for answers in read),
        answered=found["answered"] if data.bands else None,
        precision=found["precision"] if data.bands else None,
        note="; ".join(dict.fromkeys(answers.note for answers in read if answers.note)),
    )


def _border(learner: Learner, data: Set) -> float:
    """The lowest score that keeps the precision when a fifth of the rows and a fifth of the intents were not taught.

    None of them: a score that nothing reaches. Unknown rows weigh as much as the desk assumes of them.
    """
    taught = data.splits[0].taught
    rng = np.random.default_rng(7)
    intents = sorted({row.label for row in taught})
    strangers = set(rng.permutation(intents)[: len(intents) // _LEFT_OUT].tolist())
    held = rng.random(len(taught)) < 1 / _LEFT_OUT
    judged = [row for row, out in zip(taught, held, strict=True) if out or row.label in strangers]
    rest = [row for row, out in zip(taught, held, strict=True) if not out and row.label not in strangers]
    read = learner(rest, [row.text for row in judged], data.language)
    known = np.array([row.label not in strangers for row in judged])
    right = np.array([row.label == label for row, label in zip(judged, read.labels, strict=True)])
    weights = np.where(known, (1 - UNKNOWN_SHARE) / known.mean(), UNKNOWN_SHARE / (1 - known.mean()))
    order = np.argsort(-np.array(read.scores), kind="stable")
    scores = np.array(read.scores)[order]
    precision = np.cumsum((weights * right)[order]) / np.cumsum(weights[order])
    # Equal scores are answered together or not at all.
    ends = np.append(scores[1:] != scores[:-1], True)
    good = np.flatnonzero((precision >= TARGET_PRECISION) & ends)
    return float(scores[good[-1]]) if len(good) else float("inf")


def svm(taught: Sequence[Row], asked: Sequence[str], language: str) -> Answers:
    """TF-IDF over words and letters, a linear SVM; the score is the margin to the second best."""
    begun = time.perf_counter()
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    model = LinearSVC(random_state=0).fit(features.fit_transform([row.text for row in taught]), [*map(_label, taught)])
    train_s = time.perf_counter() - begun
    distances = model.decision_function(features.transform(asked))
    if distances.ndim == 1:
        distances = np.stack([-distances, distances], axis=1)
    ranked = np.sort(distances, axis=1)
    labels = model.classes_[distances.argmax(axis=1)].tolist()
    times = [_timed(lambda text=text: model.predict(features.transform([text]))) for text in asked[:_TIMED]]
    return Answers(labels, (ranked[:, -1] - ranked[:, -2]).tolist(), train_s, statistics.median(times))


def _label(row: Row) -> str:
    return row.label


def _timed(call: Callable[[], Any]) -> float:
    before = time.perf_counter()
    call()
    return 1_000 * (time.perf_counter() - before)


def rasa(config: str) -> Learner:
    """``config``: 'default' or 'lean'. In a process of its own, which takes its memory with it."""

    def learner(taught: Sequence[Row], asked: Sequence[str], language: str) -> Answers:
        return _apart([sys.executable, "-m", "benchmarks.understanding_rasa", config], ROOT, taught, asked, language)

    return learner


def nlpjs(taught: Sequence[Row], asked: Sequence[str], language: str) -> Answers:
    """See nlpjs/understand.js."""
    return _apart(["node", str(_RUNNER)], _NLPJS, taught, asked, language)


def nlpjs_missing() -> str | None:
    """Why nlp.js cannot run here; installs it where it can."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "nlp.js left out: node and npm are not installed here"
    _NLPJS.mkdir(parents=True, exist_ok=True)
    (_NLPJS / "package.json").write_text(json.dumps({"private": True, "dependencies": _PACKAGES}), encoding="utf-8")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=_NLPJS, capture_output=True, text=True)
    return None if done.returncode == 0 else f"nlp.js left out: npm install failed ({done.stderr.strip()[-120:]})"


def _apart(
    command: list[str], folder: Path, taught: Sequence[Row], asked: Sequence[str], language: str
) -> Answers:
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as work:
        told, heard, log = (Path(work) / name for name in ("in.json", "out.json", "log"))
        told.write_text(json.dumps({"language": language, "train": taught, "ask": asked}), encoding="utf-8")
        with log.open("wb") as out:
            whole = [*command, str(told), str(heard)]
            done = subprocess.run(whole, cwd=folder, env=dict(os.environ) | QUIET, stdout=out, stderr=out)
        if done.returncode != 0:
            raise RuntimeError(f"{command[:3]} failed: {log.read_text(encoding='utf-8', errors='replace')[-600:]}")
        return Answers(**json.loads(heard.read_text(encoding="utf-8")))
