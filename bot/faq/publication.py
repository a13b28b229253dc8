"""Publications: immutable sets of entries that serve answers, and reading from one."""
import hashlib
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.faq.placeholders import fill_moments
from bot.model.faq import FaqEntry, FaqText, Publication
from bot.model.ports import OpeningHours


class _Stored(msgspec.Struct):
    id: str
    created_at: datetime
    entries: tuple[FaqEntry, ...]


def make_publication(entries: tuple[FaqEntry, ...], at: datetime) -> Publication:
    """A publication whose id says what it holds: the same entries have the same id."""
    digest = hashlib.sha256(msgspec.json.encode(entries, order="deterministic")).hexdigest()
    return Publication(digest[:12], entries, at)


def to_json(publication: Publication) -> str:
    stored = _Stored(publication.id, publication.created_at, publication.entries)
    return msgspec.json.encode(stored).decode()


def from_json(text: str | bytes) -> Publication:
    """The publication that `to_json` wrote.

    Raises:
        msgspec.ValidationError: the text is no publication.
    """
    stored = msgspec.json.decode(text, type=_Stored)
    return Publication(stored.id, stored.entries, stored.created_at)


class Reader:
    """`bot.model.ports.FaqReader` over one publication.

    Dates are read in the shop's time zone; opening hours stand in answers as they are at that moment.
    """

    def __init__(self, publication: Publication, zone: ZoneInfo, hours: OpeningHours) -> None:
        self._publication = publication
        self._zone = zone
        self._hours = hours

    @property
    def publication(self) -> Publication:
        return self._publication

    def find(self, faq_id: str, *, channel: str, at: datetime) -> FaqEntry | None:
        entry = self._publication.by_id.get(faq_id)
        if entry is None or (entry.channels and channel not in entry.channels):
            return None
        today = at.astimezone(self._zone).date()
        if (entry.valid_from and today < entry.valid_from) or (entry.valid_until and today > entry.valid_until):
            return None
        hours = self._hours.for_channel(channel)
        return replace(entry, texts={one: _told(text, hours, at, one) for one, text in entry.texts.items()})


def _told(text: FaqText, hours: OpeningHours, at: datetime, language: str) -> FaqText:
    short = text.short_answer and fill_moments(text.short_answer, hours, at, language)
    return replace(text, answer=fill_moments(text.answer, hours, at, language), short_answer=short)
