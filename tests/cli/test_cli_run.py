"""`sportello run` as a process of a service manager, which stops it with SIGTERM."""
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.dialogue.training import is_fresh
from tests.cli.conftest import ROOT

LONGEST_START_S = 120


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A desk on the demo shop that has said where it is; its `args` end in its address."""
    if not is_fresh(ROOT):
        pytest.skip("the demo shop has no trained model: run `sportello train`")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = os.environ | {"SPORTELLO_STATE": str(tmp_path / "state"), "SPORTELLO_PORT": port, "COLUMNS": "120"}
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "run", "--project", str(ROOT)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    guard = threading.Timer(LONGEST_START_S, process.kill)
    guard.start()
    yield process
    guard.cancel()
    if process.poll() is None:
        process.kill()
    process.communicate()


def welcome(desk: subprocess.Popen[str]) -> str:
    """What the desk prints until it answers."""
    assert desk.stdout is not None
    lines: list[str] = []
    for line in desk.stdout:
        lines.append(line)
        if "Stop with Ctrl-C" in line:
            break
    return "".join(lines)


def test_a_desk_says_where_it_is_answers_and_ends_well_when_told_to(desk: subprocess.Popen[str]) -> None:
    said = welcome(desk)
    base = next(word for word in said.split() if word.startswith("http://")).rstrip("/")
    answer = httpx.post(f"{base}/webhooks/rest/webhook", json={"sender": "ada", "message": "ciao"}, timeout=20)

    desk.send_signal(signal.SIGTERM)
    rest, _ = desk.communicate(timeout=30)

    assert f"{base}/console" in said
    assert "login admin, password" in said
    assert "Traceback" not in said + rest
    assert answer.json()[0]["custom"]["sportello"]["intent"] == "greet"
    assert desk.returncode == 0, rest
