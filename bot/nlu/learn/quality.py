"""Rows that cannot teach what their author meant, named by file and line before anything is trained."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.model.errors import SettingError
from bot.nlu.text.text import normalise

_INTENT = re.compile(r"\s*-\s*intent:\s*(\S+)")
_OTHER_BLOCK = re.compile(r"\s*-\s*(?:synonym|regex|lookup):|\S")
_EXAMPLE = re.compile(r"\s+-\s+(.+)")
_MARK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file."""

    text: str
    label: str
    file: str
    number: int


def read_tsv(path: Path) -> list[Line]:
    """``label<TAB>text`` rows; a header line is skipped (intent, label or faq_id over text or question).

    Raises:
        SettingError: a line without tab, label or text; no line at all.
    """
    lines = []
    for number, raw in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not raw.strip():
            continue
        label, tab, text = raw.partition("\t")
        if number == 1 and label.strip().lower() in ("intent", "label", "faq_id"):
            continue
        if not tab or not label.strip() or not text.strip():
            raise SettingError(
                f"met {raw[:60]!r}: each line is a label, one tab and a text, none of them empty.",
                file=str(path),
                line=number,
            )
        lines.append(Line(text.strip(), label.strip(), str(path), number))
    if not lines:
        raise SettingError("holds no rows: write one 'label<TAB>text' a line.", file=str(path))
    return lines


def check(lines: Sequence[Line], *, allow_conflicts: bool = False) -> None:
    """Refuse what cannot be learnt.

    Args:
        allow_conflicts: public data sets hold texts under two labels; a shop's own files should not.
    Raises:
        SettingError: a label with a single text, or one text under two labels.
    """
    first: dict[str, Line] = {}
    counts: dict[str, list[Line]] = {}
    for line in lines:
        counts.setdefault(line.label, []).append(line)
        before = first.setdefault(normalise(line.text), line)
        if before.label != line.label and not allow_conflicts:
            raise SettingError(
                f"{line.text!r} stands under '{line.label}' and, at {before.file}:{before.number}, under "
                f"'{before.label}'. Keep it under one.",
                file=line.file,
                line=line.number,
            )
    for label, own in counts.items():
        if len(own) < 2:
            raise SettingError(
                f"'{label}' has one example; at least two are needed, ten are good. Add phrasings of your shoppers.",
                file=own[0].file,
                line=own[0].number,
            )


def read_rasa(folder: Path) -> list[Line]:
    """The intent examples of Rasa's YAML files below a folder, with their lines; entity marks removed.

    Raises:
        SettingError: an intent without examples.
    """
    lines: list[Line] = []
    for path in sorted(folder.rglob("*.yml")):
        lines += _rasa_lines(path)
    return lines


def _rasa_lines(path: Path) -> list[Line]:
    lines: list[Line] = []
    intent, met_at = "", 0
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        opened = _INTENT.match(raw)
        if opened or _OTHER_BLOCK.match(raw):
            _refuse_empty(path, intent, met_at, lines)
            intent, met_at = (opened.group(1).strip("'\"") if opened else ""), number
        elif intent and (example := _EXAMPLE.match(raw)):
            lines.append(Line(_MARK.sub(r"\1", example.group(1)).strip(), intent, str(path), number))
    _refuse_empty(path, intent, met_at, lines)
    return lines


def _refuse_empty(path: Path, intent: str, met_at: int, lines: Sequence[Line]) -> None:
    if intent and not any(line.label == intent and line.number > met_at for line in lines):
        raise SettingError(
            f"the intent '{intent}' has no examples. Write one '- text' a line below 'examples: |', or remove it.",
            file=str(path),
            line=met_at,
        )
