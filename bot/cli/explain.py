"""sportello explain: recompute a stored reading from what it rested on."""
import asyncio
import json
from typing import Any

from rich.console import Console

from bot.dialogue.training import model_file
from bot.faq.publication import from_json
from bot.model.errors import SportelloError
from bot.model.understanding import Hints, Parse
from bot.nlu.learn.training import Goal
from bot.nlu.offline import read_again
from bot.service.turn.trace import describe
from bot.settings import Settings
from bot.storage import desk_rows, turns
from bot.storage.store import open_store

#: Scores may differ by this much on another processor (int8 kernels round differently).
TOLERANCE = 0.02


def explain(settings: Settings, turn_id: int, *, as_json: bool) -> int:
    """Print what a turn rested on and whether it comes out the same now; 0 where it does.

    Raises:
        SportelloError: no such turn, or its publication or model is gone.
    """
    trace, publication = asyncio.run(_load(settings, turn_id))
    hints = Hints(**trace["hints"])
    goal = Goal(settings.understanding.target_precision, settings.understanding.unknown_share)
    again = read_again(model_file(settings.project), publication, trace["text"], hints, trace["artefacts"], goal)
    same = _same(trace, again)
    if as_json:
        print(json.dumps({"stored": trace, "again": describe(again), "same": same}, ensure_ascii=False, indent=2))
        return 0 if same else 1
    console = Console(highlight=False)
    console.print(f"[bold]{trace['text']}[/]  ({trace['language']})", markup=True)
    console.print(f"Then:  {trace['faq_id'] or trace['intent']}  {trace['confidence']}  {trace['band']}")
    console.print(f"Again: {again.faq_id or again.intent}  {again.confidence:.4f}  {again.band}")
    for one in trace["candidates"]:
        console.print(f"  {one['score']:.4f}  {one['faq_id'] or one['intent']}")
    console.print("The same." if same else "Not the same: see above.", style="green" if same else "red")
    return 0 if same else 1


async def _load(settings: Settings, turn_id: int) -> tuple[dict[str, Any], Any]:
    store = open_store(settings.environment.database)
    try:
        row = await store.read(lambda connection: turns.find(connection, turn_id))
        if row is None or "artefacts" not in row.trace:
            raise SportelloError(
                f"There is no reading {turn_id}. Take 'turn' from custom.sportello of a REST answer."
            )
        version = row.trace["artefacts"].get("faq_version", "")
        kept = await store.read(lambda connection: desk_rows.find_publication(connection, version))
        if kept is None:
            raise SportelloError(f"Reading {turn_id} used the FAQ publication {version!r}: it is not in the database.")
        return dict(row.trace), from_json(kept.content)
    finally:
        await store.close()


def _same(trace: dict[str, Any], again: Parse) -> bool:
    return (
        trace["faq_id"] == again.faq_id
        and trace["intent"] == again.intent
        and trace["band"] == again.band.value
        and abs(trace["confidence"] - again.confidence) <= TOLERANCE
    )
