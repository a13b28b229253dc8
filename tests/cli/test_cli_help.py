"""Every command explains itself."""
from collections.abc import Iterator

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
