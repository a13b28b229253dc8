"""The figures that `sportello evaluate` prints."""

from pathlib import Path

import pytest

from bot.model.understanding import Band, Candidate, Parse
from bot.nlu.learn.evaluation import evaluate_faq, evaluate_nlu, figures, macro_f1
from tests.nlu.conftest import EXAMPLES, ROOT


def test_unknown_messages_count_only_where_they_were_answered() -> None:
    found = figures(["a", "b", "?", "?"], ["a", "a", "a", "b"], [True, False, True, False], "?")

    assert found == {"accuracy": 50.0, "macro_f1": 33.33, "answered": 50.0, "precision": 50.0}


def test_macro_f1_weighs_labels_alike() -> None:
    assert macro_f1([("a", "a"), ("a", "a"), ("b", "a")]) == pytest.approx((0.8 + 0) / 2)


def parse(text: str, intent: str, faq_id: str | None, band: Band, *others: str) -> Parse:
    candidates = (Candidate(intent, faq_id, 0.9), *(Candidate("faq", other, 0.1) for other in others))
    return Parse(text, "it", intent, 0.9, band, faq_id=faq_id, candidates=candidates)


def test_a_shop_is_judged_by_what_it_answers_offers_and_leaves() -> None:
    told = {
        "a": parse("a", "faq", "shipping-cost", Band.ANSWER),
        "b": parse("b", "faq", "return-how", Band.OFFER, "warranty"),
        "c": parse("c", "order_status", None, Band.ANSWER),
        "d": parse("d", "faq", "warranty", Band.ANSWER),
        "e": parse("e", "out_of_scope", None, Band.ANSWER),
    }
    rows = [
        ("shipping-cost", "a"),
        ("warranty", "b"),
        ("@order_status", "c"),
        ("@out_of_scope", "d"),
        ("@out_of_scope", "e"),
    ]

    found = evaluate_faq(rows, told.__getitem__)["all"]

    assert found["top1"] == pytest.approx(66.67)
    assert found["among_offered"] == 100.0
    assert found["precision"] == pytest.approx(66.67)
    assert found["out_of_scope_not_answered"] == 50.0


def test_a_pipeline_is_trained_and_judged_on_files(tmp_path: Path) -> None:
    rows = [f"{label}\t{text}" for label, texts in EXAMPLES.items() if label != "inform" for text in texts]
    (tmp_path / "train.tsv").write_text("intent\ttext\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "test.tsv").write_text(
        "greet\tsalve a tutti\norder_status\twhere is my parcel?\n?\tblue\n", encoding="utf-8"
    )

    found = evaluate_nlu(tmp_path / "train.tsv", tmp_path / "test.tsv", unknown_label="?", project_dir=ROOT)

    assert found["accuracy"] == 100.0
    assert found["rows"] == {"train": len(rows), "test": 3}
    assert {"macro_f1", "answered", "precision", "p50_ms", "p95_ms", "train_s", "memory_mb"} <= found.keys()
