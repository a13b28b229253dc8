"""Opening slots as an owner writes them: "09:00-13:00", "22:00-02:00" (past midnight), "00:00-24:00"."""
import re
from typing import NamedTuple

DAY = 24 * 60
WEEK = 7 * DAY

_SLOT = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")


class Slot(NamedTuple):
    """Minutes of wall-clock time since the midnight that begins its day; ``end`` lies above 1440 past midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end <= DAY else self.end - DAY
        return f"{self.start // 60:02}:{self.start % 60:02}-{end // 60:02}:{end % 60:02}"


def parse_slot(text: str) -> Slot:
    """Read one slot.

    Raises:
        ValueError: its text says what is wrong and what is allowed.
    """
    match = _SLOT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no opening slot. Write start and end like \"09:00-13:00\".")
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or start >= DAY or end > DAY:
        raise ValueError(f"'{text}' holds a time that does not exist. Times go from 00:00 to 24:00.")
    if start == end:
        raise ValueError(f"'{text}' is empty. Leave it out, or write \"00:00-24:00\" for the whole day.")
    return Slot(start, end if end > start else end + DAY)


def overlap(week: list[list[Slot]]) -> tuple[int, Slot, int, Slot] | None:
    """The first two slots of a week (Monday first) that share time, with their days; None where none do."""
    placed = sorted((day * DAY + slot.start, day, slot) for day, slots in enumerate(week) for slot in slots)
    # Sunday night reaches into Monday: the first slot stands once more behind the last.
    following = placed[1:] + [(start + WEEK, day, slot) for start, day, slot in placed[:1]]
    for (start, day, slot), (next_start, next_day, next_slot) in zip(placed, following, strict=True):
        if start + slot.end - slot.start > next_start:
            return day, slot, next_day, next_slot
    return None
