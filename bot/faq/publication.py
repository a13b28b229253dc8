"""Publications: immutable sets of entries that serve answers, and reading from one."""
import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.model.faq import FaqEntry, Publication


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
    """`bot.model.ports.FaqReader` over one publication; dates are read in the shop's time zone."""

    def __init__(self, publication: Publication, zone: ZoneInfo) -> None:
        self._publication = publication
        self._zone = zone

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
        return entry
