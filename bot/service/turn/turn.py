"""The shopper's turn: read the message, let the owner decide who speaks, gather what is to be written."""
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import structlog

from bot.model.conversation import (
    CloseRequested,
    EmailLeft,
    Facts,
    HandOffRequested,
    OutboxKind,
    Reply,
    StepResult,
    WithdrawRequested,
)
from bot.model.orders import Order
from bot.model.ownership import Change, Owner, Reason, strongest
from bot.model.ports import Clock, Dialogue, FaqReader, OpeningHours, OrderSource, Texts, TurnPorts
from bot.model.understanding import SENSITIVE, Band, Parse
from bot.service.live import Manner
from bot.service.numbers.survey import Survey
from bot.service.order_desk import TurnOrderDesk
from bot.service.turn.announce import Announcer
from bot.service.turn.draft import Draft
from bot.service.turn.files import SOURCE, VOICE, answer_files, kinds_alone
from bot.service.turn.reading import Reading, hints_of, language_of
from bot.service.turn.trace import describe, describe_order
from bot.storage import contacts, conversations
from bot.storage.store import Store

log = structlog.get_logger(__name__)

ACKNOWLEDGE_EVERY = timedelta(minutes=10)
THANKS_AFTER_CLOSE = timedelta(minutes=10)
#: In the queue these are still answered ("while you wait"), if sure.
SERVED_WHILE_WAITING = frozenset({"faq", "order_status"})
WITHDRAWALS = frozenset({"withdraw", "start_over"})


