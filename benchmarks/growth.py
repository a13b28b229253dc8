"""What a message costs at turn 1,000 of one conversation, against turn 10.

    python -m benchmarks.growth [--turns 1000]

In process, on SQLite. CPU is the whole process's, wall time includes the wait for the disk.
"""
import argparse
import asyncio
import itertools
import statistics
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.desk_in_process import ask, running_desk
from benchmarks.load import QUESTIONS
from bot.service.desk import Desk

ROOT = Path(__file__).parents[1]
AROUND = 50  # messages on each side of the turn


class Cost(NamedTuple):
    cpu_ms: float
    wall_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=1000)
    early, late = asyncio.run(measure(parser.parse_args().turns))
    print("\n| | turn 10 | turn 1,000 | ratio |\n|---|---|---|---|")
    print(f"| CPU a message, ms | {early.cpu_ms:.2f} | {late.cpu_ms:.2f} | {late.cpu_ms / early.cpu_ms:.2f} |")
    print(f"| wall a message, ms | {early.wall_ms:.2f} | {late.wall_ms:.2f} | {late.wall_ms / early.wall_ms:.2f} |")


async def measure(turns: int) -> tuple[Cost, Cost]:
    async with running_desk(ROOT) as (house, desk):
        await house.live.settled()
        questions = itertools.cycle(QUESTIONS)
        costs: dict[str, list[Cost]] = {"warm": [], "early": [], "late": []}
        # Turns 6 to 15 of ten conversations, so that both figures rest on as many messages.
        for number in range(11):
            await _talk(desk, f"short{number}", 5, questions)
            costs["early" if number else "warm"] += await _talk(desk, f"short{number}", 10, questions)
        await _talk(desk, "long", turns - AROUND, questions)
        costs["late"] = await _talk(desk, "long", 2 * AROUND, questions)
    return _typical(costs["early"]), _typical(costs["late"])


async def _talk(desk: Desk, sender: str, messages: int, questions: "itertools.cycle[str]") -> list[Cost]:
    costs = []
    for text in itertools.islice(questions, messages):
        cpu, wall = time.process_time(), time.perf_counter()
        await ask(desk, sender, text)
        costs.append(Cost(1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)))
    return costs


def _typical(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(one.cpu_ms for one in costs), statistics.median(one.wall_ms for one in costs))


if __name__ == "__main__":
    main()
