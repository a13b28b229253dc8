"""What the service itself says: who speaks, what happens next, when a person is back."""
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.model.conversation import Choice, OutboxKind, Reply
from bot.model.ownership import PRIORITY, Owner, Reason
from bot.model.ports import OpeningHours, Texts
from bot.service.delivery.window import Leave, Windows
from bot.service.live import Manner
from bot.service.turn.draft import Draft
from bot.storage import conversations
from bot.storage.store import Store

#: Nobody who has just read a person's words wants to hear that nobody is there (design section 5).
AFTER_OPERATOR = timedelta(minutes=5)
LANGUAGES = ("it", "en")


class Announcer:
    """Adds the service's own words to a draft.

    Args:
        shop: the shop's name, for the disclosure.
        manner: tone and when the hours notice is spoken; may change while the desk runs.
    """

    def __init__(
        self, *, store: Store, texts: Texts, hours: OpeningHours, shop: str, manner: Manner,
        windows: Windows,
    ) -> None:
        self._store = store
        self._texts = texts
        self._hours = hours
        self._shop = shop
        self._manner = manner
        self._windows = windows

    def say(self, key: str, language: str, draft: Draft, **values: object) -> str:
        seed = draft.row.id + draft.row.last_seq
        return self._texts.say(key, language=language, tone=self._manner.tone, seed=seed, **values)

    def opening(self, at: datetime, language: str, channel: str) -> str | None:
        """When a person is back on that channel, in words; None while one is here."""
        opens = self._reopens(at, channel)
        return None if opens is None else self._hours.describe(opens, seen_from=at, language=language)

    def _reopens(self, at: datetime, channel: str) -> datetime | None:
        hours = self._hours.for_channel(channel)
        return None if hours.is_open(at) else hours.next_opening(at)

    def _say_when(self, key: str, language: str, draft: Draft, **moments: datetime) -> str:
        # A third language reads both texts, and each names the moments in its own words.
        spoken = (language,) if language in LANGUAGES else LANGUAGES
        return "\n\n".join(
            self.say(
                key, one, draft,
                **{name: self._hours.describe(at, seen_from=draft.now, language=one) for name, at in moments.items()},
            )
            for one in spoken
        )

    async def handed_off(self, draft: Draft, language: str, reason: Reason) -> Reply:
        """What happens next, always: the place in the queue, or the next opening."""
        opens = self._reopens(draft.now, draft.row.channel)
        if opens is not None:
            text = self._say_when("utter_handoff_closed", language, draft, opening=opens)
            draft.values["noticed_period"] = opens.isoformat()
            closes = self._windows.closes_at(draft.row)
            if closes and self._windows.can_reply(draft.row, opens, by_person=True) is Leave.NO:
                # Who waits until the opening could not be written to any more: better known now than then.
                text += "\n\n" + self._say_when("utter_window_trap", language, draft, until=closes)
        else:
            place = await self._place(draft, reason)
            key = "utter_handoff_first" if place == 1 else "utter_handoff_queued"
            text = self.say(key, language, draft, position=place)
        never_mind = Choice(self.say("utter_withdraw_choice", language, draft), "withdraw")
        return Reply(text, language, choices=(never_mind,), kind=OutboxKind.NOTICE, source="handoff")

    async def acknowledged(self, draft: Draft, language: str) -> Reply:
        """To one who waits: still there, still number n."""
        opens = self._reopens(draft.now, draft.row.channel)
        if opens is not None:
            text = self._say_when("utter_handoff_closed", language, draft, opening=opens)
        else:
            place = await self._place(draft, None)
            text = self.say("utter_queue_ack", language, draft, position=place)
        return Reply(text, language, kind=OutboxKind.NOTICE, source="handoff")

    def finish(self, draft: Draft, language: str, *, needs_person: bool) -> None:
        """Put the disclosure in front of an episode's first bubble and the hours notice behind the last."""
        if not draft.replies or draft.replies[0].kind is OutboxKind.OPERATOR:
            return
        if needs_person or self._manner.notice == "always":
            self._add_notice(draft, language)
        if not draft.value("has_spoken"):
            first = draft.replies[0]
            disclosure = self.say("utter_disclosure", language, draft, shop=self._shop)
            draft.replies[0] = replace(first, text=f"{disclosure}\n\n{first.text}")

    def _add_notice(self, draft: Draft, language: str) -> None:
        opens = self._reopens(draft.now, draft.row.channel)
        wrote: datetime | None = draft.row.operator_wrote_at
        recently = wrote is not None and draft.now - wrote < AFTER_OPERATOR
        # A closed period is named by the opening that ends it: once in each is enough.
        if opens is None or draft.value("noticed_period") == opens.isoformat() or recently:
            return
        last = draft.replies[-1]
        notice = self._say_when("utter_hours_notice", language, draft, opening=opens)
        draft.replies[-1] = replace(last, text=f"{last.text}\n\n{notice}")
        draft.values["noticed_period"] = opens.isoformat()

    async def _place(self, draft: Draft, reason: Reason | None) -> int:
        priority = PRIORITY[reason] if reason is not None else draft.row.priority
        queued_at: Any = draft.now if draft.row.owner != Owner.QUEUE else draft.row.queued_at
        return await self._store.read(
            lambda connection: conversations.position(connection, draft.row.id, priority, queued_at)
        )
