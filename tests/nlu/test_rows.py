"""The name of an intent as one more row: what it teaches, and where it says nothing."""

import pytest

from bot.nlu.learn.crossfit import row_folds
from bot.nlu.match.index import build_index
from bot.nlu.match.knowledge import shipped
from bot.nlu.match.rows import Row, is_name, name_of, with_names
from tests.nlu.conftest import Model


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("order_status", "order status"),
        ("FindConnection", "find connection"),
        ("smalltalk.age", "smalltalk age"),
        ("it042", ""),
        ("faq/shipping-cost", ""),
        ("out_of_scope", ""),
    ],
)
def test_a_name_of_words_says_what_is_asked(label: str, name: str) -> None:
    assert name_of(label) == name


def test_each_named_intent_gains_one_row() -> None:
    rows = [Row("where is my parcel", "order_status", "en"), Row("dov'è il pacco", "order_status", "it")]

    assert with_names(rows) == [*rows, Row("order status", "order_status", "")]
    assert with_names(with_names(rows)) == with_names(rows)


def test_names_teach_and_are_not_judged(shop: Model) -> None:
    index = shop.snapshot.index
    again = build_index(index.all_rows, None, shipped().field, vectors=index.vectors)

    folds = row_folds(again)

    assert any(is_name(row) for row in index.rows)
    assert [fold == -1 for fold in folds.tolist()] == [is_name(row) for row in index.rows]
