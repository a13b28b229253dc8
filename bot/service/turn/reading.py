"""Reading what a shopper wrote: a choice that was picked, a message for the pipeline, or the first piece of one."""
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.pick import pick
from bot.model.faq import Publication
from bot.model.ownership import Owner
from bot.model.ports import FaqReader, Understanding
from bot.model.understanding import Band, Hints, Parse
from bot.service.numbers import metrics
from bot.service.turn.draft import Draft
from bot.storage import conversations, turns
from bot.storage.store import Store

#: Channels whose callers wait for the answer: nothing is held back there.
AT_ONCE = frozenset({"rest"})


class Wait(Exception):  # noqa: N818  # no error: a decision to decide later
    """The turn is not to be made before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(str(until))
        self.until = until


log = structlog.get_logger(__name__)


class Reading:
    """Turns the messages of a turn into one parse.

    Args:
        quiet: how long an unsure message gives the rest of its sentence.
    """

    def __init__(self, store: Store, understanding: Understanding, faq: FaqReader, quiet: timedelta) -> None:
        self._store = store
        self._understanding = understanding
        self._faq = faq
        self._quiet = quiet

    async def choice(self, row: Any, entries: Sequence[Any], messages: Sequence[Any]) -> str | None:
        """The payload of the choice that was tapped, or picked in words; None where none was."""
        tapped: str | None = entries[0].payload.get("choice")
        return tapped or await self._picked(row, messages)

    async def read(self, draft: Draft, choice: str | None, messages: Sequence[Any]) -> Parse:
        """What the messages mean. Never fails: without the pipeline the lexical reading answers.

        Raises:
            Wait: the messages may go on in another one.
        """
        text = "\n".join(message.text for message in messages)
        row = draft.row
        if choice is not None:
            return _chosen(choice, text, language_of(row), self._faq.publication)
        parse = await self._parse(row, text)
        if parse.intent == "affirm" and parse.band is Band.ANSWER and await self._was_offered_a_person(row, messages):
            return _chosen("hand_off", text, language_of(row), self._faq.publication)
        self._wait_for_more(draft, parse, messages)
        return parse

    async def _parse(self, row: Any, text: str) -> Parse:
        hints = hints_of(row)
        try:
            parse = await self._understanding.parse(text, hints)
            if parse.heard in ("it", "en") and parse.heard != parse.language and await self._leant(row, parse.heard):
                # The second message in a row in the other language: the conversation turns.
                parse = await self._understanding.parse(text, replace(hints, language=parse.heard))
            return parse
        except Exception:  # the pipeline must never cost a shopper the answer
            log.exception("understanding_failed", conversation=row.id)
            metrics.FALLBACKS.inc()
            return self._understanding.fallback(text, hints)

    async def _leant(self, row: Any, language: str) -> bool:
        """The shopper's last words before these were in that language, though the answer was not."""
        traces = await self._store.read(lambda connection: turns.last_traces(connection, row.id))
        said = next((one["heard"] for one in traces if one and one.get("heard")), "")
        return bool(said == language)

    async def _picked(self, row: Any, messages: Sequence[Any]) -> str | None:
        """The choice that a typed "2", "la seconda" or its very words picks from the bubble just above."""
        if len(messages) != 1:
            return None
        seq = messages[0].seq
        offer = await self._store.read(lambda connection: conversations.last_offer(connection, row.id, seq))
        index = pick(messages[0].text, [one["title"] for one in offer]) if offer else None
        return offer[index]["payload"] if index is not None else None

    async def _was_offered_a_person(self, row: Any, messages: Sequence[Any]) -> bool:
        """The bubble just above offers a person and nothing else: a yes is a yes to that."""
        seq = messages[0].seq
        offer = await self._store.read(lambda connection: conversations.last_offer(connection, row.id, seq))
        return [one["payload"] for one in offer] == ["hand_off"]

    def _wait_for_more(self, draft: Draft, parse: Parse, messages: Sequence[Any]) -> None:
        """What can be answered alone never waits; an unsure message, a greeting or a fragment gives the rest a moment.

        Raises:
            Wait: until the quiet window after the last message ends, at most four of them after the first.
        """
        row = draft.row
        is_sure = parse.band is Band.ANSWER and parse.intent != "greet"
        if draft.owner is not Owner.BOT or is_sure or parse.alarm or row.expected or row.channel in AT_ONCE:
            return
        until = min(messages[-1].at + self._quiet, messages[0].at + 4 * self._quiet)
        if draft.now < until:
            raise Wait(until)


def language_of(row: Any) -> str:
    """The conversation's language; before anything was said, that of the device."""
    return row.language or ("en" if (row.locale or "").lower().startswith("en") else "it")


def hints_of(row: Any, turned_to: Parse | None = None) -> Hints:
    """What the conversation tells about its next message.

    Args:
        turned_to: the reading that turned the conversation's language; its hints named the new one.
    """
    hints = _hints_of(row)
    if row.language and turned_to is not None and turned_to.heard == turned_to.language:
        return replace(hints, language=turned_to.language)
    return hints


def _hints_of(row: Any) -> Hints:
    if row.owner == Owner.CLOSED.value:
        return Hints(language=row.language, locale=row.locale)  # what comes next leans on nothing before
    # An order that was shown is what comes to mind next, until the FAQ has said something.
    after_order = row.proven_orders and not row.previous_faq_id
    return Hints(
        language=row.language, locale=row.locale, previous_faq_id=row.previous_faq_id,
        previous_intent="order_status" if after_order else None, expected=row.expected,
    )


def _chosen(payload: str, title: str, language: str, publication: Publication) -> Parse:
    """The reading of a tap: certain, because the shopper said so."""
    kind, _, name = payload.partition(":")
    intents = {"none": "deny", "hand_off": "handoff_request", "withdraw": "withdraw"}
    intent = name if kind == "intent" else "faq" if kind == "faq" else intents.get(kind, "out_of_scope")
    faq_id = name if kind == "faq" and name in publication.by_id else None
    if kind == "faq" and faq_id is None:  # the entry is gone since it was offered
        return Parse(title, language, "out_of_scope", 0.0, Band.HAND_OVER, source="choice")
    return Parse(
        title, language, intent, 1.0, Band.ANSWER, faq_id=faq_id, source="choice",
        artefacts={"faq_version": publication.id},
    )
