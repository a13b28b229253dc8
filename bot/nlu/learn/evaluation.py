"""Figures anyone can compute again: accuracy on labelled rows, and what the bands did with them."""

import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.model.understanding import Band, Hints, Parse
from bot.nlu.learn.quality import Line, check, read_tsv
from bot.nlu.learn.training import Goal, train
from bot.nlu.match.confidence import HELD_OUT, Curve
from bot.nlu.match.rows import OUT_OF_SCOPE, Row
from bot.nlu.reader import MessageReader
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder
from bot.nlu.text.encoders import resolve
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.language import LanguageReader, learn_words

_COMPONENT = "bot.nlu.graph.Understanding"
_STEPS, _BINS = 60, 10


def evaluate_nlu(
    train_tsv: Path,
    test_tsv: Path,
    *,
    unknown_label: str | None = None,
    target_precision: float | None = None,
    project_dir: Path = Path(),
    model: str | None = None,
) -> dict[str, Any]:
    """Train the pipeline of config.yml on one file and read the other with it.

    Args:
        unknown_label: label of test rows that must not be answered; they count in coverage and precision alone.
        target_precision: what the bands are drawn for, on the training rows alone; None = the setting of config.yml.
        model: another encoder than config.yml names.
    Returns:
        accuracy, macro_f1 (in percent, over rows of known labels), answered share and precision of the answers (in
        percent, over all rows), p50_ms and p95_ms of one message, train_s, memory_mb, rows.
    Raises:
        SettingError: a file with a line that cannot be learnt from.
    """
    taught, asked = read_tsv(train_tsv), read_tsv(test_tsv)
    check(taught, allow_conflicts=True)
    config = _config(project_dir)
    goal = Goal(target_precision or config.get("target_precision", 0.98), config.get("unknown_share", 0.15))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as work_dir:
        encoder = Encoder(resolve(model or config.get("model", "it-en"), project_dir, Path(work_dir)))
    read = _trained(taught, EmbeddingCache(encoder), goal)
    train_s = time.perf_counter() - started
    parses, times_ms = [], []
    for line in asked:
        before = time.perf_counter()
        parses.append(read(line.text))
        times_ms.append(1_000 * (time.perf_counter() - before))
    return {
        **figures(
            [line.label for line in asked],
            [parse.intent for parse in parses],
            [parse.band is Band.ANSWER for parse in parses],
            unknown_label,
        ),
        "p50_ms": round(statistics.median(times_ms), 2),
        "p95_ms": round(float(np.quantile(times_ms, 0.95)), 2),
        "train_s": round(train_s, 1),
        "memory_mb": memory_mb(),
        "rows": {"train": len(taught), "test": len(asked)},
    }


def _config(project_dir: Path) -> dict[str, Any]:
    file = project_dir / "config.yml"
    if not file.is_file():
        return {}
    pipeline = yaml.safe_load(file.read_text(encoding="utf-8")).get("pipeline") or []
    return next((step for step in pipeline if step.get("name") == _COMPONENT), {})


def _trained(taught: Sequence[Line], embeddings: EmbeddingCache, goal: Goal) -> Callable[[str], Parse]:
    first = LanguageReader()
    rows = [Row(line.text, line.label, first.sure(line.text)) for line in taught]
    languages = LanguageReader(learn_words((row.text, row.language) for row in rows))
    snapshot = train(rows, embeddings, goal)
    reader = MessageReader(languages, EntityReader(), None)
    most = Counter(row.language for row in rows if row.language).most_common(1)
    # The language of the data is what a conversation in it would have told.
    hints = Hints(language=most[0][0] if most else None)
    return lambda text: reader.parse(text, hints, snapshot)


def figures(truth: Sequence[str], said: Sequence[str], answered: Sequence[bool], unknown: str | None) -> dict[str, Any]:
    """Shares in percent; see `evaluate_nlu`."""
    known = [(t, s) for t, s in zip(truth, said, strict=True) if t != unknown]
    sure = [t == s for t, s, a in zip(truth, said, answered, strict=True) if a]
    return {
        "accuracy": _percent(t == s for t, s in known),
        "macro_f1": round(100 * macro_f1(known), 2),
        "answered": round(100 * len(sure) / len(truth), 2),
        "precision": _percent(sure),
    }


