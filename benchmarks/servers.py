"""A server under measurement: starting it, asking it, what it cost. Linux only: costs are read from /proc."""
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import httpx

LONGEST_START_S = 180.0
_TICKS = os.sysconf("SC_CLK_TCK")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


class Server:
    """A process that answers on /webhooks/rest/webhook. Use it in a ``with``.

    Attributes:
        first_answer_s: from the start of the process to its first answer.
    """

    def __init__(
        self, name: str, command: list[str], port: int, *, folder: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self.first_answer_s = 0.0
        self._command = command
        self._folder = folder
        self._log = log
        self._environment = dict(os.environ) | QUIET | dict(environment)

    def __enter__(self) -> "Server":
        started = time.perf_counter()
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdout=out, stderr=out, start_new_session=True
            )
        try:
            self._await_answer(started)
        except BaseException:
            self._stop()
            raise
        self.first_answer_s = time.perf_counter() - started
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def cpu_s(self) -> float:
        """Processor time of the process and its children so far, user and system."""
        return sum(_cpu_s(pid) for pid in self._pids())

    def memory_mb(self) -> float:
        """Resident memory now."""
        return sum(_memory_mb(pid) for pid in self._pids())

    def _await_answer(self, started: float) -> None:
        while time.perf_counter() - started < LONGEST_START_S:
            if self._process.poll() is not None:
                raise SystemExit(f"{self.name} ended at once; {_end_of(self._log)}")
            try:
                answer = httpx.post(self.url, json={"sender": "first", "message": "ciao"}, timeout=30)
                if answer.status_code == httpx.codes.OK and answer.json():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise SystemExit(f"{self.name} gave no answer in {LONGEST_START_S:.0f} s; {_end_of(self._log)}")

    def _pids(self) -> list[int]:
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return 0.0


def _end_of(log: Path) -> str:
    return f"the end of {log}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-20:])