class ShopperTurn:
    """Makes the draft of one batch of a shopper's messages; writes nothing."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        reading: Reading,
        dialogue: Dialogue,
        texts: Texts,
        hours: OpeningHours,
        faq: FaqReader,
        orders: OrderSource,
        announcer: Announcer,
        manner: Manner,
        survey: Survey,
    ) -> None:
        self._store = store
        self._clock = clock
        self._reading = reading
        self._dialogue = dialogue
        self._texts = texts
        self._hours = hours
        self._faq = faq
        self._orders = orders
        self._announcer = announcer
        self._manner = manner
        self._survey = survey

    async def draft(self, row: Any, entries: Sequence[Any], messages: Sequence[Any]) -> Draft:
        """What to write for these messages of a conversation.

        Raises:
            Wait: the messages may go on in another one.
        """
        draft = Draft(row, list(entries), self._clock.now())
        if "unanswered" in entries[0].payload:
            return await self._leave_to_people(draft, messages)
        files = kinds_alone(messages)
        if files and draft.owner is not Owner.CLOSED:
            return await self._files(draft, files, messages)
        choice = await self._reading.choice(row, entries, messages)
        if choice is not None and choice.startswith("rating:"):
            self._survey.take_score(draft, choice, row.language or "other")
            return draft
        parse = await self._reading.read(draft, choice, messages)
        if draft.owner is Owner.CLOSED and self._survey.take_comment(draft, parse, row.language or "other"):
            draft.trace = describe(parse)
            return draft
        if draft.owner is Owner.CLOSED and self._is_late_thanks(draft, parse):
            draft.outcome, draft.values["waiting_since"] = "silent", None
            draft.trace = describe(parse)
            return draft
        if draft.owner is Owner.CLOSED:
            self._new_episode(draft)
            if files:
                return await self._files(draft, files, messages)
        language = self._language(draft, parse)
        draft.trace = describe(parse) | {"hints": asdict(hints_of(row, turned_to=parse))}
        if parse.alarm is not None:
            draft.values["sentiment"] = parse.alarm.value
        if draft.owner is Owner.OPERATOR:
            draft.outcome = "held"
        elif draft.owner is Owner.QUEUE:
            await self._while_waiting(draft, parse, language)
        else:
            await self._answer(draft, parse, language)
        return draft

    async def _leave_to_people(self, draft: Draft, messages: Sequence[Any]) -> Draft:
        """A message that asks for no automatic answer: a person reads it, and the bot says nothing."""
        if draft.owner is Owner.CLOSED:
            self._new_episode(draft)
        reason = Reason.POLICY
        if any(message.text for message in messages):
            parse = await self._reading.read(draft, None, messages)
            self._language(draft, parse)
            draft.trace = describe(parse) | {"hints": asdict(hints_of(draft.row))}
            if parse.alarm is not None:
                draft.values["sentiment"] = parse.alarm.value
            reason = Reason.SENSITIVE_TOPIC if parse.alarm in SENSITIVE else reason
        draft.outcome = "held"
        if draft.owner is Owner.BOT:
            draft.change(Change.HANDOFF_REQUESTED, actor="bot", reason=reason)
            draft.outcome = "handed_off"
        return draft

    def _new_episode(self, draft: Draft) -> None:
        draft.change(Change.NEW_EPISODE, actor="contact")
        draft.values.update(
            episode=draft.row.episode + 1, has_spoken=False, state=None, slots={}, proven_orders=[], expected=None,
            previous_faq_id=None, closed_at=None, acknowledged_at=None, survey="",
        )

    async def _files(self, draft: Draft, kinds: frozenset[str], messages: Sequence[Any]) -> Draft:
        """Messages that are only files: they join the case, and the bot asks once what they are about."""
        language = language_of(draft.row)
        draft.trace = {"source": SOURCE, "intent": "", "language": language}
        if draft.owner is Owner.OPERATOR:
            draft.outcome = "held"
        elif draft.owner is Owner.QUEUE:
            await self._acknowledge(draft, language)
        elif not kinds & VOICE and await self._has_asked(draft.row, messages[0].seq):
            draft.outcome, draft.values["waiting_since"] = "joined", None
        else:
            answer_files(
                draft, kinds, language, self._announcer, self._faq.publication, self._manner.photo_entries
            )
            self._announcer.finish(draft, language, needs_person=True)
        return draft

    async def _has_asked(self, row: Any, seq: int) -> bool:
        last = await self._store.read(lambda connection: conversations.last_words(connection, row.id, seq))
        return last is not None and (last.trace or {}).get("source") == SOURCE

    async def rescue(self, row: Any, entries: Sequence[Any]) -> Draft:
        """The draft for messages on which everything else failed: apology and a person."""
        draft = Draft(row, list(entries), self._clock.now())
        language = row.language or "other"
        if draft.owner is Owner.CLOSED:
            draft.change(Change.NEW_EPISODE, actor="contact")
        if draft.owner is Owner.BOT:
            draft.replies.append(Reply(self._announcer.say("utter_tool_failure", language, draft), language))
            await self._hand_off(draft, language, Reason.TOOL_FAILURE)
            self._announcer.finish(draft, language, needs_person=False)
        draft.trace = {"source": "fallback", "intent": "", "language": language}
        return draft

    def _language(self, draft: Draft, parse: Parse) -> str:
        """The language to answer in; 'it' and 'en' stick to the conversation once words were heard in it."""
        if parse.language in ("it", "en") and parse.heard != "":
            draft.values["language"] = parse.language
        return parse.language

    def _is_late_thanks(self, draft: Draft, parse: Parse) -> bool:
        closed_at = draft.row.closed_at
        return (
            parse.intent in ("thank", "goodbye")
            and parse.band is Band.ANSWER
            and parse.alarm is None
            and closed_at is not None
            and draft.now - closed_at < THANKS_AFTER_CLOSE
        )

    async def _answer(self, draft: Draft, parse: Parse, language: str) -> None:
        if parse.alarm in SENSITIVE:
            text = self._announcer.say("utter_sensitive", language, draft)
            draft.replies.append(Reply(text, language, kind=OutboxKind.NOTICE, source="handoff"))
            await self._hand_off(draft, language, Reason.SENSITIVE_TOPIC)
            self._announcer.finish(draft, language, needs_person=False)
            return
        if parse.intent == "withdraw":  # tapped after the queue was left
            text = self._announcer.say("utter_withdrawn", language, draft)
            draft.replies.append(Reply(text, language, kind=OutboxKind.NOTICE))
            return
        result = await self._step(draft, parse, language)
        reasons = [one.reason for one in result.requests if isinstance(one, HandOffRequested)]
        for left in (one for one in result.requests if isinstance(one, EmailLeft)):
            text = self._announcer.say("utter_email_left", language, draft, email=left.email)
            draft.replies.append(Reply(text, language, kind=OutboxKind.NOTICE, source="handoff"))
        if result.failed_actions or not (result.replies or result.requests):
            log.error("turn_without_answer", conversation=draft.row.id, failed=result.failed_actions)
            text = self._announcer.say("utter_tool_failure", language, draft)
            draft.replies.append(Reply(text, language, kind=OutboxKind.NOTICE, source="fallback"))
            reasons.append(Reason.TOOL_FAILURE)
        is_unsure = any(reply.source == "fallback" for reply in draft.replies)
        if is_unsure:
            draft.outcome = "offered"
        if reasons:
            await self._hand_off(draft, language, strongest(reasons))
        self._announcer.finish(draft, language, needs_person=is_unsure or parse.intent == "greet")

    async def _while_waiting(self, draft: Draft, parse: Parse, language: str) -> None:
        if parse.intent in WITHDRAWALS and parse.band is Band.ANSWER:
            draft.change(Change.WITHDRAWN, actor="contact")
            draft.replies.append(
                Reply(self._announcer.say("utter_withdrawn", language, draft), language, kind=OutboxKind.NOTICE)
            )
            return
        sure = parse.band is Band.ANSWER and parse.alarm is None
        if sure and (parse.intent in SERVED_WHILE_WAITING or draft.row.expected):
            result = await self._step(draft, parse, language)
            if draft.replies and not result.failed_actions:
                prefix = self._announcer.say("utter_while_you_wait", language, draft)
                draft.replies[0] = replace(draft.replies[0], text=f"{prefix}\n\n{draft.replies[0].text}")
                return
            draft.replies.clear()
        emails = [entity.value for entity in parse.entities if entity.kind == "email"]
        if emails and not draft.row.expected:
            draft.identifiers.append(("email", emails[-1]))
            text = self._announcer.say("utter_email_left", language, draft, email=emails[-1])
            draft.replies.append(Reply(text, language, kind=OutboxKind.NOTICE, source="handoff"))
            draft.outcome = "acknowledged"
            return
        await self._acknowledge(draft, language)

    async def _acknowledge(self, draft: Draft, language: str) -> None:
        last = draft.row.acknowledged_at
        if last is None or draft.now - last >= ACKNOWLEDGE_EVERY:
            draft.replies.append(await self._announcer.acknowledged(draft, language))
            draft.values["acknowledged_at"] = draft.now
        draft.outcome = "acknowledged"

    async def _step(self, draft: Draft, parse: Parse, language: str) -> StepResult:
        row = draft.row
        desk = TurnOrderDesk(self._orders, self._store, self._clock, row.contact_id)
        name, email = await self._store.read(lambda connection: contacts.name_and_email(connection, row.contact_id))
        facts = Facts(
            conversation_id=row.id, contact_id=row.contact_id, channel=row.channel, language=language,
            tone=self._manner.tone, owner=draft.owner, now=draft.now, seed=row.id * 100_003 + row.last_seq,
            is_new_episode=not draft.value("has_spoken"),
            opening=self._announcer.opening(draft.now, language, row.channel),
            contact_name=name, contact_email=email,
        )
        ports = TurnPorts(facts, parse, self._faq, desk, self._hours.for_channel(row.channel), self._texts)
        try:
            result = await self._dialogue.step(draft.value("state"), parse, facts, ports)
        except Exception:  # a failing engine becomes a handoff, never silence
            log.exception("dialogue_failed", conversation=row.id)
            return StepResult(draft.value("state") or {}, failed_actions=("dialogue",))
        self._keep(draft, result, desk)
        return result

    def _keep(self, draft: Draft, result: StepResult, desk: TurnOrderDesk) -> None:
        draft.replies.extend(result.replies)
        draft.failed_orders.extend(desk.failed)
        draft.values.update(state=result.state, expected=result.expects, slots=dict(result.slots))
        answered = [reply.faq_id for reply in result.replies if reply.faq_id]
        if answered or desk.proven:
            draft.values["previous_faq_id"] = answered[-1] if answered else None
        if desk.proven:
            draft.values["proven_orders"] = _merged(draft.value("proven_orders"), desk.proven)
        for request in result.requests:
            if isinstance(request, EmailLeft):
                draft.identifiers.append(("email", request.email))
            elif isinstance(request, CloseRequested) and draft.owner is Owner.BOT:
                draft.change(Change.RESOLVED, actor="bot")
            elif isinstance(request, WithdrawRequested) and draft.owner is Owner.QUEUE:
                draft.change(Change.WITHDRAWN, actor="contact")

    async def _hand_off(self, draft: Draft, language: str, reason: Reason) -> None:
        draft.replies.append(await self._announcer.handed_off(draft, language, reason))
        draft.change(Change.HANDOFF_REQUESTED, actor="bot", reason=reason)
        draft.values["acknowledged_at"] = draft.now
        draft.outcome = "handed_off"



def _merged(known: Sequence[Mapping[str, Any]], proven: Sequence[Order]) -> list[Mapping[str, Any]]:
    new = {order.number: describe_order(order) for order in proven}
    return [one for one in known if one["number"] not in new] + list(new.values())
