"""From rows to a snapshot: what `rasa train`, a publication and the evaluation all do."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.nlu.learn.crossfit import Held, cross_fit, fit_pair
from bot.nlu.learn.tuning import tune_fusions
from bot.nlu.match.confidence import HELD_OUT, KNOWN, OUTSIDE, Confidence, fit_confidence
from bot.nlu.match.head import Head
from bot.nlu.match.index import Index, build_index
from bot.nlu.match.knowledge import Knowledge, shipped
from bot.nlu.match.rows import Row, rows_id, with_names
from bot.nlu.match.signals import head_signals, outside_of
from bot.nlu.match.snapshot import Scorer, Snapshot, Trained
from bot.nlu.match.store import Array
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.ngrams import Vectoriser


@dataclass(frozen=True, slots=True)
class Goal:
    """What the shop asks for: precision of direct answers, and the share of messages that nobody taught the desk."""

    target_precision: float = 0.98
    unknown_share: float = 0.15


def scorer(confidence: Confidence, goal: Goal) -> Scorer:
    """For the matcher, which was judged on shops that it had not seen."""
    return Scorer(confidence, confidence.curve.bands(goal.target_precision, goal.unknown_share))


def head_scorer(confidence: Confidence, goal: Goal) -> Scorer:
    """For a head, which was judged on rows left out of those that taught it."""
    return Scorer(
        confidence, confidence.curve.bands(goal.target_precision, goal.unknown_share, like_taught=True)
    )


def train(
    rows: Sequence[Row],
    embeddings: EmbeddingCache,
    goal: Goal,
    *,
    faq_version: str = "",
    knowledge: Knowledge | None = None,
) -> Snapshot:
    """Index and head from nothing but rows, of which one at least is asked.

    Args:
        knowledge: fitted on this encoder; None = what is shipped for it.
    """
    knowledge = knowledge or shipped()
    rows = with_names(rows)
    index = build_index(rows, embeddings, knowledge.field)
    identity = rows_id(rows)
    return Snapshot(
        index=index,
        embeddings=embeddings,
        knowledge=knowledge,
        matching=scorer(knowledge.confidence, goal),
        trained=fit(index, knowledge, goal),
        rows_id=identity,
        faq_version=faq_version or identity,
        model=hashlib.sha256(f"{identity} {embeddings.encoder.id}".encode()).hexdigest()[:16],
    )


def fit(index: Index, knowledge: Knowledge, goal: Goal) -> Trained:
    """The head with its calibration, from rows left out."""
    vectoriser = Vectoriser.fit(index.texts, len(index.labels))
    matrix = vectoriser.matrix(index.texts)
    held = cross_fit(index, (vectoriser, matrix), knowledge)
    fusions = tune_fusions(held)
    letters, meaning = fit_pair(matrix, index, np.ones(len(index.rows), dtype=bool))
    head = Head(index.labels, vectoriser, letters, meaning, fusions)
    return Trained(head, head_scorer(_judge_head(held, head, goal, outside_of(index.labels)), goal))


def _judge_head(held: Sequence[Held], head: Head, goal: Goal, outside: int) -> Confidence:
    signals, tops = [], []
    for row in held:
        fused = head.fused(row.query.language, row.letters, row.meaning, row.found.p, row.share)
        signals.append(head_signals(row.query, row.found, row.letters, row.meaning, fused, outside))
        tops.append(np.argsort(-fused)[:3])
    return _judge(held, signals, tops, goal, outside)


def _judge(
    held: Sequence[Held], signals: Sequence[list[float]], tops: Sequence[Array], goal: Goal, outside: int
) -> Confidence:
    """``outside``: number of the label out_of_scope, -1 where there is none."""
    truths = np.array([row.truth for row in held])
    known = np.array([row.known for row in held])
    best = np.array([top[0] for top in tops])
    right = np.where(known, best == truths, best == outside)
    among = known & np.array([truth in top.tolist() for truth, top in zip(truths, tops, strict=True)])
    kind = np.where(known, np.where(truths == outside, OUTSIDE, KNOWN), HELD_OUT)
    return fit_confidence(np.array(signals), right, among, kind, goal.unknown_share)


def with_rows(
    snapshot: Snapshot, rows: Sequence[Row], faq_version: str, *, served: Snapshot | None = None
) -> Snapshot:
    """The same snapshot over other rows, at once. The head stays only where the rows are the same.

    Args:
        served: another snapshot of the same model, taken where it has these very rows.
    """
    identity = rows_id(rows)
    for known in (snapshot, served):
        if known is not None and identity == known.rows_id:
            return replace(known, faq_version=faq_version)
    index = build_index(rows, snapshot.embeddings, snapshot.knowledge.field)
    return replace(snapshot, index=index, trained=None, rows_id=identity, faq_version=faq_version)


def with_head(snapshot: Snapshot, goal: Goal) -> Snapshot:
    """The same rows with a head fitted on them, and its calibration. Takes seconds to minutes."""
    return replace(snapshot, trained=fit(snapshot.index, snapshot.knowledge, goal))


def with_goal(snapshot: Snapshot, goal: Goal) -> Snapshot:
    """Other bands from the curves that are there: no fitting."""
    trained = snapshot.trained
    return replace(
        snapshot,
        matching=scorer(snapshot.knowledge.confidence, goal),
        trained=trained and Trained(trained.head, head_scorer(trained.scorer.confidence, goal)),
    )
