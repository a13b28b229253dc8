"""The database is locked or the disk is full: 503, nothing acknowledged, nothing lost."""
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import bot.storage.store
from tests.service.conftest import GIULIA
from tests.web.conftest import Web
from tests.web.test_bad_input import assert_clear


@contextmanager
def locked(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another process holds the write lock."""
    monkeypatch.setattr(bot.storage.store, "BUSY_S", 0.1)  # the desk itself is ready to wait for seconds
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def disk_full(file: Path, web: Web) -> Iterator[None]:
    """SQLite's own limit on pages says exactly what a full disk says."""
    writer = web.care.store._writer.connection.driver_connection  # type: ignore[attr-defined]  # noqa: SLF001
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages}")
    yield
    writer.execute("PRAGMA max_page_count=1000000")


async def assert_refused(web: Web) -> None:
    answer = await web.says("ada", "spedizione " * 1500, "m-1")

    assert_clear(answer, 503)
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["error"]["code"] == "service_unavailable"


async def test_a_locked_database_is_a_503_and_the_message_is_not_accepted(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(tmp_path / "desk.db", monkeypatch):
        await assert_refused(web)

    assert web.care.understanding.read == []


async def test_the_same_message_is_taken_once_the_lock_is_gone(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(tmp_path / "desk.db", monkeypatch):
        await web.says("ada", "spedizione", "m-1")

    answer = await web.says("ada", "spedizione", "m-1")

    assert answer.json()[0]["text"].endswith("4,90 €")
    assert len(await web.care.seen_by("ada", "rest")) == 2


async def test_a_full_disk_is_a_503_and_the_desk_goes_on_when_there_is_room(web: Web, tmp_path: Path) -> None:
    with disk_full(tmp_path / "desk.db", web):
        await assert_refused(web)

    assert (await web.says("ada", "spedizione", "m-1")).json()[0]["text"].endswith("4,90 €")


async def test_a_lock_in_the_middle_of_a_turn_delays_the_answer_and_loses_nothing(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn waits, by the desk's clock, until the store takes it."""
    parse = web.care.understanding.parse
    holding = locked(tmp_path / "desk.db", monkeypatch)
    pauses = []

    async def parse_and_lock(text: str, hints: object) -> object:
        if not pauses:
            holding.__enter__()
        return await parse(text, hints)  # type: ignore[arg-type]

    async def unlock(seconds: float) -> None:
        pauses.append(seconds)
        holding.__exit__(None, None, None)

    web.care.understanding.parse = parse_and_lock  # type: ignore[method-assign,assignment]
    web.care.clock.sleep = unlock  # type: ignore[method-assign]

    answer = await web.says("ada", "spedizione")

    assert pauses == [0.5]
    assert answer.json()[0]["text"].endswith("4,90 €")
    assert len(await web.care.seen_by("ada", "rest")) == 2


async def test_an_operators_command_is_not_confirmed_either(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await web.says("ada", "persona")
    conversation = (await web.care.desk.queue())[0].conversation_id
    with locked(tmp_path / "desk.db", monkeypatch), pytest.raises(bot.storage.store.StoreUnavailable):
        await web.care.does(GIULIA, conversation, "take")

    assert (await web.care.view(conversation)).owner == "queue"
