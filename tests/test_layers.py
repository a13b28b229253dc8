"""A package of bot/ imports only from rows below its own; each engine stays behind its fence (docs/architecture.md)."""
import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
SIBLINGS = ("channels", "dialogue", "faq", "hours", "nlu", "orders")
#: Settings stand beside the model and may use its values and errors.
LOWEST = {"model": 0, "settings": 1, "topics": 1, "storage": 2}
ROW = {**LOWEST, **dict.fromkeys(SIBLINGS, 3), "service": 4, "web": 5, "app": 6, "cli": 7}
#: An engine or a framework, and the only files that may import it.
FENCES = {
    "rasa": ("bot/nlu/*", "bot/dialogue/*"),
    "rasa_sdk": ("bot/dialogue/*", "actions/*"),
    "spacy": ("bot/nlu/*",),
    "sentence_transformers": ("bot/nlu/*",),
    "onnxruntime": ("bot/nlu/*",),
    "torch": ("bot/nlu/*",),
    "telegram": ("bot/channels/telegram/*",),
    "sqlalchemy": ("bot/storage/*",),
    "alembic": ("bot/storage/*",),
    "starlette": ("bot/web/*", "bot/app.py", "bot/channels/*/routes.py"),
}
#: The one door through which actions read where no desk runs: under `rasa shell` and `rasa run actions`.
ACTIONS_DOOR = "actions/ports.py"


class Import(NamedTuple):
    file: str
    line: int
    name: str
    level: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {'.' * self.level}{self.name}"


def imports(*folders: str) -> Iterator[Import]:
    """Every import of these folders, those inside functions and by `import_module("…")` too."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for name, level in _names(node):
                    yield Import(file, getattr(node, "lineno", 0), name, level)


def _names(node: ast.AST) -> list[tuple[str, int]]:
    if isinstance(node, ast.Import):
        return [(alias.name, 0) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(f"{node.module or ''}.{alias.name}".strip("."), node.level) for alias in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
        first = node.args[0] if node.args else None
        while isinstance(first, ast.JoinedStr):
            first = first.values[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return [(first.value, 0)]
    return []


def package(file: str) -> str:
    return file.split("/")[1].removesuffix(".py")


def test_every_package_has_its_row() -> None:
    packages = {package(one.file) for one in imports("bot")}
    assert packages - ROW.keys() <= {"__init__"}, "Give the new package a row here and in docs/architecture.md."


def test_a_package_imports_only_from_rows_below() -> None:
    upward = [
        str(one)
        for one in imports("bot")
        if one.name.startswith("bot.")
        and (there := one.name.split(".")[1]) != (here := package(one.file))
        and ROW[there] >= ROW.get(here, 0)
    ]
    assert not upward, "Move the shared part to bot/model or join the two in bot/service:\n" + "\n".join(upward)


@pytest.mark.parametrize("engine", FENCES)
def test_an_engine_stays_behind_its_fence(engine: str) -> None:
    outside = [
        str(one)
        for one in imports("bot", "actions")
        if one.name.split(".")[0] == engine and not any(fnmatch(one.file, place) for place in FENCES[engine])
    ]
    assert not outside, f"{engine} belongs in {', '.join(FENCES[engine])}:\n" + "\n".join(outside)


def test_only_the_settings_read_the_process_environment() -> None:
    readers = [
        file.relative_to(ROOT).as_posix()
        for folder in ("bot", "actions")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if _reads_environment(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert [file for file in readers if package(file) != "settings"] == []


def _reads_environment(tree: ast.AST) -> bool:
    attributes = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {name for node in ast.walk(tree) for name, _ in _names(node)}
    return bool((attributes | names) & {"os.environ", "os.environb", "os.getenv", "os.putenv"})


def test_actions_know_the_model_and_their_one_door() -> None:
    beyond = [
        str(one)
        for one in imports("actions")
        if one.name.startswith("bot.") and not one.name.startswith("bot.model.") and one.file != ACTIONS_DOOR
    ]
    assert not beyond, "Actions read through the ports of bot/model:\n" + "\n".join(beyond)


def test_the_model_needs_nothing_but_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"bot"}
    assert [str(one) for one in imports("bot/model") if one.name.split(".")[0] not in allowed] == []


def test_importing_bot_imports_nothing() -> None:
    assert [str(one) for one in imports("bot") if one.file == "bot/__init__.py"] == []


def test_imports_are_absolute() -> None:
    assert [str(one) for one in imports("bot", "actions", "tests", "benchmarks", "tools") if one.level] == []
