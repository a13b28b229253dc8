"""What a turn wants to write: gathered while it thinks, written in one transaction."""
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.model.conversation import Attachment, Author, Choice, OutboxKind, Reply
from bot.model.errors import StaleTurnError
from bot.model.ownership import PRIORITY, Change, Owner, OwnerChanged, Reason, next_owner
from bot.model.views import MessageView
from bot.service.turn.context import read_context
from bot.storage import aside, contacts, conversations, inbox, outbox, turns
from bot.storage.store import Connection


@dataclass
class Draft:
    """One turn's intentions.

    Attributes:
        row: the conversation as loaded; the commit refuses if another turn came first.
        values: columns of the conversation to set.
        outcome: one word for the record: answered, offered, handed_off, held, acknowledged, silent, joined, rated,
            command, refused, timer, set_aside.
        aside: why the entries are set aside instead of done; '' where they are done.
        rating: columns of the score or comment that the shopper gave, with its ``episode``.
    """

    row: Any
    entries: list[Any]
    now: datetime
    outcome: str = "answered"
    replies: list[Reply] = field(default_factory=list)
    author: Author = Author.BOT
    author_name: str = ""
    steps: list[OwnerChanged] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    trace: dict[str, Any] = field(default_factory=dict)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    failed_orders: list[str] = field(default_factory=list)
    system_lines: list[str] = field(default_factory=list)
    rating: dict[str, Any] | None = None
    error: str = ""
    aside: str = ""

    @property
    def owner(self) -> Owner:
        """Who holds the conversation after the steps so far."""
        return self.steps[-1].after if self.steps else Owner(self.row.owner)

    @property
    def version(self) -> int:
        return int(self.row.owner_version) + len(self.steps)

    def value(self, column: str) -> Any:
        """A column as it will stand."""
        return self.values[column] if column in self.values else getattr(self.row, column)

    def change(self, change: Change, *, actor: str, reason: Reason | None = None) -> None:
        """Record a step of the owner.

        Raises:
            TransitionError: the table has no such step.
        """
        before = self.owner
        after = next_owner(before, change)
        self.steps.append(OwnerChanged(change, before, after, self.version + 1, actor, self.now, reason))
        self.values["owner"] = after.value
        self.values["owner_version"] = self.version
        if after is Owner.QUEUE:
            self.values["queued_at"] = self.now if change is Change.HANDOFF_REQUESTED else self.value("queued_at")
            self.values["operator_id"] = None
        if reason is not None:
            self.values["reason"] = reason.value
            self.values["priority"] = PRIORITY[reason]
        if after is Owner.CLOSED:
            self.values.update(closed_at=self.now, waiting_since=None, operator_id=self.value("operator_id"))
        if after is Owner.BOT:
            self.values.update(operator_id=None, reason=None, priority=0, queued_at=None)


def write(draft: Draft, *, is_stored: bool) -> Callable[[Connection], tuple[int, list[MessageView]]]:
    """The work that writes a turn: (turn id, our messages in order).

    Args:
        is_stored: the channel is read from our store, so the commit itself is the delivery and the right to leave is
            checked here, with the version, instead of at a claim.
    """

    def work(connection: Connection) -> tuple[int, list[MessageView]]:
        row = draft.row
        fresh = conversations.lock(connection, row.id)
        if fresh.turns != row.turns:
            raise StaleTurnError(f"conversation {row.id}: turn {row.turns} is no longer the last ({fresh.turns})")
        turn_id = turns.add(connection, row.id, draft.outcome, draft.trace, draft.now)
        rows = _message_rows(draft, fresh.last_seq, turn_id, is_stored)
        conversations.add_messages(connection, rows)
        conversations.update(connection, row.id, **_columns(draft, fresh, len(rows)))
        inbox.finish(connection, [entry.id for entry in draft.entries], turn_id)
        if draft.aside:
            aside.put(connection, [entry.id for entry in draft.entries], draft.aside, draft.now)
        for step in draft.steps:
            conversations.add_owner_change(connection, row.id, step)
        for kind, value in draft.identifiers:
            contacts.add_identifier(connection, row.contact_id, kind, value)
        for number in draft.failed_orders:
            contacts.add_order_try(connection, row.contact_id, number, draft.now)
        if draft.rating is not None:
            conversations.rate(connection, row.id, row.operator_id, draft.now, **draft.rating)
        ours = [one for one in rows if one["author"] != Author.SYSTEM.value]
        if not is_stored:
            _queue(connection, draft, ours)
        return turn_id, [view(one) for one in ours]

    return work


