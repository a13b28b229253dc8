"""The evaluation sets, read from where they are kept; nothing of them is ever trained on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENTRY = re.compile(r"^##\s+(?P<title>.+?)\s*\{#(?P<id>[\w-]+)\}\s*$")


@dataclass(frozen=True)
class TestSet:
    """Taught sentences with labels and asked ones with the right labels."""

    name: str
    taught: list[str]
    labels: list[str]
    asked: list[str]
    right: list[str]

    __test__ = False


def _rows(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(label, text) for label, text in (line.split("\t") for line in lines)]


def _named(name: str, taught: list[tuple[str, str]], asked: list[tuple[str, str]]) -> TestSet:
    return TestSet(name, [t for _, t in taught], [n for n, _ in taught], [t for _, t in asked], [n for n, _ in asked])


def chit_chat(folder: Path, shots: int) -> TestSet:
    """Italian small talk: the k-shot file teaches, all other rows ask."""
    taught = _rows(folder / "ms-chitchat" / f"it_questions_train_{shots}shot.tsv")
    known = set(taught)
    asked = [row for row in _rows(folder / "ms-chitchat" / "it_questions_train.tsv") if row not in known]
    return _named(f"chit-chat it, {shots}-shot", taught, asked)


def english_10_shot(folder: Path, name: str) -> TestSet:
    return _named(f"{name}, 10-shot", _rows(folder / name / "train_10shot.tsv"), _rows(folder / name / "test.tsv"))


def corpus50_folds(folder: Path) -> Iterator[TestSet]:
    """Five folds of the Italian corpus50: of each intent four sentences teach and one asks."""
    rows = _rows(folder / "nlpjs-corpus50" / "it_train.tsv")
    seen: dict[str, int] = {}
    fold_of = []
    for label, _ in rows:
        fold_of.append(seen.get(label, 0) % 5)
        seen[label] = seen.get(label, 0) + 1
    for fold in range(5):
        taught = [row for row, place in zip(rows, fold_of, strict=True) if place != fold]
        yield _named("corpus50 it", taught, [row for row, place in zip(rows, fold_of, strict=True) if place == fold])


def corpus50_across(folder: Path) -> TestSet:
    """corpus50 taught in English and asked in Italian."""
    texts = folder / "nlpjs-corpus50"
    return _named("corpus50, taught en, asked it", _rows(texts / "en_train.tsv"), _rows(texts / "it_train.tsv"))


def faq_phrasings(folder: Path) -> list[tuple[str, str]]:
    """(id, phrasing) of every title and every quoted question of the folder's Markdown files."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.md")):
        entry = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := ENTRY.match(line):
                entry = match["id"]
                found.append((entry, match["title"]))
            elif entry and line.startswith("> "):
                found.append((entry, line.removeprefix("> ").strip()))
    return found


def demo_across(faq: Path) -> TestSet:
    """The demo shop's FAQ taught in English and asked in Italian."""
    taught, asked = faq_phrasings(faq / "en"), faq_phrasings(faq / "it")
    known = {label for label, _ in taught}
    return _named("demo shop, taught en, asked it", taught, [row for row in asked if row[0] in known])
