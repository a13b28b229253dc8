"""A desk in a process of its own that dies at a named point.

``python -m tests.crash.small_desk FOLDER DELIVERY [POINT NTH]`` reads one JSON message ``[key, who, text]`` a line and
prints the key once the message is accepted, as a provider would get its 200. The line ``"finish"`` is answered when no
work is left. A message that reads ``a-1`` is answered with ``a-1``, so that each answer tells what it answers.
"""
import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from bot.model.conversation import EventKind, Facts, Inbound, Reply, StepResult
from bot.model.ports import Address, TurnPorts
from bot.model.understanding import Hints, Parse
from bot.storage import tables as t
from bot.storage.store import Store, open_store
from tests.service.conftest import Care, make_care

#: Where a desk may die (design section 3); 'received' is on disk but not yet acknowledged.
POINTS = ("received", "claimed", "parsed", "committed", "marking sending", "written", "marked sent")
#: Work that is still open after so long was lost, not slow.
LOST_AFTER_S = 30


class Fuse:
    """Kills this very process, as ``kill -9`` would, the ``nth`` time that ``point`` is reached."""

    def __init__(self, point: str, nth: int) -> None:
        self._point = point
        self._left = nth

    def reach(self, point: str, times: int = 1) -> None:
        if point == self._point:
            self._left -= times
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class FusedStore:
    """A store that knows what a commit brought, and dies right after it."""

    def __init__(self, inner: Store, fuse: Fuse) -> None:
        self._inner = inner
        self._fuse = fuse
        self._counts: dict[str, int] = {}
        self.changed = asyncio.Event()

    async def write(self, work: Any) -> Any:
        result = await self._inner.write(work)
        counts = await self._inner.read(_count)
        before, self._counts = self._counts or counts, counts
        for point in ("received", "committed", "marked sent"):
            if counts[point] > before[point]:
                self._fuse.reach(point, counts[point] - before[point])
        self.changed.set()
        return result

    async def read(self, work: Any) -> Any:
        return await self._inner.read(work)

    async def close(self) -> None:
        await self._inner.close()

    async def nothing_left(self) -> None:
        """Return when every entry is done and every row is settled."""
        while (await self._inner.read(_count))["open"]:
            self.changed.clear()
            await self.changed.wait()


def _count(connection: Any) -> dict[str, int]:
    def rows(table: sa.Table, *where: Any) -> int:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar())

    outbox = t.outbox.c.status
    return {
        "received": rows(t.inbox),
        "committed": rows(t.turn),
        "marked sent": rows(t.outbox, outbox == "sent"),
        "open": rows(t.inbox, t.inbox.c.status == "pending") + rows(t.outbox, outbox.in_(["pending", "sending"])),
    }


class FileChannel:
    """A provider that keeps what reached it, one line a message."""

    kind = "push"

    def __init__(self, file: Path, delivery: str, fuse: Fuse) -> None:
        self.delivery = delivery
        self._file = file
        self._fuse = fuse

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        self._fuse.reach("marking sending")
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"to": to.external_id, "key": key, "text": reply.text}) + "\n")
        self._fuse.reach("written")
        return key


def _set_fuse(care: Care, fuse: Fuse) -> None:
    parse, step = care.understanding.parse, care.dialogue.step

    async def fused_parse(text: str, hints: Hints) -> Parse:
        fuse.reach("claimed")
        return await parse(text, hints)

    async def fused_step(state: dict[str, Any] | None, parse: Parse, facts: Facts, ports: TurnPorts) -> StepResult:
        fuse.reach("parsed")
        result = await step(state, parse, facts, ports)
        return replace(result, replies=(Reply(parse.text, "it"),))

    care.understanding.parse = fused_parse  # type: ignore[method-assign]
    care.dialogue.step = fused_step  # type: ignore[method-assign]


async def _main(folder: Path, delivery: str, fuse: Fuse) -> None:
    store = FusedStore(open_store(f"sqlite:///{folder / 'desk.db'}"), fuse)
    care = await make_care(store, push=FileChannel(folder / "sent.jsonl", delivery, fuse))
    _set_fuse(care, fuse)
    await care.desk.start()
    channel = "widget" if delivery == "stored" else "push"
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    accepting: set[asyncio.Task[None]] = set()

    async def accept(key: str, who: str, text: str) -> None:
        await care.desk.receive([Inbound(channel, EventKind.MESSAGE, key, who, text)])
        print(json.dumps(key), flush=True)

    while line := await lines.readline():
        message = json.loads(line)
        if message == "finish":
            await asyncio.gather(*accepting)
            await asyncio.wait_for(store.nothing_left(), LOST_AFTER_S)
            print(json.dumps("finished"), flush=True)
        else:
            accepting.add(asyncio.create_task(accept(*message)))
    await care.desk.stop()
    await store.close()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    place, kind, *fuse = sys.argv[1:]
    asyncio.run(_main(Path(place), kind, Fuse(fuse[0], int(fuse[1])) if fuse else Fuse("", 0)))
