"""A CSV of orders as rows: whatever separator and byte-order mark a spreadsheet gave it."""
import csv
import difflib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.model.errors import SettingError

COLUMNS = (
    "number", "email", "phone", "postcode", "customer_name", "status", "placed_at", "lines", "total", "currency",
    "carrier", "tracking_code", "eta", "delivered_on",
)  # fmt: skip
REQUIRED = ("number", "email", "status")

Row = Mapping[str, str]


def read_rows(path: Path, name: str) -> Iterator[tuple[int, Row]]:
    """(line, values by column) of each order; columns that the file lacks are ''.

    Raises:
        SettingError: the file is missing or no such CSV. ``name`` is how the shop calls it.
    """
    text = _read(path, name)
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = _header(cells, name)
            elif any(cell.strip() for cell in cells):
                yield line, _row(header, cells, name, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise SettingError(
            f"this row is no CSV: {error}. A quoted text must end with a quote; double a quote inside it.",
            file=name,
            line=line,
        ) from None
    if not header:
        raise SettingError(f"the file is empty. Begin with the line {','.join(COLUMNS)}.", file=name, line=1)


def _read(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingError('this is not UTF-8 text. Save it as "CSV UTF-8".', file=name, line=line) from None
    except OSError as error:
        raise SettingError(
            f"cannot be read ({error.strerror}). Put the file there, or name another one in orders.file of shop.yml.",
            file=name,
        ) from None


def _header(cells: list[str], name: str) -> list[str]:
    header = [cell.strip().lower().replace(" ", "_") for cell in cells]
    for column in COLUMNS:
        if column in header:
            continue
        # Columns of the shop's own are welcome; a misspelt one of ours would lose its values in silence.
        near = difflib.get_close_matches(column, [cell for cell in header if cell not in COLUMNS], n=1, cutoff=0.8)
        if near:
            raise SettingError(f"unknown column '{near[0]}'. Write '{column}'.", file=name, line=1)
        if column in REQUIRED:
            raise SettingError(
                f"the column '{column}' is missing. Needed: {', '.join(REQUIRED)}; known: {', '.join(COLUMNS)}.",
                file=name,
                line=1,
            )
    for column in COLUMNS:
        if header.count(column) > 1:
            raise SettingError(f"the column '{column}' stands twice. Keep one of the two.", file=name, line=1)
    return header


def _row(header: list[str], cells: list[str], name: str, line: int) -> Row:
    if len(cells) != len(header):
        raise SettingError(
            f"{len(cells)} cells stand under {len(header)} columns. Put a text that holds the separator in quotes.",
            file=name,
            line=line,
        )
    return dict.fromkeys(COLUMNS, "") | {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
