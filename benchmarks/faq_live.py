"""How long after an editor saves a FAQ file the shop answers differently, with 1,000 entries of 10 phrasings.

    python -m benchmarks.faq_live [--entries 1000] [--times 5]

In process, on a copy of the demo shop whose FAQ was filled up with made-up entries. Two kinds of change: other words in
an answer, and a new entry with ten phrasings that nobody has encoded yet.
"""
import argparse
import asyncio
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desk_in_process import ask, running_desk
from bot.faq.folder import read_entries
from bot.service.desk import Desk

ROOT = Path(__file__).parents[1]
SHOP = ("shop.yml", "orders.csv", "config.yml", "domain.yml", "endpoints.yml", "data", "faq", "models")
LONGEST_S = 60.0
SHIPPING, PRICE = "{#shipping-cost", "**{shipping_price}**"
THINGS = ("scarpone", "giacca", "zaino", "borraccia", "maglia", "calza", "berretto", "guanto", "tenda", "bastone")
COLOURS = ("verde", "rossa", "blu", "nera", "bianca", "gialla", "viola", "grigia")
#: Ten ways to ask about a made-up article; two of them English, as in a bilingual shop.
ASKED = (
    "come si lava {}?", "di che materiale è {}?", "quanto pesa {}?", "{} è impermeabile?", "quando torna {}?",
    "{} va bene per correre?", "posso mettere {} in lavatrice?", "che garanzia ha {}?", "how do I clean {}?",
    "is {} waterproof?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="sportello-bench-")
    try:
        shop = Path(folder) / "shop"
        make_shop(shop, options.entries)
        asyncio.run(report(shop, options.entries, options.times))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_shop(shop: Path, entries: int) -> None:
    """The demo shop with its trained model, filled up to so many entries."""
    shop.mkdir()
    for name in SHOP:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, shop / name)
        else:
            shutil.copy(ROOT / name, shop / name)
    missing = entries - len(read_entries(shop))
    names = _names()
    texts = ["---\ntopic: Articoli\n---\n"]
    texts += [_entry(f"made-up-{number}", next(names), f"Risposta numero {number}.") for number in range(missing)]
    (shop / "faq" / "it" / "made-up.md").write_text("\n".join(texts), encoding="utf-8")


async def report(shop: Path, entries: int, times: int) -> None:
    """Save, ask until the answer is the new one, print the seconds."""
    begun = time.perf_counter()
    async with running_desk(shop) as (_house, desk):
        start = time.perf_counter() - begun
        reworded, added = [], []
        for number in range(times):
            reworded.append(await _reword(shop, desk, number))
            added.append(await _add(shop, desk, number))
        print(f"\n{entries} entries × {len(ASKED)} phrasings; start with an empty cache {start:.1f} s\n")
        print("| saved → answered differently, s | median | longest |\n|---|---|---|")
        for what, took in (("an answer reworded", reworded), ("a new entry, ten phrasings", added)):
            print(f"| {what} | {statistics.median(took):.2f} | {max(took):.2f} |", flush=True)


async def _reword(shop: Path, desk: Desk, number: int) -> float:
    """The price of shipping gets one word more."""
    file = next(file for file in (shop / "faq" / "it").glob("*.md") if SHIPPING in file.read_text("utf-8"))
    before, text = file.read_text("utf-8").split(SHIPPING)
    question = before.rsplit("## ", 1)[1].strip()
    text = text.replace(PRICE, f"{PRICE} (listino {number})", 1)
    begun = time.perf_counter()
    file.write_text(f"{before}{SHIPPING}{text}", encoding="utf-8")
    return await _until(desk, question, f"(listino {number})", begun)


async def _add(shop: Path, desk: Desk, number: int) -> float:
    subject = f"il kit di cera {COLOURS[number % len(COLOURS)]} {number}"
    text = f"---\ntopic: Novità\n---\n{_entry(f'news-{number}', subject, f'Risposta nuova {number}.')}"
    begun = time.perf_counter()
    (shop / "faq" / "it" / f"news-{number}.md").write_text(text, encoding="utf-8")
    return await _until(desk, ASKED[0].format(subject), f"Risposta nuova {number}.", begun)


async def _until(desk: Desk, question: str, wanted: str, begun: float) -> float:
    """Ask, each time as a new shopper, until an answer holds the words; the seconds since ``begun``."""
    count = 0
    while (passed := time.perf_counter() - begun) < LONGEST_S:
        count += 1
        answers = await ask(desk, f"{question} {begun} {count}", question)
        if any(wanted in one.text for one in answers):
            return time.perf_counter() - begun
        await asyncio.sleep(0.02)
    raise SystemExit(f"'{question}' was not answered with '{wanted}' after {passed:.0f} s; last: {answers}")


def _entry(faq_id: str, subject: str, answer: str) -> str:
    first, *others = (form.format(subject) for form in ASKED)
    quoted = "\n".join(f"> {one}" for one in others)
    return f"## {first[0].upper()}{first[1:]} {{#{faq_id}}}\n\n{quoted}\n\n{answer}\n"


def _names() -> Iterator[str]:
    """Different made-up articles, the same ones each time."""
    chance = random.Random(0)
    seen = set()
    while True:
        name = "".join(chance.choice("bcdfglmnprstvz") + chance.choice("aeiou") for _ in range(3))
        if name not in seen:
            seen.add(name)
            yield f"{chance.choice(THINGS)} {name}"


if __name__ == "__main__":
    main()