def _percent(hits: Iterable[bool]) -> float | None:
    """None where nothing was counted."""
    found = list(hits)
    return round(100 * sum(found) / len(found), 2) if found else None


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the true labels."""
    right = Counter(t for t, s in pairs if t == s)
    truths, answers = Counter(t for t, _ in pairs), Counter(s for _, s in pairs)
    return statistics.fmean(2 * right[t] / (truths[t] + answers[t]) for t in truths) if truths else 0.0


def evaluate_faq(lines: Sequence[tuple[str, str]], parse: Callable[[str], Parse]) -> dict[str, Any]:
    """(label, text) rows of a shop through its understanding; label = FAQ id, '@intent' or '@out_of_scope'.

    Returns:
        For 'all' and each language met: messages, top1, top1_by_label (mean over labels), among_offered (the right one
        is among the first three), answered, offered, handed_over, precision of direct answers, and the share of out of
        scope messages that got no direct answer.
    """
    read = [(label, parse(text)) for label, text in lines]
    languages = sorted({found.language for _, found in read})
    return {
        "all": _shop_figures(read),
        **{language: _shop_figures([pair for pair in read if pair[1].language == language]) for language in languages},
    }


def _label(intent: str, faq_id: str | None) -> str:
    return faq_id or f"@{intent}"


def _shop_figures(read: Sequence[tuple[str, Parse]]) -> dict[str, Any]:
    outside = f"@{OUT_OF_SCOPE}"
    inside = [(label, found) for label, found in read if label != outside]
    strangers = [found for label, found in read if label == outside]
    hits: dict[str, list[bool]] = {}
    for label, found in inside:
        hits.setdefault(label, []).append(_label(found.intent, found.faq_id) == label)
    direct = [(label, found) for label, found in read if found.band is Band.ANSWER and found.intent != OUT_OF_SCOPE]
    bands = Counter(found.band for _, found in read)
    return {
        "messages": len(read),
        "top1": _percent(hit for own in hits.values() for hit in own),
        "top1_by_label": round(100 * statistics.fmean(sum(own) / len(own) for own in hits.values()), 2)
        if hits
        else None,
        "among_offered": _percent(
            label in [_label(c.intent, c.faq_id) for c in found.candidates[:3]] for label, found in inside
        ),
        "answered": _percent(found.band is Band.ANSWER for _, found in inside),
        "offered": round(100 * bands[Band.OFFER] / len(read), 2) if read else None,
        "handed_over": round(100 * bands[Band.HAND_OVER] / len(read), 2) if read else None,
        "precision": _percent(_label(found.intent, found.faq_id) == label for label, found in direct),
        "out_of_scope_not_answered": _percent(
            found.band is not Band.ANSWER or found.intent == OUT_OF_SCOPE for found in strangers
        ),
    }


def estimate_unknown_share(curve: Curve, confidences: Sequence[float]) -> float:
    """The share of unknown messages under which the held-out rows look most like the live ``confidences``.

    Expectation maximisation over a mixture of two histograms; needs a few hundred messages to mean much.
    """
    edges = np.quantile(curve.confidence, np.linspace(0, 1, _BINS + 1)[1:-1])
    unknown = _histogram(curve.confidence[curve.kind == HELD_OUT], edges)
    known = _histogram(curve.confidence[curve.kind != HELD_OUT], edges)
    where = np.searchsorted(edges, np.asarray(confidences, dtype=np.float64))
    share = 0.5
    for _ in range(_STEPS):
        odds = share * unknown[where]
        share = float((odds / (odds + (1 - share) * known[where])).mean()) if len(where) else share
    return round(share, 3)


def _histogram(values: Any, edges: Any) -> Any:
    counts = np.bincount(np.searchsorted(edges, values), minlength=_BINS) + 0.5
    return counts / counts.sum()


def memory_mb() -> int:
    """Highest resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
