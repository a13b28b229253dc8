"""How the house reads and writes: short functions of a connection, run in order.

SQLite has one writer. Work functions run on the event loop, each in its own savepoint, and only the COMMIT (the fsync)
runs in a thread: while it runs, the next functions gather and share the next commit. PostgreSQL runs each function in a
transaction of its own on a thread.
"""
import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from bot.model.errors import StoreUnavailable
from bot.storage.migrate import migrate

__all__ = ["Connection", "Store", "Work", "open_store"]

T = TypeVar("T")
Work = Callable[[Connection], T]

BATCH = 64  # functions that share one commit; more would delay the first of them
BUSY_S = 3.0  # how long a write waits for another process's lock before the caller hears StoreUnavailable
#: A value or a statement that the database refuses: trying again cannot help.
_NOT_THE_STORES = (exc.DataError, exc.IntegrityError, exc.ProgrammingError, exc.NotSupportedError)
UNAVAILABLE = "The store cannot take a write now ({error}). Nothing was accepted; try again in a moment."


class Store(Protocol):
    """One database."""

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction; return after the commit.

        Raises:
            StoreUnavailable: disk full, locked or gone. Nothing was written.
            Exception: whatever ``work`` raised; its writes are undone, those of others are not.
        """

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on committed data."""

    async def close(self) -> None: ...


def open_store(url: str) -> Store:
    """Migrate and open ``sqlite:///path`` or ``postgresql://…``.

    Raises:
        StoreUnavailable: the database cannot be opened.
    """
    engine = _engine(url)
    try:
        migrate(engine)
    except exc.SQLAlchemyError as error:
        engine.dispose()
        raise StoreUnavailable(
            f"The database {engine.url.render_as_string(hide_password=True)} cannot be opened: {_cause(error)}. "
            "Check that the folder exists and may be written (SPORTELLO_STATE, SPORTELLO_DATABASE)."
        ) from error
    return SqliteStore(engine) if engine.dialect.name == "sqlite" else PostgresStore(engine)


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=8, pool_pre_ping=True, future=True)
    engine = sa.create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 0}, poolclass=sa.pool.NullPool, future=True
    )

    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL")
        # NORMAL loses acknowledged messages on power loss (design section 3).
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-16000")

    sa.event.listen(engine, "connect", _prepare)
    return engine


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


class SqliteStore:
    """One writer with group commit; readers see the last commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.connect()
        self._reader = engine.connect()
        self._thread = ThreadPoolExecutor(1, "sqlite-commit")
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    async def write(self, work: Work[T]) -> T:
        if self._is_closed:
            raise StoreUnavailable(UNAVAILABLE.format(error="the desk is stopping"))
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit_all())
        return await future

    async def read(self, work: Work[T]) -> T:
        try:
            return work(self._reader)
        except _NOT_THE_STORES:
            raise
        except exc.DBAPIError as error:
            raise StoreUnavailable(UNAVAILABLE.format(error=_cause(error))) from error

    async def close(self) -> None:
        self._is_closed = True
        if self._task is not None:
            await self._task
        self._writer.close()
        self._reader.close()
        self._engine.dispose()
        self._thread.shutdown()

    async def _commit_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        results: list[tuple[asyncio.Future[Any], Any, Exception | None]] = []
        try:
            await self._begin()
            for work, future in batch:
                results.append((future, *self._run(work)))
            await asyncio.get_running_loop().run_in_executor(self._thread, self._exec, "COMMIT")
        except exc.DBAPIError as error:
            with suppress(exc.DBAPIError):
                self._exec("ROLLBACK")
            failed = StoreUnavailable(UNAVAILABLE.format(error=_cause(error)))
            results = [(future, None, failed) for _, future in batch]
        for future, result, problem in results:
            if future.cancelled():
                continue
            if problem is None:
                future.set_result(result)
            else:
                future.set_exception(problem)

    def _run(self, work: Work[Any]) -> tuple[Any, Exception | None]:
        self._exec("SAVEPOINT work")
        try:
            result = work(self._writer)
        except (exc.OperationalError, exc.InternalError):
            raise  # the disk or the lock, not the work: the whole batch fails
        except Exception as error:  # noqa: BLE001  # handed to the caller of this very work
            self._exec("ROLLBACK TO work")
            return None, error
        self._exec("RELEASE work")
        return result, None

    async def _begin(self) -> None:
        for _ in range(int(BUSY_S / 0.05)):
            try:
                return self._exec("BEGIN IMMEDIATE")
            except exc.OperationalError as error:
                if "locked" not in str(error):
                    raise
                await asyncio.sleep(0.05)
        return self._exec("BEGIN IMMEDIATE")

    def _exec(self, statement: str) -> None:
        try:
            self._writer.connection.driver_connection.execute(statement)
        except self._engine.dialect.dbapi.Error as error:
            raise exc.OperationalError(statement, None, error) from error


class PostgresStore:
    """A transaction and a thread for each function; serialised per conversation by the row lock the functions take."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(8, "postgres")

    async def write(self, work: Work[T]) -> T:
        return await self._in_thread(work)

    async def read(self, work: Work[T]) -> T:
        return await self._in_thread(work)

    async def close(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    async def _in_thread(self, work: Work[T]) -> T:
        def run() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except (exc.OperationalError, exc.InternalError, exc.TimeoutError) as error:
            raise StoreUnavailable(UNAVAILABLE.format(error=_cause(error))) from error
