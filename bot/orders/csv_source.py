"""Orders from a CSV that a shop exports: read at start, and again when the file changes."""
import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.model.errors import SettingError
from bot.model.orders import Order, OrderStatus
from bot.orders.carriers import tracking_url
from bot.orders.csv_file import Row, read_rows
from bot.orders.fields import parse_day, parse_lines, parse_moment, parse_total
from bot.orders.matching import normalise_number
from bot.settings import Orders

T = TypeVar("T")

log = logging.getLogger(__name__)

Stamp = tuple[int, int]


class CsvOrders:
    """`bot.model.ports.OrderSource` over a CSV file.

    Attributes:
        problem: why the file as it is now is not in use (the last good one serves); None while all is well.

    Raises:
        SettingError: the file is wrong at start.
    """

    def __init__(self, project: Path, settings: Orders, zone: ZoneInfo) -> None:
        self._path = project / settings.file
        self._reader = OrderReader(settings, zone)
        self._reloading = asyncio.Lock()
        self._stamp = _stamp(self._path)
        self._orders = self._reader.read(self._path)
        self.problem: SettingError | None = None

    async def find(self, number: str) -> Order | None:
        """The order with that number, however it was typed; None where there is none."""
        if _stamp(self._path) != self._stamp:
            await self._reload()
        return self._orders.get(self._reader.normalise(number))

    async def _reload(self) -> None:
        async with self._reloading:
            stamp = _stamp(self._path)
            if stamp == self._stamp:
                return
            try:
                self._orders = await asyncio.to_thread(self._reader.read, self._path)
                self.problem = None
            except SettingError as error:
                log.warning("orders: the last good version serves on: %s", error)
                self.problem = error
            self._stamp = stamp


@dataclass(frozen=True, slots=True)
class OrderReader:
    """Rows of an order file as orders."""

    settings: Orders
    zone: ZoneInfo

    def normalise(self, number: str) -> str:
        return normalise_number(number, self.settings.prefixes)

    def read(self, path: Path) -> dict[str, Order]:
        """Orders by normalised number.

        Raises:
            SettingError: with the line of the first wrong row.
        """
        name = self.settings.file
        orders: dict[str, Order] = {}
        lines: dict[str, int] = {}
        for line, row in read_rows(path, name):
            key = self.normalise(row["number"])
            if not key:
                raise SettingError("the order number is empty. Write one, or delete the row.", file=name, line=line)
            if key in orders:
                raise SettingError(
                    f"order '{row['number']}' already stands on line {lines[key]}. Keep one of the two.",
                    file=name,
                    line=line,
                )
            try:
                orders[key] = self._order(row)
            except ValueError as error:
                raise SettingError(str(error), file=name, line=line) from None
            lines[key] = line
        return orders

    def _order(self, row: Row) -> Order:
        carrier, code = row["carrier"] or None, row["tracking_code"] or None
        return Order(
            number=row["number"],
            email=row["email"],
            phone=row["phone"],
            postcode=row["postcode"],
            customer_name=row["customer_name"],
            status=self._status(row["status"]),
            placed_at=_value(row, "placed_at", partial(parse_moment, zone=self.zone)),
            lines=_value(row, "lines", parse_lines),
            total=_value(row, "total", parse_total),
            currency=row["currency"].upper() or "EUR",
            carrier=carrier,
            tracking_code=code,
            tracking_url=tracking_url(carrier, code, self.settings.carriers),
            eta=_value(row, "eta", parse_day),
            delivered_on=_value(row, "delivered_on", parse_day),
        )

    def _status(self, word: str) -> OrderStatus:
        own = {name.casefold(): status for name, status in self.settings.statuses.items()}
        status = own.get(word.casefold(), word.lower().replace(" ", "_").replace("-", "_"))
        return OrderStatus(status) if status in list(OrderStatus) else OrderStatus.PREPARING


def _value(row: Row, column: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(row[column])
    except ValueError as error:
        raise ValueError(f"column '{column}': {error}") from None


def _stamp(path: Path) -> Stamp:
    """What changes when the file does; (0, 0) where it is missing."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
