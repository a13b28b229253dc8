"""Rows of an order file as orders: several rows may be one order, and a bad row is set aside with its line."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.model.errors import SettingError
from bot.model.order_forms import OrderForms, learn_forms
from bot.model.orders import Order, OrderStatus
from bot.orders.carriers import tracking_url
from bot.orders.csv_file import Row, read_rows
from bot.orders.fields import parse_day, parse_item, parse_lines, parse_moment, parse_number, parse_total
from bot.orders.matching import emails_match, normalise_number, written_number
from bot.orders.states import known_status, plain
from bot.settings import Orders

T = TypeVar("T")
_BEFORE = frozenset({OrderStatus.RECEIVED, OrderStatus.PAID, OrderStatus.PREPARING, OrderStatus.PARTIALLY_SHIPPED})
_AFTER = frozenset(
    {OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY, OrderStatus.DELIVERED, OrderStatus.PARTIALLY_SHIPPED}
)


@dataclass(frozen=True, slots=True)
class OrderBook:
    """What one reading of the file gave.

    Attributes:
        orders: by normalised number.
        problems: rows that were set aside.
        unknown: words of states that nobody explained → orders that have them.
    """

    orders: Mapping[str, Order]
    problems: tuple[SettingError, ...]
    unknown: dict[str, int]
    forms: OrderForms


@dataclass(frozen=True, slots=True)
class OrderReader:
    settings: Orders
    zone: ZoneInfo

    def normalise(self, number: str) -> str:
        return normalise_number(number, self.settings.prefixes)

    def forms(self, numbers: Iterable[str]) -> OrderForms:
        return learn_forms([*map(written_number, (*numbers, *self.settings.examples))], self.settings.prefixes)

    def read(self, path: Path) -> OrderBook:
        """
        Raises:
            SettingError: the file cannot be read, or has no header.
        """
        name = self.settings.file
        orders: dict[str, Order] = {}
        first: dict[str, tuple[int, Row]] = {}
        words: dict[str, str] = {}
        problems: list[SettingError] = []
        for line, row in read_rows(path, name, problems):
            try:
                order = self._order(row)
                key = self.normalise(order.number)
                if not key:
                    raise ValueError("the order number is empty. Write one, or delete the row.")
                if key in orders:
                    order = _joined(orders[key], order, *first[key], row)
            except ValueError as error:
                problems.append(SettingError(str(error), file=name, line=line))
                continue
            orders[key] = order
            first.setdefault(key, (line, row))
            if order.status is OrderStatus.UNKNOWN:
                words[key] = words.get(key) or row["status"]
        unknown: dict[str, int] = {}
        for word in words.values():
            unknown[word] = unknown.get(word, 0) + 1
        problems.sort(key=lambda one: one.line or 0)
        return OrderBook(orders, tuple(problems), unknown, self.forms(order.number for order in orders.values()))

    def _order(self, row: Row) -> Order:
        carrier, code = row["carrier"] or None, row["tracking_code"] or None
        return Order(
            number=parse_number(row["number"]),
            email=row["email"],
            phone=row["phone"],
            postcode=row["postcode"],
            customer_name=row["customer_name"],
            status=self._status(row["status"]),
            placed_at=_value(row, "placed_at", partial(parse_moment, zone=self.zone)),
            lines=_value(row, "lines", parse_lines) + parse_item(row["item"], row["quantity"]),
            total=_value(row, "total", parse_total),
            currency=row["currency"].upper() or "EUR",
            carrier=carrier,
            tracking_code=code,
            tracking_url=tracking_url(carrier, code, self.settings.carriers),
            eta=_value(row, "eta", parse_day),
            delivered_on=_value(row, "delivered_on", parse_day),
        )

    def _status(self, word: str) -> OrderStatus:
        own = {plain(name): status for name, status in self.settings.statuses.items()}
        if plain(word) in own:
            return OrderStatus(own[plain(word)])
        return known_status(word) or OrderStatus.UNKNOWN


def _joined(known: Order, more: Order, line: int, first: Row, row: Row) -> Order:
    """One order of two rows.

    Raises:
        ValueError: they are two customers'.
    """
    if more.email and known.email and not emails_match(known, more.email):
        raise ValueError(
            f"order '{more.number}' already stands on line {line} with another e-mail. Keep one of the two."
        )
    is_copy = not row["item"] and row["lines"] == first["lines"]
    changes = {
        name: value
        for name in ("email", "phone", "postcode", "customer_name", "placed_at", "total", "carrier", "tracking_code",
                     "tracking_url", "eta", "delivered_on")
        if not getattr(known, name) and (value := getattr(more, name))
    }  # fmt: skip
    return replace(
        known,
        lines=known.lines if is_copy else known.lines + more.lines,
        status=_status_of(known.status, more.status) if row["status"] else known.status,
        **changes,
    )


def _status_of(one: OrderStatus, other: OrderStatus) -> OrderStatus:
    """What an order is whose rows stand differently."""
    if one is other:
        return one
    if (one in _BEFORE and other in _AFTER) or (other in _BEFORE and one in _AFTER):
        return OrderStatus.PARTIALLY_SHIPPED
    return OrderStatus.UNKNOWN


def _value(row: Row, column: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(row[column])
    except ValueError as error:
        raise ValueError(f"column '{column}': {error}") from None