def _columns(draft: Draft, fresh: Any, written: int) -> dict[str, Any]:
    columns = {"turns": fresh.turns + 1, "last_seq": fresh.last_seq + written, "updated_at": draft.now} | draft.values
    speaks = [reply for reply in draft.replies if reply.kind is not OutboxKind.OPERATOR]
    if speaks:
        columns["has_spoken"] = True
    answered = draft.owner is Owner.BOT and draft.replies
    # A message that came in while the turn was thinking still waits for its answer.
    if answered and fresh.last_inbound_at == draft.row.last_inbound_at:
        columns["waiting_since"] = None
    return columns


def _message_rows(draft: Draft, last_seq: int, turn_id: int, is_stored: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    common = {"conversation_id": draft.row.id, "at": draft.now, "turn_id": turn_id}
    for text in draft.system_lines:
        rows.append(
            common | {"seq": last_seq + len(rows) + 1, "author": Author.SYSTEM.value, "text": text, "delivery": "sent",
                      "author_name": draft.author_name}
        )
    for reply in draft.replies:
        seq = last_seq + len(rows) + 1
        is_operator = reply.kind is OutboxKind.OPERATOR
        rows.append(
            common
            | {
                "seq": seq,
                "author": Author.OPERATOR.value if is_operator else Author.BOT.value,
                "author_name": draft.author_name if is_operator else "",
                "text": reply.text,
                "language": reply.language,
                "delivery": "sent" if is_stored else "pending",
                "choices": [
                    {"id": f"{seq}.{index}", "title": choice.title, "payload": choice.payload}
                    for index, choice in enumerate(reply.choices, 1)
                ] or None,
                "image": reply.image,
                "trace": _trace(draft, reply, turn_id) if not is_operator else None,
                "kind": reply.kind.value,
            }
        )
    return rows


def _trace(draft: Draft, reply: Reply, turn_id: int) -> dict[str, Any]:
    shared = {key: value for key, value in draft.trace.items() if key in TRACE_KEYS}
    return shared | {
        "source": reply.source, "faq_id": reply.faq_id, "owner": draft.owner.value, "turn": turn_id,
    }


#: ``custom.sportello`` of the REST channel (design section 6), beside source, faq_id and owner.
TRACE_KEYS = ("intent", "confidence", "band", "language", "faq_version", "candidates")


def _queue(connection: Connection, draft: Draft, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        outbox.add(
            connection, conversation_id=draft.row.id, seq=row["seq"], channel=draft.row.channel, kind=row["kind"],
            owner_version=draft.version, due_at=draft.now,
        )


def view(row: Any) -> MessageView:
    """A message row, as stored or about to be, as the web shows it."""
    def get(name: str) -> Any:
        return row.get(name) if isinstance(row, dict) else getattr(row, name)

    return MessageView(
        seq=get("seq"), author=Author(get("author")), author_name=get("author_name") or "", text=get("text"),
        language=get("language") or "", at=get("at"), key=get("key") or "", delivery=get("delivery"),
        choices=tuple(Choice(one["title"], one["payload"], one["id"]) for one in get("choices") or ()),
        chosen=get("chosen"), image=get("image"), attachments=_attachments(get("attachments")),
        trace=get("trace") or {}, context=read_context(get("context")),
    )


def _attachments(values: Any) -> tuple[Any, ...]:
    return tuple(Attachment(**one) for one in values or ())
