"""WhatsApp webhook deliveries: how many a second one process accepts, and whether any is lost or doubled.

    python -m benchmarks.deliveries [--rate 500] [--deliveries 5000]

A client in a process of its own posts signed deliveries over the loopback at a fixed rate; every tenth is a repetition.
The desk, the channel and the store on disk are the real ones; understanding and dialogue are the tests' fakes, which
take no time, so this is the price of accepting and not of answering. Answers do go out, to a Graph API that takes all.
"""
import argparse
import asyncio
import multiprocessing
import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.desk import fsync_ms
from bot.channels import open_channels
from bot.service.assembly import Parts, build_desk
from bot.service.clock import SystemClock
from bot.service.live import Manner
from bot.service.people.operators import Operators
from bot.settings import load_settings
from bot.storage.operator_rows import StoredOperators
from bot.storage.store import open_store
from tests import fakes
from tests.providers.loopback import Loopback
from tests.providers.meta import APP_SECRET, TOKEN, as_meta_writes, signature

PHONE_ID = "106540352242922"
PATH = "/webhooks/whatsapp"
SHOP = "shop: {name: Passo, email: a@b.example, privacy_url: /p}\n"
#: Each writes a handful of messages; one in ten deliveries is one that came before.
MESSAGES_OF_A_SHOPPER = 5
REPEATED = 0.1
STOP_WITHIN_S = 120
#: Connections of the provider; so many deliveries are under way at most.
CALLERS = 64
TEXTS = ("ciao", "quanto costa la spedizione?", "e per i resi?", "grazie mille")


class Delivery(NamedTuple):
    body: bytes
    headers: dict[str, str]


class Result(NamedTuple):
    """``cpu_s``: of the desk's process while deliveries came, turns and answers included."""

    took_ms: list[float]
    wall_s: float
    refused: int
    cpu_s: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=500.0, help="deliveries a second")
    parser.add_argument("--deliveries", type=int, default=5000, help="how many, repetitions among them")
    options = parser.parse_args()
    deliveries, unique = make_deliveries(options.deliveries)
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        fsync = fsync_ms(Path(folder))
        result = asyncio.run(run(Path(folder), deliveries, options.rate))
        stored, distinct, pending = count(Path(folder) / "desk.db")
    took = sorted(result.took_ms)
    print(f"\n{len(deliveries)} deliveries of {unique} messages, offered at {options.rate:.0f} a second; understanding")
    print(f"and dialogue are fakes; fsync of 4 KB here {fsync:.2f} ms (median)\n")
    print("| | |\n|---|---|")
    print(f"| accepted (200) a second | {(len(took) - result.refused) / result.wall_s:.0f} |")
    print(f"| not answered with 200 | {result.refused} |")
    print(f"| until the 200: p50, ms | {statistics.median(took):.1f} |")
    print(f"| until the 200: p95, ms | {took[int(0.95 * (len(took) - 1))]:.1f} |")
    print(f"| the desk's CPU a delivery, turns and answers included, ms | {1000 * result.cpu_s / len(took):.2f} |")
    print(f"| messages sent / stored | {unique} / {stored} |")
    print(f"| lost | {unique - distinct} |")
    print(f"| doubled | {stored - distinct} |")
    print(f"| not yet handled at the end | {pending} |")


def make_deliveries(number: int) -> tuple[list[Delivery], int]:
    """Signed as Meta signs; a repetition comes some time after the first. Also how many differ."""
    chance = random.Random(1)
    unique = round(number * (1 - REPEATED))
    made = [_delivery(one) for one in range(unique)]
    order = [*range(unique)]
    for one in chance.sample(range(unique), number - unique):
        order.insert(chance.randrange(one, len(order)) + 1, one)
    return [made[one] for one in order], unique


def _delivery(number: int) -> Delivery:
    who = f"39333{number // MESSAGES_OF_A_SHOPPER:07d}"
    message = {
        "from": who, "id": f"wamid.{number:08d}", "timestamp": str(int(time.time())), "type": "text",
        "text": {"body": TEXTS[number % len(TEXTS)]},
    }
    value = {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": "39021234", "phone_number_id": PHONE_ID},
        "contacts": [{"profile": {"name": "Ada"}, "wa_id": who}], "messages": [message],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    body = as_meta_writes({"object": "whatsapp_business_account", "entry": [entry]})
    return Delivery(body, signature(body) | {"Content-Type": "application/json"})


async def run(folder: Path, deliveries: list[Delivery], rate: float) -> Result:
    """Offer the deliveries to a desk in another process, and let it finish."""
    here, there = multiprocessing.Pipe()
    async with Loopback(Starlette(routes=[Route("/{path:path}", _take, methods=["POST"])])) as graph:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=serve_desk, args=(folder, graph.url, there))
        process.start()
        url = await asyncio.to_thread(here.recv)
        try:
            result = await offer(url, deliveries, rate)
        finally:
            here.send("stop")
            cpu_s = await asyncio.to_thread(here.recv)
            await asyncio.to_thread(process.join, STOP_WITHIN_S)
    return result._replace(cpu_s=cpu_s)


