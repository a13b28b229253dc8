"""Orders from a CSV that a shop exports: read at start, and again when the file changes."""
import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.model.errors import OrderSourceError, SettingError
from bot.model.order_forms import OrderForms
from bot.model.orders import Order
from bot.orders.reader import OrderBook, OrderReader
from bot.settings import Orders

log = logging.getLogger(__name__)

Stamp = tuple[int, int]
#: So many rows that were set aside are told one by one.
_TOLD = 5


class CsvOrders:
    """`bot.model.ports.OrderSource` over a CSV file. A wrong file never keeps the desk from starting.

    Attributes:
        problem: why the file as it is now is not in use (the last good one serves); None while all is well.
        problems: rows that were set aside.
    """

    def __init__(self, project: Path, settings: Orders, zone: ZoneInfo) -> None:
        self._path = project / settings.file
        self._name = settings.file
        self._reader = OrderReader(settings, zone)
        self._reloading = asyncio.Lock()
        self._stamp = _stamp(self._path)
        self._behind: asyncio.Task[None] | None = None
        self._book = OrderBook({}, (), {}, self._reader.forms(()))
        self.problem: SettingError | None = None
        try:
            self._book = self._reader.read(self._path)
        except SettingError as error:
            log.warning("orders: none can be read: %s", error)
            self.problem = error
        _log(self._book)

    @property
    def problems(self) -> Sequence[SettingError]:
        return self._book.problems

    @property
    def unknown_states(self) -> dict[str, int]:
        """Words of states that nobody explained, with the number of orders that have them."""
        return self._book.unknown

    def __len__(self) -> int:
        return len(self._book.orders)

    def key(self, number: str) -> str:
        return self._reader.normalise(number)

    def forms(self) -> OrderForms:
        """What the orders' numbers look like, as far as the file was read; a changed file is read behind."""
        if _stamp(self._path) != self._stamp and (self._behind is None or self._behind.done()):
            # Where no desk runs, whoever asks next for an order reads the file.
            with suppress(RuntimeError):
                loop = asyncio.get_running_loop()
                self._behind = loop.create_task(self._reload())
        return self._book.forms

    async def find(self, number: str) -> Order | None:
        """The order with that number, however it was typed; None where there is none.

        Raises:
            OrderSourceError: there are no orders at all, so nobody can say that this one does not exist.
        """
        if _stamp(self._path) != self._stamp:
            await self._reload()
        if not self._book.orders:
            raise OrderSourceError(str(self.problem or f"{self._name} holds no orders."))
        return self._book.orders.get(self.key(number))

    def notices(self) -> list[str]:
        """What the shop should know about its order file, a line each."""
        told = [str(self.problem)] if self.problem else []
        told += [str(one) for one in self.problems[:_TOLD]]
        if len(self.problems) > _TOLD:
            told.append(f"{self._name}: {len(self.problems) - _TOLD} more rows are set aside.")
        if self.unknown_states:
            words = ", ".join(f"'{word}' ({count})" for word, count in sorted(self.unknown_states.items()))
            told.append(f"{self._name}: unknown order states: {words}. Say in orders.statuses what each means.")
        return told

    async def _reload(self) -> None:
        async with self._reloading:
            stamp = _stamp(self._path)
            if stamp == self._stamp:
                return
            try:
                self._book = await asyncio.to_thread(self._reader.read, self._path)
                self.problem = None
                _log(self._book)
            except SettingError as error:
                log.warning("orders: the last good version serves on: %s", error)
                self.problem = error
            self._stamp = stamp


def _log(book: OrderBook) -> None:
    for problem in book.problems[:_TOLD]:
        log.warning("orders: a row is set aside: %s", problem)


def _stamp(path: Path) -> Stamp:
    """What changes when the file does; (0, 0) where it is missing."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
