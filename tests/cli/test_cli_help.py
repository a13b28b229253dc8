"""Every command explains itself."""
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli.main import app
from tests.cli.conftest import Command


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(typer.main.get_command(app)))


def test_the_commands_are_there() -> None:
    names = {" ".join(path) for path in COMMANDS}
    assert {"run", "train", "chat", "ask", "faq check", "operator add", "doctor"} <= names


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "sportello")
def test_each_command_says_what_it_does_and_what_it_takes(sportello: Command, path: tuple[str, ...]) -> None:
    ended = sportello(*path, "--help")

    assert ended.status == 0
    assert f"Usage: sportello {' '.join(path)}".strip() in ended.out
    assert "--help" in ended.out


def test_a_misspelt_command_names_what_was_met(sportello: Command) -> None:
    ended = sportello("trian")

    assert ended.status == 2
    assert "'trian'" in ended.err


def test_json_is_all_that_a_json_command_prints(sportello: Command, tmp_path: Path) -> None:
    rows = tmp_path / "rows.tsv"
    rows.write_text("label\ttext\nshipping-cost\tquanto costa la spedizione?\n", encoding="utf-8")

    assert json.loads(sportello("evaluate", "faq", str(rows), "--json").out)["rows"] == 1
