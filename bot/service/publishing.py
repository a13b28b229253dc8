"""The FAQ publication that serves: kept in the store, given to the understanding, read by answers."""
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from bot.faq.publication import Reader, from_json, to_json
from bot.model.errors import SettingError
from bot.model.faq import FaqEntry, Publication
from bot.model.ports import Clock, FaqReader, LiveFaq
from bot.storage import desk_rows
from bot.storage.store import Store

log = structlog.get_logger(__name__)


class FaqDesk:
    """Implements FaqReader with whatever is served now.

    Args:
        reader: makes a FaqReader of a publication (validity in the shop's time zone).
    """

    def __init__(self, store: Store, clock: Clock, live: LiveFaq, reader: Callable[[Publication], Reader]) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._make_reader = reader
        self._reader: FaqReader | None = None
        self._notices: list[str] = []

    @property
    def publication(self) -> Publication:
        return self._current.publication

    def find(self, faq_id: str, *, channel: str, at: datetime) -> FaqEntry | None:
        return self._current.find(faq_id, channel=channel, at=at)

    @property
    def notices(self) -> list[str]:
        """What an operator must know: the files are broken and an older set serves."""
        return self._notices

    async def last(self) -> Publication | None:
        """The set that served before the last stop."""
        row: Any = await self._store.read(desk_rows.last_publication)
        return None if row is None else from_json(row.content)

    @property
    def is_serving(self) -> bool:
        return self._reader is not None

    async def serve_again(self, publication: Publication) -> None:
        """Serve the last good set at a start whose files are broken; the notices stay."""
        notices = self._notices
        await self.serve(publication)
        self._notices = notices

    async def serve(self, publication: Publication) -> None:
        """From the next message on, read and answer from this set."""
        now = self._clock.now()
        content = to_json(publication)
        await self._store.write(
            lambda connection: desk_rows.serve_publication(connection, publication.id, content, now)
        )
        await self._live.publish(publication)
        self._reader = self._make_reader(publication)
        self._notices = []
        log.info("faq_published", id=publication.id, entries=len(publication.entries))

    def refuse(self, problems: list[SettingError]) -> None:
        """The files are broken: keep serving the last good set and say so."""
        self._notices = [str(problem) for problem in problems]
        for problem in problems:
            log.error("faq_broken", problem=str(problem))

    @property
    def _current(self) -> FaqReader:
        if self._reader is None:
            raise RuntimeError("no FAQ publication serves yet: app.start() publishes one before any turn")
        return self._reader
