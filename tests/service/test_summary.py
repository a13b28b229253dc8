"""The first line of a dossier marks what is late."""
from datetime import UTC, date, datetime

import pytest

from bot.model.orders import Order, OrderStatus
from bot.service.queue.summary import summarise

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def order(status: OrderStatus, eta: date | None) -> Order:
    return Order("1004", "a@b.example", "", "", "", status, None, eta=eta)


@pytest.mark.parametrize("status", [OrderStatus.SHIPPED, OrderStatus.PREPARING, OrderStatus.OUT_FOR_DELIVERY])
def test_an_overdue_order_is_marked(status: OrderStatus) -> None:
    late = order(status, date(2026, 11, 24))
    assert "in ritardo dal 24/11/2026" in summarise([], [late], "it", AT)
    assert "late since 24/11/2026" in summarise([], [late], "en", AT)


@pytest.mark.parametrize(
    "known",
    [
        order(OrderStatus.DELIVERED, date(2026, 11, 24)), order(OrderStatus.SHIPPED, date(2026, 11, 28)),
        order(OrderStatus.SHIPPED, None), order(OrderStatus.CANCELLED, date(2026, 11, 1)),
    ],
)  # fmt: skip
def test_what_is_not_late_is_not_marked(known: Order) -> None:
    assert "ritardo" not in summarise([], [known], "it", AT)
