"""The first questions that a shop's widget offers: those chosen in shop.yml, else those asked most."""
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.model.ports import Clock, Texts
from bot.service.publishing import FaqDesk
from bot.storage import turns
from bot.storage.store import Store

#: In place of a FAQ id: where is my order?
ORDER_STATUS = "order-status"
MOST = 3
#: Asked less often than this in the last month is no reason to offer it.
LEAST_ASKED = 3
_SINCE = timedelta(days=30)
_COUNT_EVERY = timedelta(minutes=10)
#: What a shop that nobody has asked yet offers, as far as it has the entries.
_USUAL = (ORDER_STATUS, "shipping-cost", "return-how", "delivery-time", "opening-hours", "contacts")


class Starters:
    """
    Args:
        chosen: ids as shop.yml names them now; empty = count.
    """

    def __init__(
        self, store: Store, clock: Clock, faq: FaqDesk, texts: Texts, chosen: Callable[[], Sequence[str]],
        tone: Callable[[], str],
    ) -> None:
        self._store, self._clock, self._faq, self._texts = store, clock, faq, texts
        self._chosen, self._tone = chosen, tone
        self._asked: list[str] = []
        self._counted: datetime | None = None

    async def __call__(self, language: str) -> list[str]:
        if not self._faq.is_serving:
            return []
        now = self._clock.now()
        chosen = list(self._chosen())
        ids = chosen or [*await self._most_asked(now), *_USUAL, *(one.id for one in self._faq.publication.entries)]
        titles = (self._title(name, language, now) for name in dict.fromkeys(ids))
        return [title for title in titles if title][:MOST]

    def _title(self, name: str, language: str, now: datetime) -> str:
        if name == ORDER_STATUS:
            return self._texts.say("utter_title_order_status", language=language, tone=self._tone())
        entry = self._faq.find(name, channel="widget", at=now)
        text = entry.texts.get(language) if entry else None
        return text.title if text else ""

    async def _most_asked(self, now: datetime) -> list[str]:
        if self._counted is None or now - self._counted >= _COUNT_EVERY:
            self._counted = now
            traces = await self._store.read(lambda connection: turns.recent_traces(connection, now - _SINCE))
            counts = Counter(
                ORDER_STATUS if trace.get("intent") == "order_status" else trace.get("faq_id") or ""
                for trace in traces if trace and trace.get("band") == "answer"
            )
            self._asked = [name for name, count in counts.most_common() if name and count >= LEAST_ASKED]
        return self._asked
