"""Bands are drawn from rows left out, for a stated precision and a stated share of unknown messages."""

import numpy as np
import pytest

from bot.model.understanding import Band
from bot.nlu.archive import Model
from bot.nlu.learn.evaluation import estimate_unknown_share
from bot.nlu.learn.training import Goal, with_goal
from bot.nlu.match.confidence import HELD_OUT, KNOWN, Curve, fit_confidence


def curve(*, unknown: int = 400, seed: int = 0) -> Curve:
    """1,000 known rows, right as often as their confidence says, and unknown ones of lower confidence, all wrong."""
    rng = np.random.default_rng(seed)
    known = rng.uniform(0.3, 1.0, 1_000)
    confidence = np.concatenate([known, rng.uniform(0.0, 0.8, unknown)])
    right = np.concatenate([rng.uniform(size=1_000) < known, np.zeros(unknown, dtype=bool)])
    kind = np.array([KNOWN] * 1_000 + [HELD_OUT] * unknown)
    return Curve(confidence, right, right, kind)


def realised(found: Curve, border: float, unknown_share: float) -> float:
    weights = np.where(
        found.kind == HELD_OUT,
        unknown_share / (found.kind == HELD_OUT).mean(),
        (1 - unknown_share) / (found.kind == KNOWN).mean(),
    )
    above = found.confidence >= border
    return float((weights * found.right)[above].sum() / weights[above].sum())


@pytest.mark.parametrize("target", [0.8, 0.9, 0.95])
def test_the_target_precision_holds_on_other_messages_of_the_same_kind(target: float) -> None:
    border = curve().bands(target, 0.15).answer

    assert realised(curve(seed=1), border, 0.15) >= target - 0.01


def test_more_unknown_messages_make_the_bot_more_careful() -> None:
    assert curve().bands(0.85, 0.5).answer > curve().bands(0.85, 0.05).answer


def test_a_target_that_nothing_reaches_answers_nothing() -> None:
    found = curve()
    hopeless = Curve(found.confidence, np.zeros_like(found.right), found.among, found.kind)

    assert hopeless.bands(0.98, 0.15).of(0.98) is not Band.ANSWER


def test_offers_lie_below_answers() -> None:
    bands = curve().bands(0.9, 0.15)

    assert [bands.of(confidence) for confidence in (1.0, (bands.answer + bands.offer) / 2, 0.0)] == [
        Band.ANSWER,
        Band.OFFER,
        Band.HAND_OVER,
    ]


def test_another_goal_moves_the_bands_without_training(shop: Model) -> None:
    strict = with_goal(shop.snapshot, Goal(target_precision=0.99))

    assert strict.trained is not None
    assert shop.snapshot.trained is not None
    assert strict.trained.scorer.bands.answer > shop.snapshot.trained.scorer.bands.answer
    assert strict.trained.head is shop.snapshot.trained.head


def test_confidence_follows_the_signals_that_tell_right_from_wrong() -> None:
    rng = np.random.default_rng(3)
    signals = rng.normal(size=(600, 4))
    right = signals[:, 0] + 0.3 * rng.normal(size=600) > 0
    fitted = fit_confidence(signals, right, right, np.zeros(600, dtype=int), 0.15)

    assert fitted.of([3.0, 0.0, 0.0, 0.0]) > 0.9
    assert fitted.of([-3.0, 0.0, 0.0, 0.0]) < 0.1


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_the_share_of_unknown_messages_is_estimated_from_live_confidences(share: float) -> None:
    held_out, live = curve(unknown=1_000), curve(unknown=1_000, seed=5)
    rng = np.random.default_rng(1)
    known = live.confidence[live.kind == KNOWN][: int(1_000 * (1 - share))]
    unknown = rng.choice(live.confidence[live.kind == HELD_OUT], int(1_000 * share))

    assert estimate_unknown_share(held_out, [*known, *unknown]) == pytest.approx(share, abs=0.08)
