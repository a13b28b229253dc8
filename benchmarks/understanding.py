"""How well messages are understood: Sportello, stock Rasa, nlp.js and a plain SVM on the same public sets.

    python -m benchmarks.understanding --data FOLDER [--sets NAME …] [--systems NAME …] [--quick] [--json FILE]

FOLDER holds banking77, hwu64, nlpjs-corpus50, ms-chitchat and braun-nlu-evaluation as tab-separated files of
intent<TAB>text. One table: accuracy in percent and the seconds a training took (a fold's mean); for the set with
unknown intents, the share of messages answered and how many of these answers were right, with the border drawn for
98 % on the training rows alone. All systems run one after the other on this machine. DIET takes minutes on each set
and an hour on the largest: --quick leaves it out where 1,500 rows or more are taught.
"""
import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.understanding_sets import ORDER, Goal, Set, all_sets
from benchmarks.understanding_systems import Measured, nlpjs, nlpjs_missing, ours, rasa, svm, theirs

TITLES = {
    "ours": "Sportello",
    "rasa": "Rasa default (DIET)",
    "lean": "Rasa lean",
    "nlpjs": "nlp.js, tuned",
    "svm": "TF-IDF + SVM",
}
SYSTEMS: dict[str, Callable[[Set], Measured]] = {
    "ours": ours,
    "svm": lambda data: theirs(svm, data),
    "nlpjs": lambda data: theirs(nlpjs, data),
    "lean": lambda data: theirs(rasa("lean"), data),
    "rasa": lambda data: theirs(rasa("default"), data),
}
MOST_MS = 4.0
_QUICK_ROWS = 1_500
Found = dict[str, dict[str, Measured]]


def main() -> None:
    options = _options()
    sets, reasons = all_sets(options.data), []
    systems = [name for name in SYSTEMS if name in options.systems]
    if "nlpjs" in systems and (reason := nlpjs_missing()):
        reasons.append(reason)
        systems.remove("nlpjs")
    begun = time.perf_counter()
    shapes = {name: sets[name]() for name in ORDER if name in options.sets}
    found: Found = {name: {} for name in shapes}
    # The slowest system last: whoever stops the run has the others on all sets.
    for system, (name, data) in product(systems, shapes.items()):
        if system == "rasa" and options.diet_below and data.taught >= options.diet_below:
            continue
        found[name][system] = SYSTEMS[system](data)._replace(load=round(os.getloadavg()[0], 1))
        _say(f"{name}, {system}: {found[name][system]}")
        _write(options.json, found, shapes, time.perf_counter() - begun)
    if options.diet_below and "rasa" in systems:
        reasons.append(f"Rasa default was not run where {options.diet_below:,} rows or more are taught")
    console = Console() if sys.stdout.isatty() else Console(width=150)
    console.print(_table(found, shapes, systems))
    minutes, load = (time.perf_counter() - begun) / 60, _highest_load(found)
    reasons.append(f"{minutes:.0f} minutes in all, {os.cpu_count()} cores, load average up to {load:.1f}")
    for line in reasons:
        console.print(f"{line}.")


def _highest_load(found: Found) -> float:
    return max((one.load for row in found.values() for one in row.values()), default=0.0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--sets", nargs="+", choices=ORDER, default=ORDER, metavar="NAME", help=", ".join(ORDER))
    parser.add_argument("--systems", nargs="+", choices=TITLES, default=[*TITLES], help="all by default")
    parser.add_argument("--diet-below", type=int, default=0, metavar="ROWS", help="run DIET where fewer are taught")
    parser.add_argument("--quick", action="store_true", help=f"the same as --diet-below {_QUICK_ROWS}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too, after each measurement")
    options = parser.parse_args()
    if options.quick and not options.diet_below:
        options.diet_below = _QUICK_ROWS
    return options


def _table(found: Found, shapes: Mapping[str, Set], systems: Iterable[str]) -> Table:
    shown = [name for name in TITLES if name in systems]
    title = "accuracy in percent · training seconds (@: share answered @ precision of the answers)"
    table = Table("set", "intents", "taught", "asked", title=title)
    for name in shown:
        table.add_column(TITLES[name], justify="right")
    table.add_column("p50 ms of ours", justify="right")
    table.add_column("goal")
    for name, measured in found.items():
        data = shapes[name]
        own = measured.get("ours")
        table.add_row(
            name,
            *_shape(data),
            *(_cell(measured.get(system), data) for system in shown),
            f"{own.p50_ms:.1f}" if own else "",
            _verdict(data.goal, measured),
        )
    return table


def _shape(data: Set) -> tuple[str, str, str]:
    labels = {row.label for split in data.splits for row in split.taught}
    asked = sum(len(split.asked) for split in data.splits)
    folds = f" × {len(data.splits)}" if len(data.splits) > 1 else ""
    return str(len(labels)), f"{data.taught:,}{folds}", f"{asked:,}"


def _cell(one: Measured | None, data: Set) -> str:
    if one is None:
        return "not run"
    if not data.bands:
        return f"{one.accuracy:.1f} · {one.train_s:.0f} s"
    precision = "–" if one.precision is None else f"{one.precision:.1f}"
    return f"{one.answered:.1f} @ {precision} · {one.train_s:.0f} s"


def goals(goal: Goal, measured: Mapping[str, Measured]) -> list[tuple[str, bool]]:
    """Each goal of a set in words, and whether ours reached it; nothing where it was not measured."""
    own = measured.get("ours")
    if own is None:
        return []
    told = []
    if goal.accuracy is not None:
        told.append((f"≥ {goal.accuracy:g}", own.accuracy >= goal.accuracy))
    if goal.answered is not None and goal.precision is not None:
        reached = (own.answered or 0) >= goal.answered and (own.precision or 0) >= goal.precision
        told.append((f"≥ {goal.answered:g} @ {goal.precision:g}", reached))
    if goal.above is not None and (other := measured.get(goal.above)):
        above = own.accuracy > other.accuracy if goal.strictly else own.accuracy >= other.accuracy
        told.append((f"{'above' if goal.strictly else 'not below'} {TITLES[goal.above]}", above))
    told.append((f"≤ {MOST_MS:g} ms", own.p50_ms <= MOST_MS))
    return told


def _verdict(goal: Goal, measured: Mapping[str, Measured]) -> str:
    marks = {True: "[green]reached[/green]", False: "[red]MISSED[/red]"}
    return "\n".join(f"{words}: {marks[reached]}" for words, reached in goals(goal, measured))


def _write(file: Path | None, found: Found, shapes: Mapping[str, Set], seconds: float) -> None:
    if file is None:
        return
    told: dict[str, Any] = {"cores": os.cpu_count(), "seconds": round(seconds), "sets": {}}
    for name, measured in found.items():
        intents, taught, asked = _shape(shapes[name])
        told["sets"][name] = {
            "intents": intents,
            "taught": taught,
            "asked": asked,
            "goals": [{"goal": words, "reached": reached} for words, reached in goals(shapes[name].goal, measured)],
            "systems": {system: one._asdict() for system, one in measured.items()},
        }
    file.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
