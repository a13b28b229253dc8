"""`sportello simulate`: a phone in the browser, and a desk of its own behind it."""
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli import simulate
from bot.dialogue.training import is_fresh
from tests.cli.conftest import ROOT, Command

LONGEST_START_S = 120
SOON_S = 30


def free_port() -> int:
    """The first of two in a row that are free."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def test_an_unknown_channel_is_refused_with_those_there_are(sportello: Command) -> None:
    ended = sportello("simulate", "fax")

    assert ended.status == 2
    for word in ("'fax'", "telegram", "whatsapp", "messenger", "instagram", "email"):
        assert word in ended.err


def test_without_the_sources_one_sentence_says_what_to_do(
    sportello: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(simulate, "SOURCES", tmp_path)
    ended = sportello("simulate", "telegram", "--project", str(ROOT))

    assert ended.status == 1
    assert "Clone the repository" in ended.err


def test_a_port_in_use_is_named(sportello: Command) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        ended = sportello("simulate", "telegram", "--project", str(ROOT), "--port", str(port))

    assert ended.status == 1
    assert f"Port {port + 1} cannot be used" in ended.err
    assert "--port" in ended.err


def test_what_is_missing_for_mail_is_named(sportello: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.providers.mail_imap.find_dovecot", lambda: None)
    ended = sportello("simulate", "email", "--project", str(ROOT), "--port", str(free_port()))

    assert ended.status == 1
    assert "Dovecot is not installed" in ended.err


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def simulation(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """WhatsApp, on a machine that has accounts of its own."""
    if not is_fresh(ROOT):
        pytest.skip("the demo shop has no trained model: run `sportello train`")
    real = {"SPORTELLO_TELEGRAM_TOKEN": "123456789:AAF-a-real-token-of-the-shop", "SPORTELLO_STATE": "/nowhere"}
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "simulate", "whatsapp", "--project", str(ROOT),
         "--port", str(port)],
        cwd=ROOT, env=os.environ | real | {"COLUMNS": "120", "TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )
    guard = threading.Timer(LONGEST_START_S, process.kill)
    guard.start()
    yield process
    guard.cancel()
    if process.poll() is None:
        process.kill()
    process.communicate()


def welcome(simulation: subprocess.Popen[str]) -> str:
    assert simulation.stdout is not None
    lines: list[str] = []
    for line in simulation.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def screen(page: httpx.Client, holds: str) -> list[dict[str, Any]]:
    """The bubbles, once one of the shop's holds this."""
    until, seen = time.monotonic() + SOON_S, ""
    while True:
        shown = page.get("/api/screen", params={"seen": seen}).json()
        seen = shown["mark"]
        if any(holds in one["text"] for one in shown["bubbles"] if not one["is_mine"]):
            return list(shown["bubbles"])
        assert time.monotonic() < until, shown


def test_who_writes_on_the_phone_is_answered_and_ctrl_c_ends_all(
    simulation: subprocess.Popen[str], port: int, tmp_path: Path
) -> None:
    said = welcome(simulation)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as page:
        html = page.get("/")
        assert page.post("/api/says", json={"text": "quanto costa la spedizione?"}).status_code == 200
        mine, answer = screen(page, "4,90 €")
        assert page.post("/api/taps", json={"text": answer["options"][-1]}).status_code == 200
        unknown = page.post("/api/taps", json={"text": "nobody offered this"})
        form = page.post("/api/says", content="text=x", headers={"content-type": "application/x-www-form-urlencoded"})
        elsewhere = page.get("/", headers={"host": "evil.example"})
    simulation.send_signal(signal.SIGINT)
    rest, _ = simulation.communicate(timeout=30)

    assert f"http://127.0.0.1:{port}/" in said and f"http://127.0.0.1:{port + 1}/console" in said
    assert "login admin, password" in said
    assert "default-src 'self'" in html.headers["content-security-policy"]
    assert (mine["is_mine"], mine["text"]) == (True, "quanto costa la spedizione?")
    assert (unknown.status_code, form.status_code, elsewhere.status_code) == (409, 422, 400)
    assert "Traceback" not in said + rest
    assert simulation.returncode == 0, rest
    assert list(tmp_path.glob("sportello-simulate-*")) == []
