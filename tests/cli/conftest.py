"""Running a command the way a terminal does, and a shop's folder to break."""
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main

ROOT = Path(__file__).parents[2]
#: What makes a folder a shop.
SHOP = ("shop.yml", "orders.csv", "config.yml", "domain.yml", "endpoints.yml", "data", "faq")


class Ended(NamedTuple):
    status: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def sportello(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """`sportello(...)` runs one command in this process; keywords are environment variables."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("SPORTELLO_STATE", str(tmp_path / "state"))

    def run(*arguments: str, **environment: str) -> Ended:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["sportello", *arguments])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        out, err = capsys.readouterr()
        return Ended(status, out, err)

    return run


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the demo shop, without its model."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for name in SHOP:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder
