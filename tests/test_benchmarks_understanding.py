"""The benchmark's own arithmetic: folds, borders drawn on what was left out, goals."""
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.understanding import goals
from benchmarks.understanding_sets import UNKNOWN, Goal, Row, Set, Split, all_sets, cross_validated
from benchmarks.understanding_systems import Answers, Measured, svm, theirs

WORDS = ("spedizione", "reso", "pagamento", "misura", "fattura", "orario")


def _rows(each: int) -> list[Row]:
    return [Row(word, f"{word} domanda numero {number}") for word in WORDS for number in range(each)]


def _measured(accuracy: float, **other: float) -> Measured:
    return Measured(accuracy=accuracy, macro_f1=accuracy, train_s=1.0, p50_ms=2.0, **other)


def test_every_row_is_asked_once_and_never_where_it_was_taught() -> None:
    rows = _rows(5)
    splits = cross_validated(rows)
    assert Counter(row for split in splits for row in split.asked) == Counter(rows)
    for split in splits:
        assert not set(split.taught) & set(split.asked)
        assert set(Counter(row.label for row in split.asked).values()) == {1}


def test_unknown_rows_count_in_the_precision_of_answers_alone() -> None:
    asked = [Row("reso", "reso domanda"), Row(UNKNOWN, "zzz"), Row(UNKNOWN, "qqq")]
    data = Set("few", "it", [Split(_rows(5), asked)])
    assert theirs(svm, data).accuracy == 100.0


def test_a_border_that_keeps_the_precision_is_drawn_without_the_rows_that_are_asked() -> None:
    """Taught rows score 1, all others 0: nothing left out can be answered well, so nothing asked is answered."""
    seen: list[set[str]] = []

    def learner(taught: Sequence[Row], asked: Sequence[str], language: str) -> Answers:
        seen.append({row.text for row in taught} | set(asked))
        return Answers(["reso"] * len(asked), [0.0] * len(asked), 0.0, 0.0)

    data = Set("few", "it", [Split(_rows(10), [Row("reso", "la domanda")])], bands=True)
    found = theirs(learner, data)
    assert (found.answered, found.precision) == (0.0, None)
    assert "la domanda" not in seen[0] and "la domanda" in seen[1]


@pytest.mark.parametrize(("own", "reached"), [(80.0, False), (80.1, True)])
def test_to_beat_is_more_than_to_equal(own: float, reached: bool) -> None:
    measured = {"ours": _measured(own), "svm": _measured(80.0)}
    assert goals(Goal(above="svm", strictly=True), measured)[0][1] is reached
    assert goals(Goal(above="svm"), measured)[0][1] is True


def test_coverage_counts_only_at_the_precision() -> None:
    measured = {"ours": _measured(90.0, answered=70.0, precision=97.9)}
    assert goals(Goal(answered=60, precision=98), measured)[0] == ("≥ 60 @ 98", False)


def test_sets_are_read_only_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        all_sets(tmp_path)["banking77"]()
