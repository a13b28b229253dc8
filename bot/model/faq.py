"""FAQ values: what an editor's files say once they have been read."""
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FaqText:
    """One entry in one language. ``answer`` is Markdown with the placeholders already filled."""

    title: str
    phrasings: tuple[str, ...]
    answer: str
    file: str
    line: int
    short_answer: str | None = None


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One entry in all its languages.

    Attributes:
        texts: language → text.
        hand_off: ``answer: handoff``: a sure match goes to a person instead of being answered.
        valid_from, valid_until: inclusive dates in the shop's time zone.
        channels: empty = all.
        matches, never_matches: the editor's own tests, (language, text).
    """

    id: str
    topic: str
    texts: dict[str, FaqText]
    hand_off: bool = False
    valid_from: date | None = None
    valid_until: date | None = None
    channels: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    matches: tuple[tuple[str, str], ...] = ()
    never_matches: tuple[tuple[str, str], ...] = ()
    like: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """An immutable set of entries that serves answers. ``id`` is a hash of its content."""

    id: str
    entries: tuple[FaqEntry, ...]
    created_at: datetime
    by_id: dict[str, FaqEntry] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.by_id.update({entry.id: entry for entry in self.entries})
