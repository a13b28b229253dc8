"""`sportello run` in a process of its own, from its first line to Ctrl-C."""
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.settings import environ

ROOT = Path(__file__).parents[2]
#: The command, which at its end names the modules it has loaded.
COMMAND = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted({name.split(".")[0] for name in sys.modules}))))
from bot.cli import main
main()
"""
#: What only training may load.
HEAVY = {"torch", "sentence_transformers", "transformers", "onnx"}


@contextmanager
def command(project: Path, state: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    variables = environ() | {
        "SPORTELLO_STATE": str(state), "SPORTELLO_PORT": str(port), "COLUMNS": "120", "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", "--project", str(project)], env=variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_desk_starts_says_where_it_is_answers_and_stops_cleanly(project: Path, tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with command(project, tmp_path, port) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        welcome = "".join(said)
        assert f"{base}/ " in welcome and f"{base}/console" in welcome and "password" in welcome

        assert httpx.get(f"{base}/readyz").json() == {"status": "ok", "problems": {}}
        body = {"sender": "ada", "message": "Quanto costa la spedizione?"}
        answer = httpx.post(f"{base}/webhooks/rest/webhook", json=body, timeout=20)
        assert "4,90 €" in answer.text

        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(20) in (0, 128 + signal.SIGINT), rest
    assert "Traceback" not in welcome + rest
    modules = set(json.loads(rest.splitlines()[-1]))
    assert "rasa" in modules
    assert modules & HEAVY == set()
