"""What was set aside is listed, tried again and dropped from the terminal; no command ends in a traceback."""
import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import doctor, faq, talk
from bot.model.conversation import EventKind, Inbound
from bot.service.clock import SystemClock
from bot.service.turn.receive import Receiver
from bot.storage import aside
from bot.storage.store import open_store
from tests.cli.conftest import Command

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def two(tmp_path: Path) -> list[int]:
    """Two entries that were set aside."""
    (tmp_path / "state").mkdir()

    async def make() -> list[int]:
        store = open_store(f"sqlite:///{tmp_path / 'state' / 'desk.db'}")
        inbounds = [
            Inbound(channel="rest", kind=EventKind.MESSAGE, key=key, address="ada", text="ciao") for key in ("a", "b")
        ]
        ids = [one.entry_id for one in await Receiver(store, SystemClock()).receive(inbounds)]
        await store.write(lambda connection: aside.put(connection, ids, "OverflowError: too large", NOW))
        await store.close()
        return ids

    return asyncio.run(make())


def test_they_are_listed_with_their_error(sportello: Command, shop: Path, two: list[int]) -> None:
    ended = sportello("aside", "list", "--project", str(shop))

    assert ended.status == 0, ended
    assert ended.out.count("OverflowError: too large") == 2


def test_one_or_all_are_tried_again(sportello: Command, shop: Path, two: list[int]) -> None:
    assert "1 to be tried again" in sportello("aside", "retry", str(two[0]), "--project", str(shop)).out
    assert "1 to be tried again" in sportello("aside", "retry", "--project", str(shop)).out
    assert "Nothing is set aside" in sportello("aside", "list", "--project", str(shop)).out


def test_one_is_dropped(sportello: Command, shop: Path, two: list[int]) -> None:
    assert "1 dropped" in sportello("aside", "drop", str(two[1]), "--project", str(shop)).out


@pytest.mark.parametrize("number", ["999", str(2**70)])
def test_a_number_of_no_entry_is_named_with_those_there_are(
    sportello: Command, shop: Path, two: list[int], number: str
) -> None:
    ended = sportello("aside", "retry", number, "--project", str(shop))

    assert ended.status == 1
    assert f"Set aside are: {two[0]}, {two[1]}" in ended.err


def test_the_doctor_tells_of_them(sportello: Command, shop: Path, two: list[int]) -> None:
    ended = sportello("doctor", "--project", str(shop))

    assert ended.status == 1
    assert "✗ set aside: 2 could not be handled" in ended.out


@pytest.mark.parametrize("error", [ValueError("zip() argument 2 is longer"), KeyError("x"), RecursionError()], ids=repr)
@pytest.mark.parametrize(
    ("module", "name", "command"),
    [
        (faq, "check_folder", ("faq", "check")), (talk, "ask_once", ("ask", "ciao")),
        (doctor, "check_folder", ("doctor",)),
    ],
    ids=["faq check", "ask", "doctor"],
)
def test_an_unforeseen_error_is_one_sentence(
    sportello: Command, shop: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str,
    command: tuple[str, ...], error: Exception,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module, name, fail)
    ended = sportello(*command, "--project", str(shop))

    assert ended.status == 1
    assert "Traceback" not in ended.out + ended.err
    assert type(error).__name__ in ended.out + ended.err
