"""The store accepts or refuses; it never half-writes."""
import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.model.errors import StoreUnavailable
from bot.storage import desk_rows, store
from bot.storage.tables import METADATA
from tests.fakes import MONDAY_MORNING


def test_the_migrations_lead_to_the_tables_of_the_code(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    opened = store.open_store(url)
    with sa.create_engine(url).connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), METADATA)
    asyncio.run(opened.close())
    assert difference == []


async def test_one_failing_function_does_not_undo_its_neighbours_of_the_same_commit(tmp_path: Path) -> None:
    opened = store.open_store(f"sqlite:///{tmp_path / 'desk.db'}")

    def fails(connection: sa.engine.Connection) -> None:
        desk_rows.add_operator(connection, "lost", "Lost", "x", MONDAY_MORNING)
        raise ValueError("mine alone")

    results = await asyncio.gather(
        opened.write(lambda c: desk_rows.add_operator(c, "ada", "Ada", "x", MONDAY_MORNING)),
        opened.write(fails),
        opened.write(lambda c: desk_rows.add_operator(c, "ugo", "Ugo", "x", MONDAY_MORNING)),
        return_exceptions=True,
    )
    assert isinstance(results[1], ValueError)
    assert [row.login for row in await opened.read(desk_rows.operators)] == ["ada", "ugo"]
    await opened.close()


async def test_a_locked_database_refuses_and_says_that_nothing_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_S", 0.1)
    path = tmp_path / "desk.db"
    opened = store.open_store(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="Nothing was accepted"):
        await opened.write(lambda c: desk_rows.add_operator(c, "ada", "Ada", "x", MONDAY_MORNING))
    other.execute("ROLLBACK")
    assert await opened.write(lambda c: desk_rows.add_operator(c, "ada", "Ada", "x", MONDAY_MORNING)) == 1
    await opened.close()


async def test_a_full_disk_refuses_and_the_next_write_works(tmp_path: Path) -> None:
    opened = store.open_store(f"sqlite:///{tmp_path / 'desk.db'}")

    def limit(pages: int | None):  # noqa: ANN202
        def work(connection: sa.engine.Connection) -> int:
            count = connection.exec_driver_sql("PRAGMA page_count").scalar()
            return int(connection.exec_driver_sql(f"PRAGMA max_page_count={pages or count}").scalar())

        return work

    await opened.write(limit(None))
    with pytest.raises(StoreUnavailable, match="full"):
        await opened.write(lambda c: desk_rows.add_operator(c, "ada", "A" * 500_000, "x", MONDAY_MORNING))
    await opened.write(limit(1_000_000))
    assert await opened.write(lambda c: desk_rows.add_operator(c, "ada", "Ada", "x", MONDAY_MORNING)) == 1
    await opened.close()


def test_a_folder_that_cannot_be_written_stops_the_start_with_words() -> None:
    with pytest.raises(StoreUnavailable, match="SPORTELLO_STATE"):
        store.open_store("sqlite:////nonexistent/folder/desk.db")
