"""Sportello and a stock Rasa side by side, one at a time: the same shop, the same questions, over REST.

    python -m benchmarks.desk [--seconds 8] [--work FOLDER]

Loopback only. Prints one table in Markdown, with the disk's fsync time beside it: Sportello waits for the disk
before it answers, stock Rasa does not. Training the stock model takes minutes; with --work it is kept for the next
run. It is trained for fewer epochs than Rasa's default of 100: that makes it worse, not faster.
"""
import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import load, stock
from benchmarks.servers import QUIET, Server
from bot.cli.common import settings_of
from bot.cli.training import train_if_needed

ROOT = Path(__file__).parents[1]
CLIENTS = (1, 8, 32)
PORT = 8341


class Result(NamedTuple):
    first_answer_s: float
    idle_mb: float
    after_mb: float
    rows: list[load.Row]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0, help="of asking, per row")
    parser.add_argument("--work", type=Path, help="folder to keep the stock project in; a temporary one by default")
    parser.add_argument("--epochs", type=int, default=20, help="of the stock model's networks")
    parser.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        work = (options.work or Path(folder)).absolute()
        work.mkdir(parents=True, exist_ok=True)
        ours = _run(_sportello(work, options.port), options.seconds)
        theirs = _run(_stock(work, options.port, options.epochs), options.seconds)
        print(_table(ours, theirs, fsync_ms(work)))


def _run(server: Server, seconds: float) -> Result:
    _say(f"{server.name}: starting")
    with server:
        idle = server.memory_mb()
        rows = []
        for clients in CLIENTS:
            rows.append(load.measure(server, clients, seconds))
            _say(f"{server.name}: {rows[-1]}")
        return Result(server.first_answer_s, idle, server.memory_mb(), rows)


def _sportello(work: Path, port: int) -> Server:
    state = work / "state"
    shutil.rmtree(state, ignore_errors=True)
    train_if_needed(settings_of(str(ROOT)))
    command = [sys.executable, "-c", "from bot.cli import main; main()", "run", "--project", str(ROOT)]
    environment = {"SPORTELLO_STATE": str(state), "SPORTELLO_PORT": str(port)}
    return Server("Sportello", command, port, folder=ROOT, log=work / "sportello.log", environment=environment)


def _stock(work: Path, port: int, epochs: int) -> Server:
    folder = work / "stock"
    stock.make_project(ROOT, folder, epochs=epochs)
    _say("stock Rasa: training, a few minutes")
    stock.train(folder, work / "stock-train.log", dict(os.environ) | QUIET)
    command = [
        sys.executable, "-m", "rasa", "run", "--model", "models/stock.tar.gz", "--credentials", "credentials.yml",
        "--endpoints", "endpoints.yml", "--interface", "127.0.0.1", "--port", str(port),
    ]
    return Server("stock Rasa", command, port, folder=folder, log=work / "stock.log", environment={})


def fsync_ms(folder: Path, times: int = 50) -> float:
    """What the disk takes to keep 4 KB, the median."""
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begun)
    return 1000 * statistics.median(took)


def _table(ours: Result, theirs: Result, fsync: float) -> str:
    lines = ["", "| | Sportello | stock Rasa | ratio |", "|---|---|---|---|"]

    def line(what: str, our: float, their: float, form: str, *, more_is_better: bool = False) -> None:
        ratio = our / their if more_is_better else their / our
        lines.append(f"| {what} | {our:{form}} | {their:{form}} | {ratio:.1f}× |")

    for our, their in zip(ours.rows, theirs.rows, strict=True):
        who = f"{our.clients} client{'s' if our.clients > 1 else ''}"
        line(f"{who}: p50, ms", our.p50_ms, their.p50_ms, ".1f")
        line(f"{who}: p95, ms", our.p95_ms, their.p95_ms, ".1f")
        line(f"{who}: messages a second", our.per_s, their.per_s, ".0f", more_is_better=True)
        line(f"{who}: CPU a message, ms", our.cpu_ms, their.cpu_ms, ".1f")
    line("start to first answer, s", ours.first_answer_s, theirs.first_answer_s, ".1f")
    line("resident memory after the start, MB", ours.idle_mb, theirs.idle_mb, ".0f")
    line("resident memory after all questions, MB", ours.after_mb, theirs.after_mb, ".0f")
    asked = [sum(row.asked for row in result.rows) for result in (ours, theirs)]
    none = [sum(row.unanswered for row in result.rows) for result in (ours, theirs)]
    lines.append(f"| messages asked (without an answer) | {asked[0]} ({none[0]}) | {asked[1]} ({none[1]}) | |")
    lines.append(f"\nfsync of 4 KB here: {fsync:.2f} ms (median). {os.cpu_count()} cores for server and client.")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
