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

#: Asked in turn. Nothing here needs a person, so the conversation stays with the bot.
QUESTIONS = (
    "quali sono le spese di spedizione?",
    "quanto tempo ci vuole per la consegna?",
    "spedite anche in Spagna?",
    "come faccio a rendere le scarpe?",
    "quanti giorni ho per fare il reso?",
    "accettate la carta di credito?",
    "si può pagare alla consegna?",
    "mi serve la fattura per la ditta",
    "come scelgo la taglia giusta?",
    "che orari fate il sabato?",
    "how much is shipping?",
    "how long does delivery take?",
    "how can I return an item?",
    "do you take PayPal?",
    "where is your store?",
    "ciao",
    "grazie mille",
    "hello there",
)
MESSAGES_OF_A_SHOPPER = 10
#: So many messages of each client warm a server up.
LEAST = 5


class Row(NamedTuple):
    clients: int
    p50_ms: float
    p95_ms: float
    per_s: float
    cpu_ms: float
    asked: int
    unanswered: int


def measure(server: Server, clients: int, seconds: float) -> Row:
    """Ask with so many clients at once, each waiting for its answer before the next question."""
    return asyncio.run(_measure(server, clients, seconds))


async def _measure(server: Server, clients: int, seconds: float) -> Row:
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        await asyncio.gather(*(_ask(client, server.url, _shopper(n), 0.0, []) for n in range(clients)))
        took: list[float] = []
        cpu, started = server.cpu_s(), time.perf_counter()
        until = started + seconds
        shoppers = (_ask(client, server.url, _shopper(n), until, took) for n in range(clients))
        unanswered = sum(await asyncio.gather(*shoppers))
        wall, cpu = time.perf_counter() - started, server.cpu_s() - cpu
    took.sort()
    return Row(
        clients, 1000 * statistics.median(took), 1000 * took[int(0.95 * (len(took) - 1))], len(took) / wall,
        1000 * cpu / len(took), len(took), unanswered,
    )


async def _ask(
    client: httpx.AsyncClient, url: str, shopper: Iterator[tuple[str, str]], until: float, took: list[float]
) -> int:
    """Ask until a moment of `perf_counter`, at least some messages; how many got no answer."""
    unanswered = 0
    for count, (sender, text) in enumerate(shopper):
        begun = time.perf_counter()
        if count >= LEAST and begun >= until:
            break
        answer = await client.post(url, json={"sender": sender, "message": text})
        took.append(time.perf_counter() - begun)
        unanswered += answer.status_code != httpx.codes.OK or not answer.json()
    return unanswered


def _shopper(offset: int) -> Iterator[tuple[str, str]]:
    """Endless (sender, text); a new sender every few messages."""
    questions = itertools.islice(itertools.cycle(QUESTIONS), offset, None)
    while True:
        sender = uuid.uuid4().hex
        for text in itertools.islice(questions, MESSAGES_OF_A_SHOPPER):
            yield sender, text
