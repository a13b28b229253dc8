"""What an operator sees when taking over, and the list that says whom next."""
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.model.conversation import Author
from bot.model.faq import FaqEntry
from bot.model.ownership import Owner, Reason
from bot.model.views import ConversationView, Dossier, MessageView, QueueRow
from bot.service.delivery.window import Windows
from bot.service.queue.summary import summarise
from bot.service.turn.draft import view
from bot.service.turn.trace import read_order
from bot.storage import contacts, conversations, turns

#: A delta of more messages than this is no help: the last ones are shown instead.
MOST_NEW = 1000
#: Readings that ask nothing that an answer could be suggested to.
WISHES = frozenset({"handoff_request", "greet", "thank", "goodbye", "affirm", "deny", "inform", "start_over"})
LEAST_LIKELY = 0.05
#: The entry of an id as it would be answered now; None where it would not.
FindEntry = Callable[[str], FaqEntry | None]


def queue_row(row: Any, windows: Windows) -> QueueRow:
    return QueueRow(
        conversation_id=row.id, owner=Owner(row.owner), contact_name=row.contact_name or _customer(row),
        channel=row.channel,
        language=row.language or "", reason=Reason(row.reason) if row.reason else None, priority=row.priority,
        waiting_since=row.waiting_since or (row.queued_at if row.owner == Owner.QUEUE.value else None),
        preview=row.preview or "", operator_id=row.operator_id, operator_name=row.operator_name or "",
        unread=row.unread, window_closes_at=windows.closes_at(row),
    )


def _customer(row: Any) -> str:
    """The name on an order that was opened here: a help to the eye, it identifies nobody."""
    orders = row.proven_orders or []
    return str(orders[-1]["customer_name"]) if orders else ""


def conversation_view(connection: Any, row: Any) -> ConversationView:
    place = None
    if row.owner == Owner.QUEUE.value:
        place = conversations.position(connection, row.id, row.priority, row.queued_at)
    return ConversationView(
        id=row.id, contact_id=row.contact_id, channel=row.channel, language=row.language or "",
        owner=Owner(row.owner), owner_version=row.owner_version, operator_id=row.operator_id,
        operator_name=row.operator_name or "", cursor=row.last_seq, position=place,
        reason=Reason(row.reason) if row.reason else None,
    )


def load(connection: Any, conversation_id: int, after: int | None, limit: int) -> tuple[Any, ...] | None:
    """Everything of a conversation in one read; None where there is none.

    The messages are the last ``limit``, or more where more came after ``after``.
    """
    row = conversations.find_named(connection, conversation_id)
    if row is None:
        return None
    return (
        row,
        conversation_view(connection, row),
        contacts.identifiers(connection, row.contact_id),
        contacts.get_contact(connection, row.contact_id),
        [view(one) for one in _messages(connection, row, after, limit)],
        conversations.owner_changes(connection, conversation_id),
        conversations.ratings(connection, conversation_id),
        turns.last_traces(connection, conversation_id),
        after if after is not None and row.last_seq - after <= MOST_NEW else None,
        conversations.deliveries(connection, conversation_id, row.last_seq - limit + 1) if after is not None else {},
    )


def _messages(connection: Any, row: Any, after: int | None, limit: int) -> list[Any]:
    new = row.last_seq - after if after is not None else 0
    return conversations.messages_before(
        connection, row.id, row.last_seq + 1, max(limit, new) if new <= MOST_NEW else limit
    )


def build(loaded: tuple[Any, ...], *, tone: str, find: FindEntry, windows: Windows) -> Dossier:
    row, conversation, identities, contact, messages, changes, ratings, traces, after, deliveries = loaded
    answers = tuple(_answer(one) for one in messages if one.author is Author.BOT and one.trace)
    emails = [value for kind, value, _ in identities if kind == "email"]
    orders = tuple(read_order(one) for one in row.proven_orders or [])
    shown = tuple(one for one in messages if after is None or one.seq > after)
    return Dossier(
        conversation=conversation,
        summary=summarise(messages, orders, conversation.language, row.waiting_since),
        reason=conversation.reason,
        contact_name=contact.name or _customer(row),
        contact_email=emails[-1] if emails else (orders[-1].email if orders else ""),
        identities=tuple(f"{kind}: {value}{' ✓' if verified else ''}" for kind, value, verified in identities),
        tone=tone,
        notes=contact.notes,
        orders=orders,
        slots=_collected(row.slots or {}),
        sentiment=row.sentiment,
        bot_answers=tuple(one for one in answers if after is None or one["seq"] > after),
        waiting_since=row.waiting_since,
        window_closes_at=windows.closes_at(row),
        suggestions=_suggestions(traces, answers, conversation.language, find),
        messages=shown,
        has_earlier=(messages[0].seq if messages else 1) > 1 if after is None else after > 0,
        is_delta=after is not None,
        deliveries={} if after is None else {seq: one for seq, one in deliveries.items() if seq <= after},
        owner_changes=tuple(
            {"change": one.change, "before": one.before, "after": one.after, "reason": one.reason,
             "actor": one.actor, "at": one.at}
            for one in changes
        ),
        ratings=tuple({"episode": one.episode, "score": one.score, "comment": one.comment} for one in ratings),
    )


def _answer(message: MessageView) -> Mapping[str, Any]:
    return {"seq": message.seq, "text": message.text, **message.trace}


def _collected(slots: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in slots.items() if value not in (None, "", [], 0, False)}


def _suggestions(
    traces: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]], language: str, find: FindEntry
) -> tuple[str, ...]:
    """What the last question may be answered with, best first, but not what the bot has said already.

    A person's own shopper is read too, and the wish for a person is no question.
    """
    asked = next((one["candidates"] for one in traces if one.get("candidates") and one.get("intent") not in WISHES), ())
    said = {one.get("faq_id") for one in answers}
    likely = [one["faq_id"] for one in asked if one.get("faq_id") and one["score"] >= LEAST_LIKELY]
    entries = [find(faq_id) for faq_id in likely if faq_id not in said]
    texts = [entry.texts.get(language) or next(iter(entry.texts.values())) for entry in entries if entry]
    return tuple(text.answer for text in texts[:3])
