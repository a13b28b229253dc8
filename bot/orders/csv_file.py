"""A CSV of orders as rows, whatever separator and byte-order mark it was given. A bad row costs itself alone."""
import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.model.errors import SettingError
from bot.orders.headers import COLUMNS, Header

Row = Mapping[str, str]
#: A quoted text with more line ends than this is a quote that was never closed.
_LONGEST_CELL = 100
_SEPARATORS = ",;\t|"
_FORMULA = re.compile(r'=\s*"(.*)"', re.DOTALL)


def read_rows(path: Path, name: str, problems: list[SettingError]) -> Iterator[tuple[int, Row]]:
    """(line, values by column) of each row; columns that the file lacks are ''. Rows that are none join ``problems``.

    Raises:
        SettingError: the file is missing, no text, or its first line is no header. ``name`` is how the shop calls it.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+\Z", _read(path, name))
    header: Header | None = None
    separator = ","
    place = 0
    while place < len(lines):
        first, start = place + 1, lines[place]
        if header is None and start.strip():
            separator = _separator(start)
            if start.strip().lower().startswith("sep="):  # a spreadsheet's own note of the separator
                place += 1
                continue
        try:
            cells, place = _cells(lines, place, separator)
        except csv.Error as error:
            told = f"this row is no CSV: {error}. A quoted text must end with a quote; double a quote inside it."
            problems.append(SettingError(told, file=name, line=first))
            place += 1
            continue
        if not any(cells):
            continue
        while not cells[-1] and len(cells) > (len(header.cells) if header else 0):
            cells.pop()
        if header is None:
            header = Header(cells, name)
        elif header.needed <= len(cells) <= len(header.cells):
            yield first, header.row(cells)
        else:
            told = f"{len(cells)} cells stand under {len(header.cells)} columns. "
            told += "Put a text that holds the separator in quotes."
            problems.append(SettingError(told, file=name, line=first))
    if header is None:
        raise SettingError(f"the file is empty. Begin with the line {','.join(COLUMNS)}.", file=name, line=1)


def _cells(lines: list[str], place: int, separator: str) -> tuple[list[str], int]:
    """The row that begins there, and the place of the next."""
    record = ""
    for last in range(place, min(place + _LONGEST_CELL, len(lines))):
        record += lines[last]
        try:
            rows = list(csv.reader(io.StringIO(record, newline=""), delimiter=separator, strict=True))
        except csv.Error as error:
            problem = error
            if "unexpected end" not in str(error):
                break
            continue
        return [_value(cell) for cell in (rows[0] if rows else [])], last + 1
    raise problem


def _value(cell: str) -> str:
    """What a cell shows: without spaces, without the signs that make a spreadsheet take a number for a text."""
    bare = cell.strip().strip("\u00a0\u200b\ufeff").strip()
    formula = _FORMULA.fullmatch(bare)
    bare = formula[1] if formula else bare
    return bare[1:] if bare.startswith("'") and not bare.endswith("'") else bare


def _separator(head: str) -> str:
    return max(_SEPARATORS, key=lambda sign: (head.count(sign), -_SEPARATORS.index(sign)))


def _read(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
        encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingError('this is not UTF-8 text. Save it as "CSV UTF-8".', file=name, line=line) from None
    except OSError as error:
        raise SettingError(
            f"cannot be read ({error.strerror}). Put the file there, or name another one in orders.file of shop.yml.",
            file=name,
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
