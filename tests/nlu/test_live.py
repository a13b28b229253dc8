"""Publications are served at once by retrieval; the head follows with its own calibration."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.model.understanding import Band, Hints
from bot.nlu.archive import Model
from bot.nlu.learn.training import Goal
from bot.nlu.live import LiveUnderstanding
from tests.nlu.conftest import SHOP, entry, publication

GOAL = Goal(target_precision=0.7)
PARROTS = entry("parrots", ["Vendete mangime per pappagalli?"])


@pytest.fixture
def live(shop: Model) -> LiveUnderstanding:
    served = LiveUnderstanding(fit_head=False)
    served.adopt(shop, GOAL)
    return served


async def test_a_new_entry_is_found_with_one_phrasing_and_no_training(live: LiveUnderstanding) -> None:
    await live.publish(publication("p2", *SHOP, PARROTS))

    found = live.parse("avete mangime per i pappagalli", Hints())

    assert (found.faq_id, found.artefacts["faq_version"], found.artefacts["scorer"]) == ("parrots", "p2", "retrieval")


async def test_a_removed_entry_is_no_longer_found(live: LiveUnderstanding) -> None:
    await live.publish(publication("p2", *(one for one in SHOP if one.id != "shipping-cost")))

    found = live.parse("quanto costa la spedizione?", Hints())

    assert "shipping-cost" not in [candidate.faq_id for candidate in found.candidates]


async def test_the_entries_that_the_model_was_trained_on_keep_their_head(live: LiveUnderstanding) -> None:
    await live.publish(publication("p1", *SHOP))

    assert live.parse("quanto costa la spedizione?", Hints()).artefacts["scorer"] == "head"
    assert live.snapshot is not None
    assert live.snapshot.faq_version == "p1"


async def test_the_head_takes_over_with_its_own_calibration(shop: Model) -> None:
    live = LiveUnderstanding()
    live.adopt(shop, GOAL)
    await live.publish(publication("p2", *SHOP, PARROTS))
    await live.settled()

    snapshot = live.snapshot
    assert snapshot is not None
    assert snapshot.trained is not None
    assert "faq/parrots" in snapshot.trained.head.labels
    assert shop.snapshot.trained is not None
    assert snapshot.trained.scorer is not shop.snapshot.trained.scorer


async def test_the_fitted_head_is_there_at_the_next_start(
    shop: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = LiveUnderstanding(cache_file=tmp_path / "embeddings.sqlite")
    first.adopt(shop, GOAL)
    await first.publish(publication("p2", *SHOP, PARROTS))
    await first.settled()
    monkeypatch.setattr("bot.nlu.learn.fitting.HeadFitter.fit", None)

    second = LiveUnderstanding(cache_file=tmp_path / "embeddings.sqlite")
    second.adopt(shop, GOAL)
    await second.publish(publication("p3", *SHOP, PARROTS))
    await second.settled()

    asked = "avete mangime per i pappagalli"
    expected, found = first.parse(asked, Hints()), second.parse(asked, Hints())
    assert found.artefacts["scorer"] == "head"
    assert (found.faq_id, found.band) == (expected.faq_id, expected.band)
    assert abs(found.confidence - expected.confidence) < 0.001


async def test_a_newer_publication_kills_the_fit_that_runs(shop: Model, tmp_path: Path) -> None:
    live = LiveUnderstanding(cache_file=tmp_path / "embeddings.sqlite")
    live.adopt(shop, GOAL)
    await live.publish(publication("p2", *SHOP, PARROTS))
    await _until(lambda: live._fitter._process is not None)
    older = live._fitter._process
    assert older is not None

    await live.publish(publication("p3", *SHOP[1:], PARROTS))
    await live.settled()

    assert older.returncode == -signal.SIGKILL
    assert live.snapshot is not None
    assert live.snapshot.trained is not None
    assert "faq/shipping-cost" not in live.snapshot.trained.head.labels


async def test_a_reworded_answer_leaves_the_fit_alone(shop: Model, tmp_path: Path) -> None:
    live = LiveUnderstanding(cache_file=tmp_path / "embeddings.sqlite")
    live.adopt(shop, GOAL)
    await live.publish(publication("p2", *SHOP, PARROTS))
    await _until(lambda: live._fitter._process is not None)
    process = live._fitter._process

    await live.publish(publication("p3", *SHOP, PARROTS))
    await live.settled()
    await live.publish(publication("p4", *SHOP, PARROTS))

    assert live._fitter._process is process
    assert live.snapshot is not None
    assert (live.snapshot.faq_version, live.snapshot.trained is None) == ("p4", False)


async def test_stopping_ends_the_fit_at_once(shop: Model, tmp_path: Path) -> None:
    live = LiveUnderstanding(cache_file=tmp_path / "embeddings.sqlite")
    live.adopt(shop, GOAL)
    await live.publish(publication("p2", *SHOP, PARROTS))
    await _until(lambda: live._fitter._process is not None)
    live.stop()
    await live.settled()

    process = live._fitter._process
    assert process is not None
    assert await process.wait() == -signal.SIGKILL
    assert live.parse("avete mangime per pappagalli", Hints()).artefacts["scorer"] == "retrieval"


async def test_a_damaged_kept_head_is_fitted_again(shop: Model, tmp_path: Path) -> None:
    file = tmp_path / "embeddings.sqlite"
    first = LiveUnderstanding(cache_file=file)
    first.adopt(shop, GOAL)
    await first.publish(publication("p2", *SHOP, PARROTS))
    await first.settled()
    (kept,) = (tmp_path / "heads").iterdir()
    (kept / "head.npz").write_bytes(b"no archive")

    second = LiveUnderstanding(cache_file=file)
    second.adopt(shop, GOAL)
    await second.publish(publication("p2", *SHOP, PARROTS))
    await second.settled()

    assert second.snapshot is not None
    assert second.snapshot.trained is not None


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_a_newer_publication_is_not_overtaken_by_an_older_head(live: LiveUnderstanding) -> None:
    await live.publish(publication("p2", *SHOP, PARROTS))
    live.fit_now()
    assert live.snapshot is not None
    assert live.snapshot.trained is not None

    await live.publish(publication("p3", *SHOP[1:], PARROTS))

    assert (live.snapshot.trained, live.snapshot.faq_version) == (None, "p3")


async def test_a_message_is_read_against_one_snapshot(live: LiveUnderstanding) -> None:
    """What was read before a swap does not change."""
    before = live.snapshot
    await live.publish(publication("p2", PARROTS))

    assert before is not None
    assert before is not live.snapshot
    assert "faq/shipping-cost" in before.index.labels


async def test_a_publication_before_the_model_is_served_once_the_model_is_there(shop: Model) -> None:
    live = LiveUnderstanding(fit_head=False)
    await live.publish(publication("p2", *SHOP, PARROTS))
    assert live.fallback("mangime per pappagalli", Hints()).faq_id == "parrots"
    with pytest.raises(RuntimeError, match="sportello train"):
        live.parse("ciao", Hints())

    live.adopt(shop, GOAL)

    assert live.parse("avete mangime per pappagalli", Hints()).faq_id == "parrots"


async def test_only_changed_lines_are_encoded(shop: Model, tmp_path: Path) -> None:
    """A second process finds the embeddings of the first on disk."""
    file = tmp_path / "embeddings.sqlite"
    first = LiveUnderstanding(cache_file=file, fit_head=False)
    first.adopt(shop, GOAL)
    await first.publish(publication("p2", *SHOP, PARROTS))

    second = LiveUnderstanding(cache_file=file, fit_head=False)
    second.adopt(shop, GOAL)
    known = second.snapshot and second.snapshot.embeddings.known()

    assert known is not None
    assert "vendete mangime per pappagalli?" in known
    fresh = shop.snapshot.embeddings.encoder.encode("vendete mangime per pappagalli?")
    assert np.allclose(known["vendete mangime per pappagalli?"], fresh)


async def test_a_broken_cache_file_is_only_slower(shop: Model, tmp_path: Path) -> None:
    file = tmp_path / "embeddings.sqlite"
    file.write_bytes(b"this is no database" * 100)
    live = LiveUnderstanding(cache_file=file, fit_head=False)
    live.adopt(shop, GOAL)

    await live.publish(publication("p2", *SHOP, PARROTS))

    assert live.parse("avete mangime per pappagalli", Hints()).faq_id == "parrots"


async def test_a_new_goal_is_live_at_once(live: LiveUnderstanding) -> None:
    live.set_goal(Goal(target_precision=0.9999))

    assert live.parse("quanto viene a costare spedire", Hints()).band is not Band.ANSWER