async def _take(_request: Request) -> JSONResponse:
    return JSONResponse({"messages": [{"id": f"wamid.out{time.perf_counter_ns()}"}]})


async def offer(url: str, deliveries: list[Delivery], rate: float) -> Result:
    """Post each at its moment, or as soon after it as one of the callers is free; times count from that moment."""
    address = urlsplit(url)
    assert address.hostname is not None and address.port is not None
    waiting = iter(enumerate(deliveries))
    took: list[float] = []
    statuses: Counter[int] = Counter()
    started = time.perf_counter()

    async def call() -> None:
        caller = Caller(address.hostname or "", address.port or 0)
        for number, one in waiting:
            moment = started + number / rate
            await asyncio.sleep(moment - time.perf_counter())
            statuses[await caller.post(one)] += 1
            took.append(1000 * (time.perf_counter() - moment))
        caller.close()

    await asyncio.gather(*(call() for _ in range(CALLERS)))
    wall_s = time.perf_counter() - started
    return Result(took, wall_s, len(took) - statuses[200])


class Caller:
    """One connection that is kept. Leaner than a HTTP library, so that the client does not set the pace."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, one: Delivery) -> int:
        """The status; where the connection breaks, the delivery is repeated, as Meta does."""
        headers = {"Host": self._host, "Content-Length": str(len(one.body)), **one.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode() + one.body
        while True:
            try:
                return await self._exchange(request)
            except (OSError, asyncio.IncompleteReadError):
                self.close()

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        return int(head.split()[1])

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


def serve_desk(folder: Path, graph_url: str, pipe: Connection) -> None:
    """The other process: tells its address, serves until told to stop, tells its CPU time, ends when all is handled."""
    asyncio.run(_serve(folder, graph_url, pipe))


async def _serve(folder: Path, graph_url: str, pipe: Connection) -> None:
    (folder / "shop.yml").write_text(SHOP)
    variables = {
        "SPORTELLO_WHATSAPP_TOKEN": TOKEN, "SPORTELLO_WHATSAPP_PHONE_NUMBER_ID": PHONE_ID,
        "SPORTELLO_WHATSAPP_APP_SECRET": APP_SECRET, "SPORTELLO_WHATSAPP_API": graph_url,
        "SPORTELLO_STATE": str(folder),
    }
    clock, store = SystemClock(), open_store(f"sqlite:///{folder / 'desk.db'}")
    channels = open_channels(load_settings(folder, variables), clock)
    desk, faq = build_desk(
        Parts(
            store=store, clock=clock, understanding=fakes.FakeUnderstanding(), dialogue=fakes.FakeDialogue(),
            texts=fakes.FakeTexts(), hours=fakes.FakeHours(), orders=fakes.FakeOrders(),
            live_faq=fakes.FakeLiveFaq(), reader=fakes.FakeReader,  # type: ignore[arg-type]
            operators=Operators(StoredOperators(store, clock)), channels=channels, shop="Passo",
            manner=Manner("informal", "when_needed"), notices=list,
        )
    )
    await faq.serve(fakes.publication(shipping_cost="Costa **4,90 €**", return_how="30 giorni"))
    await desk.start()
    routes = channels["whatsapp"].routes
    assert routes is not None
    async with Loopback(Starlette(routes=routes(desk))) as server:
        cpu = time.process_time()
        pipe.send(server.url)
        await asyncio.to_thread(pipe.recv)
        pipe.send(time.process_time() - cpu)
        for _ in range(10 * STOP_WITHIN_S // 2):
            if not await asyncio.to_thread(_pending, folder / "desk.db"):
                break
            await asyncio.sleep(0.1)
    await desk.stop()
    await store.close()


def _pending(database: Path) -> int:
    return _number(database, "SELECT count(*) FROM inbox WHERE status = 'pending'")


def count(database: Path) -> tuple[int, int, int]:
    """(messages of shoppers, different ones, events that wait)."""
    mine = "FROM message WHERE author = 'contact'"
    stored, distinct = (_number(database, f"SELECT count({what}) {mine}") for what in ("key", "DISTINCT key"))
    return stored, distinct, _pending(database)


def _number(database: Path, query: str) -> int:
    with sqlite3.connect(database, timeout=20) as connection:
        return int(connection.execute(query).fetchone()[0])


if __name__ == "__main__":
    main()
