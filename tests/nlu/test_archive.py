"""What training wrote is what serving reads."""

from pathlib import Path

import pytest

from bot.model.understanding import Hints
from bot.nlu import archive
from bot.nlu.archive import Model
from bot.nlu.learn.training import Goal
from bot.nlu.text.encoder import EncoderError
from bot.nlu.text.encoders import check, resolve

TEXTS = [
    "quanto viene la spedizione",
    "how do I return this",
    "dov'è il mio pacco?",
    "qualcosa di strano",
    "siete pessimi",
]


def test_a_loaded_model_reads_as_the_trained_one(shop: Model, tmp_path: Path) -> None:
    archive.save(shop, tmp_path)
    loaded = archive.load(tmp_path, Goal(target_precision=0.7))

    for text in TEXTS:
        first = shop.reader.parse(text, Hints(), shop.snapshot)
        second = loaded.reader.parse(text, Hints(), loaded.snapshot)
        assert (second.intent, second.faq_id, second.band, second.alarm) == (
            first.intent,
            first.faq_id,
            first.band,
            first.alarm,
        )
        assert second.confidence == pytest.approx(first.confidence, abs=0.01)
        assert second.artefacts == first.artefacts


def test_the_archive_is_small(shop: Model, tmp_path: Path) -> None:
    archive.save(shop, tmp_path)

    assert sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file()) < 60_000_000


def test_a_damaged_encoder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  tokenizer.json\n")

    with pytest.raises(EncoderError, match="tokenizer.json .* is damaged"):
        check(tmp_path)


def test_an_unknown_encoder_says_what_to_do(tmp_path: Path) -> None:
    """Without the extra: install it; with it: name what can be had."""
    with pytest.raises(EncoderError, match=r"uv sync --extra encoders|Allowed: a shipped encoder"):
        resolve("no/such-encoder-anywhere", tmp_path, tmp_path)
