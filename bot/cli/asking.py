"""Asking a whole file of questions, and reading the record of real ones."""
import asyncio
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.cli.talk import CHANNEL, quiet_desk
from bot.cli.training import train_if_needed
from bot.model.conversation import EventKind, Inbound
from bot.model.errors import SettingError
from bot.model.views import MessageView
from bot.service.clock import SystemClock
from bot.service.desk import Desk
from bot.settings import Settings
from bot.storage import turns
from bot.storage.store import open_store

ANSWER_WITHIN_S = 30.0
OUT_OF_SCOPE = "@out_of_scope"


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a row led to. ``outcome``: 'answered', 'offered' or 'handed_over'; labels as in the file."""

    row: Row
    outcome: str
    best: str
    said: tuple[str, ...]
    offered: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return self.row.label != OUT_OF_SCOPE

    @property
    def is_answer(self) -> bool:
        """Something was asserted: an honest "I cannot help with that" asserts nothing."""
        return self.outcome == "answered" and self.said != (OUT_OF_SCOPE,)

    @property
    def is_right(self) -> bool:
        if self.row.label == "@handoff_request" or self.row.label == "@complaint":
            return self.outcome == "handed_over" or self.row.label in self.said
        return self.is_answer and self.row.label in self.said


def read_rows(path: Path) -> list[Row]:
    """``label<TAB>text``, or ``label<TAB>language<TAB>text`` where the header says so.

    Raises:
        SettingError: the line that is neither.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split("\t") if lines else []
    has_language = header == ["label", "language", "text"]
    start = 1 if header and header[0] == "label" else 0
    rows = []
    for number, line in enumerate(lines[start:], start + 1):
        fields = line.split("\t")
        if len(fields) != (3 if has_language else 2) or not all(field.strip() for field in fields):
            wanted = "label<TAB>language<TAB>text" if has_language else "label<TAB>text"
            raise SettingError(f"met {line[:60]!r}: each line is {wanted}, nothing empty.", file=str(path), line=number)
        rows.append(Row(fields[0], fields[1] if has_language else "", fields[-1]))
    return rows


def ask_all(settings: Settings, rows: Sequence[Row]) -> dict[str, Any]:
    """Ask every row as a shopper of its own; the figures of `sportello evaluate faq`."""
    train_if_needed(settings)

    async def talk() -> list[Told]:
        async with quiet_desk(settings) as desk:
            return [await _ask(desk, row) for row in rows]

    told = asyncio.run(talk())
    figures = _figures(told)
    for language in sorted({row.language for row in rows if row.language}):
        figures[language] = _figures([one for one in told if one.row.language == language])
    return figures


async def _ask(desk: Desk, row: Row) -> Told:
    inbound = Inbound(CHANNEL, EventKind.MESSAGE, uuid.uuid4().hex, uuid.uuid4().hex, text=row.text)
    answers = await desk.ask(inbound, ANSWER_WITHIN_S)
    traces = [dict(one.trace) for one in answers if one.trace]
    if not traces:
        return Told(row, "handed_over", "", (), ())
    candidates = traces[0].get("candidates") or [{"intent": traces[0]["intent"], "faq_id": None}]
    outcome = "answered"
    if any(trace["owner"] == "queue" for trace in traces):
        outcome = "handed_over"
    elif any(trace["source"] == "fallback" for trace in traces):
        outcome = "offered"
    said = tuple(_label(trace["intent"], trace.get("faq_id")) for trace in traces)
    return Told(row, outcome, _label(candidates[0]["intent"], candidates[0]["faq_id"]), said, _offered(answers))


def _label(intent: str, faq_id: str | None) -> str:
    return faq_id or f"@{intent}"


def _offered(answers: Sequence[MessageView]) -> tuple[str, ...]:
    payloads = [choice.payload.partition(":") for one in answers for choice in one.choices]
    return tuple(name if kind == "faq" else f"@{name}" for kind, _, name in payloads if name)


def _figures(told: Sequence[Told]) -> dict[str, Any]:
    known = [one for one in told if one.is_known]
    unknown = [one for one in told if not one.is_known]
    offered = [one for one in known if one.outcome == "offered"]
    answers = [one for one in told if one.is_answer]
    by_label: defaultdict[str, list[bool]] = defaultdict(list)
    for one in known:
        by_label[one.row.label].append(one.best == one.row.label)
    outcomes = Counter(one.outcome for one in told)
    return {
        "rows": len(told),
        "top1": _share(one.best == one.row.label for one in known),
        "top1_mean_over_labels": _share(sum(right) / len(right) for right in by_label.values()),
        "among_offered": _share(one.row.label in one.offered for one in offered),
        "answered": _share(one.is_answer for one in told),
        "answered_in_scope": _share(one.is_answer for one in known),
        "offered": outcomes["offered"] / len(told) if told else None,
        "handed_over": outcomes["handed_over"] / len(told) if told else None,
        "precision_of_answers": _share(one.is_right for one in answers),
        "out_of_scope_not_answered": _share(not one.is_answer for one in unknown),
    }


def _share(values: Any) -> float | None:
    found = [float(value) for value in values]
    return round(sum(found) / len(found), 4) if found else None


def live_share(settings: Settings, back: timedelta) -> dict[str, Any]:
    """What the record says about messages that nothing covers: out of scope, choices refused, low confidence."""

    async def read() -> list[Any]:
        store = open_store(settings.environment.database)
        try:
            since = SystemClock().now() - back
            return await store.read(lambda connection: turns.since(connection, since))
        finally:
            await store.close()

    traces = [(row.outcome, row.trace) for row in asyncio.run(read()) if row.trace.get("intent")]
    asked = [(outcome, trace) for outcome, trace in traces if trace.get("source") != "choice"]
    refused = sum(trace["source"] == "choice" and trace["intent"] == "deny" for _, trace in traces)
    uncovered = sum(
        trace["intent"] == "out_of_scope" or (outcome == "handed_off" and trace["band"] != "answer")
        for outcome, trace in asked
    )
    return {
        "messages": len(asked),
        "unknown_share": round(min(1.0, (uncovered + refused) / len(asked)), 4) if asked else None,
        "answered": _share(outcome == "answered" for outcome, _ in asked),
        "offered": _share(outcome == "offered" for outcome, _ in asked),
        "handed_off": _share(outcome == "handed_off" for outcome, _ in asked),
    }
