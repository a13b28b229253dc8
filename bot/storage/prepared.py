"""Statements that run at every message: built and compiled once, then handed to the driver as they are.

SQLAlchemy's own work around a statement (cache key, execution context, result) took 0.13 ms, several times what SQLite
needs for it, and a message runs some fifteen: a third of its CPU time (docs/figures.md). Everything else is executed by
SQLAlchemy as usual; both work in the same transaction of the same connection.
"""
from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Dialect

Process = Callable[[Any], Any] | None


class Prepared:
    """A statement with named bind parameters; every call gives a value to each of them.

    An INSERT or UPDATE takes the ``columns`` it writes; an INSERT fills in the other columns' Python defaults.
    ``IN`` has a text for each number of values and is refused: see `among`.

    Args:
        statement: or what makes it from the dialect's name, where dialects have a construct of their own.

    Raises:
        sqlalchemy.exc.DBAPIError: as SQLAlchemy raises it, from every method that executes.
    """

    def __init__(self, statement: Any, columns: Sequence[str] = ()) -> None:
        self._statement = statement
        self._columns = tuple(columns)
        self._ready: dict[str, _Compiled] = {}

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """The rows, with columns as attributes."""
        ready = self._for(connection)
        cursor = ready.execute(connection, values)
        return [ready.row(found) for found in cursor.fetchall()]

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row; None where there is none."""
        ready = self._for(connection)
        cursor = ready.execute(connection, values)
        found = cursor.fetchone()
        cursor.close()  # a row that is left unread would keep SQLite's view of the data
        return None if found is None else ready.row(found)

    def one(self, connection: Connection, **values: Any) -> Any:
        """The row.

        Raises:
            sqlalchemy.exc.NoResultFound: there is none.
        """
        found = self.first(connection, **values)
        if found is None:
            raise exc.NoResultFound(f"no row for {values}: {self._statement}")
        return found

    def run(self, connection: Connection, **values: Any) -> int:
        """How many rows were written."""
        return int(self._for(connection).execute(connection, values).rowcount)

    def insert(self, connection: Connection, **values: Any) -> int | None:
        """The new row's id; None where a conflict left it out."""
        ready = self._for(connection)
        cursor = ready.execute(connection, values)
        if ready.is_sqlite:
            return int(cursor.lastrowid) if cursor.rowcount == 1 else None
        made = cursor.fetchone()
        return None if made is None else int(made[0])

    def text(self, connection: Connection) -> str:
        """The SQL as the connection's database reads it."""
        return self._for(connection).text

    def _for(self, connection: Connection) -> "_Compiled":
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            statement = self._statement(dialect.name) if callable(self._statement) else self._statement
            ready = self._ready[dialect.name] = _Compiled(statement, self._columns, dialect)
        return ready


class _Compiled:
    """The statement in one dialect's words, with what turns values into the driver's and rows back."""

    def __init__(self, statement: Any, columns: tuple[str, ...], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        self.is_sqlite = dialect.name == "sqlite"
        self._dialect = dialect
        self.text = str(compiled)
        if "POSTCOMPILE" in self.text:
            raise ValueError(f"IN cannot be prepared; say it with among(): {self.text}")
        self._defaults = {column.key: column.default for column in getattr(compiled, "insert_prefetch", ())}
        self._fixed: dict[str, Any] = {}
        self._bind: dict[str, Process] = {}
        for name, parameter in compiled.binds.items():
            process = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            is_given = parameter.required or name in columns or name in self._defaults
            if is_given:
                self._bind[name] = process
            else:
                self._fixed[name] = process(parameter.value) if process else parameter.value
        self._order = tuple(compiled.positiontup) if compiled.positional else None
        self._types = [column.type for column in getattr(statement, "selected_columns", ())]
        names = [column.name for column in getattr(statement, "selected_columns", ())]
        self._make: Callable[[Any], Any] | None = namedtuple("Row", names)._make if names else None  # type: ignore[attr-defined]
        self._read: list[tuple[int, Callable[[Any], Any]]] | None = None

    def execute(self, connection: Connection, values: dict[str, Any]) -> Any:
        """The driver's cursor after the statement."""
        given = dict(self._fixed)
        for name, process in self._bind.items():
            value = values[name] if name in values else self._default(name)
            given[name] = process(value) if process else value
        bound: Any = given if self._order is None else [given[name] for name in self._order]
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.text, bound)
        except self._dialect.dbapi.Error as error:
            raise exc.DBAPIError.instance(
                self.text, bound, error, self._dialect.dbapi.Error, dialect=self._dialect
            ) from error
        if self._read is None and cursor.description:
            self._read = self._readers(cursor.description)
        return cursor

    def row(self, found: Any) -> Any:
        assert self._make is not None and self._read is not None
        if not self._read:
            return self._make(found)
        made = list(found)
        for place, process in self._read:
            made[place] = process(made[place])
        return self._make(made)

    def _readers(self, description: Any) -> list[tuple[int, Callable[[Any], Any]]]:
        readers = []
        for place, kind in enumerate(self._types):
            process = kind.dialect_impl(self._dialect).result_processor(self._dialect, description[place][1])
            if process is not None:
                readers.append((place, process))
        return readers

    def _default(self, name: str) -> Any:
        default = self._defaults[name]
        return default.arg(None) if default.is_callable else default.arg


def among(value: Any, *allowed: str) -> Any:
    """``value IN (allowed)`` for a prepared statement."""
    return sa.or_(*(value == one for one in allowed))


def insert_once(dialect: str, table: sa.Table) -> Any:
    """An INSERT that leaves out what a unique constraint forbids."""
    insert = sqlite_insert if dialect == "sqlite" else postgres_insert
    return insert(table).on_conflict_do_nothing()


def claiming(table: sa.Table, *columns: str) -> Prepared:
    """An INSERT that writes nothing where a unique constraint forbids it."""

    def statement(dialect: str) -> Any:
        made = insert_once(dialect, table)
        return made if dialect == "sqlite" else made.returning(table.c.id)

    return Prepared(statement, columns)
