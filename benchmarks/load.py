"""Asking a server as many shoppers at once would, and what came of it."""
import asyncio
import itertools
import statistics
import time
import uuid
from collections.abc import Iterator
from typing import NamedTuple

import httpx

from benchmarks.servers import Server

#: In no training file. Asked in turn; nothing here needs a person, so the conversation stays with the bot.
QUESTIONS = (
    "quanto si spende per farsi mandare un paio di scarpe?",
    "in quanti giorni mi arriva il pacco a casa?",
    "spedite anche in Spagna?",
    "posso restituire le scarpe se mi vanno strette?",
    "entro quando devo rimandarvele indietro?",
    "accettate la carta di credito?",
    "si può pagare alla consegna?",
    "mi serve la fattura per la ditta",
    "come scelgo la taglia giusta?",
    "a che ora aprite sabato?",
    "how much is the delivery?",
    "how many days until my shoes arrive?",
    "can I send the jacket back?",
    "do you take PayPal?",
    "where is your store?",
    "ciao",
    "grazie mille",
    "hello there",
)
MESSAGES_OF_A_SHOPPER = 10


class Row(NamedTuple):
    clients: int
    p50_ms: float
    p95_ms: float
    per_s: float
    cpu_ms: float
    asked: int
    refused: int


def measure(server: Server, clients: int, seconds: float) -> Row:
    """Ask with so many clients at once, each waiting for its answer before the next question."""
    return asyncio.run(_measure(server, clients, seconds))


async def _measure(server: Server, clients: int, seconds: float) -> Row:
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        await asyncio.gather(*(_ask(client, server.url, _shopper(n), 5, None, []) for n in range(clients)))
        took: list[float] = []
        refused: list[str] = []
        cpu, started = server.cpu_s(), time.perf_counter()
        until = started + seconds
        await asyncio.gather(*(_ask(client, server.url, _shopper(n), until, took, refused) for n in range(clients)))
        wall, cpu = time.perf_counter() - started, server.cpu_s() - cpu
    took.sort()
    return Row(
        clients, 1000 * statistics.median(took), 1000 * took[int(0.95 * (len(took) - 1))], len(took) / wall,
        1000 * cpu / len(took), len(took), len(refused),
    )


async def _ask(
    client: httpx.AsyncClient, url: str, shopper: Iterator[tuple[str, str]], until: float, took: list[float] | None,
    refused: list[str],
) -> None:
    """Until a moment of `perf_counter`; without ``took``, to warm up: so many messages."""
    for count, (sender, text) in enumerate(shopper):
        begun = time.perf_counter()
        if (count >= until) if took is None else (begun >= until):
            return
        answer = await client.post(url, json={"sender": sender, "message": text})
        if took is None:
            continue
        took.append(time.perf_counter() - begun)
        if answer.status_code != httpx.codes.OK or not answer.json():
            refused.append(answer.text)


def _shopper(offset: int) -> Iterator[tuple[str, str]]:
    """Endless (sender, text); a new sender every few messages."""
    questions = itertools.islice(itertools.cycle(QUESTIONS), offset, None)
    while True:
        sender = uuid.uuid4().hex
        for text in itertools.islice(questions, MESSAGES_OF_A_SHOPPER):
            yield sender, text
