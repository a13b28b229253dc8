"""Settings that change while the desk runs: hours, tone, texts. Read through these, they are always today's."""
from collections.abc import Sequence
from datetime import datetime

from bot.model.ports import OpeningHours


class LiveHours:
    """The OpeningHours port over a calendar that may be swapped."""

    def __init__(self, calendar: OpeningHours) -> None:
        self.calendar = calendar

    def for_channel(self, kind: str) -> OpeningHours:
        return self.calendar.for_channel(kind)

    @property
    def own_channels(self) -> tuple[str, ...]:
        return self.calendar.own_channels

    def week(self, language: str) -> str:
        return self.calendar.week(language)

    def is_open(self, at: datetime) -> bool:
        return self.calendar.is_open(at)

    def next_opening(self, at: datetime) -> datetime | None:
        return self.calendar.next_opening(at)

    def closes_at(self, at: datetime) -> datetime | None:
        return self.calendar.closes_at(at)

    def describe(self, moment: datetime, *, seen_from: datetime, language: str) -> str:
        return self.calendar.describe(moment, seen_from=seen_from, language=language)


class Manner:
    """How shoppers are addressed.

    Attributes:
        tone: 'formal' or 'informal'.
        notice: when the hours notice is spoken: 'when_needed' or 'always'.
        survey: whether they are asked for a score: 'after_operator' or 'never'.
        photo_entries: ids of entries offered where a shopper sends a photo without words.
    """

    def __init__(
        self, tone: str, notice: str, survey: str = "after_operator",
        photo_entries: Sequence[str] = ("damaged-item", "wrong-item"),
    ) -> None:
        self.tone = tone
        self.notice = notice
        self.survey = survey
        self.photo_entries = photo_entries
