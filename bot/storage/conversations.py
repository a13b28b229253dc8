"""Conversations, their messages and the record of who held them."""
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.model.ownership import OwnerChanged
from bot.storage import tables as t
from bot.storage.prepared import Prepared, among

_BLANK: dict[str, Any] = {
    "author_name": "", "key": "", "language": "", "choices": None, "chosen": None, "image": None,
    "attachments": None, "trace": None, "turn_id": None,
}
#: What a provider says of a message of ours after it took it.
RECEIPTS = ("delivered", "read")
_COLUMNS = [column.name for column in t.message.columns if column.name != "id"]
_BY_ID = t.conversation.c.id == sa.bindparam("conversation")
_GET = Prepared(sa.select(t.conversation).where(_BY_ID))
_LOCK = Prepared(
    sa.select(t.conversation.c.turns, t.conversation.c.last_seq, t.conversation.c.last_inbound_at)
    .where(_BY_ID)
    .with_for_update()
)
_NAMED = (
    sa.select(t.conversation, t.contact.c.name.label("contact_name"), t.operator.c.public_name.label("operator_name"))
    .join(t.contact, t.contact.c.id == t.conversation.c.contact_id)
    .outerjoin(t.operator, t.operator.c.id == t.conversation.c.operator_id)
)
_OF_CONVERSATION = t.message.c.conversation_id == sa.bindparam("conversation")
_BETWEEN = Prepared(
    sa.select(t.message)
    .where(_OF_CONVERSATION, t.message.c.seq.between(sa.bindparam("first"), sa.bindparam("last")))
    .order_by(t.message.c.seq)
)
_AFTER = Prepared(
    sa.select(t.message)
    .where(_OF_CONVERSATION, t.message.c.seq > sa.bindparam("after"))
    .order_by(t.message.c.seq)
    .limit(sa.bindparam("most"))
)
_BEFORE = Prepared(
    sa.select(t.message)
    .where(_OF_CONVERSATION, t.message.c.seq < sa.bindparam("before"))
    .order_by(t.message.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_LAST_OFFER = Prepared(
    sa.select(t.message.c.author, t.message.c.choices)
    .where(_OF_CONVERSATION, t.message.c.seq < sa.bindparam("before"))
    .order_by(t.message.c.seq.desc())
    .limit(1)
)
_ADD_MESSAGE = Prepared(t.message.insert(), _COLUMNS)
_DELIVERED = Prepared(
    t.message.update()
    .where(
        _OF_CONVERSATION,
        t.message.c.seq == sa.bindparam("the_seq"),
        sa.or_(among(sa.bindparam("became"), *RECEIPTS), ~among(t.message.c.delivery, *RECEIPTS)),
    )
    .values(delivery=sa.bindparam("became"))
)


def get(connection: Connection, conversation_id: int) -> Any:
    """The conversation's row.

    Raises:
        sqlalchemy.exc.NoResultFound: no such conversation.
    """
    return _GET.one(connection, conversation=conversation_id)


def lock(connection: Connection, conversation_id: int) -> Any:
    """(turns, last_seq, last_inbound_at), held until the end of the transaction.

    That is PostgreSQL's doing; SQLite has one writer anyway.
    """
    return _LOCK.one(connection, conversation=conversation_id)


def find_named(connection: Connection, conversation_id: int) -> Any:
    """The row with ``contact_name`` and ``operator_name``; None where there is none."""
    return connection.execute(_NAMED.where(t.conversation.c.id == conversation_id)).first()


def waiting_or_held(connection: Connection) -> list[Any]:
    """Conversations that a person holds or should: most urgent first, then in order of arrival; with the last words."""
    last = (
        sa.select(t.message.c.text)
        .where(
            t.message.c.conversation_id == t.conversation.c.id,
            t.message.c.author.in_(["contact", "operator"]),
        )
        .order_by(t.message.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    unread = (
        sa.select(sa.func.count())
        .where(
            t.message.c.conversation_id == t.conversation.c.id,
            t.message.c.author == "contact",
            t.message.c.seq > t.conversation.c.operator_seen_seq,
        )
        .scalar_subquery()
    )
    c = t.conversation.c
    rows = connection.execute(
        _NAMED.add_columns(last.label("preview"), unread.label("unread"))
        .where(c.owner.in_(["queue", "operator"]))
        .order_by(sa.case((c.owner == "queue", 0), else_=1), c.priority.desc(), c.queued_at, c.id)
    )
    return list(rows)


def position(connection: Connection, conversation_id: int, priority: int, queued_at: datetime) -> int:
    """Place in the queue, from 1: the order of `waiting_or_held`."""
    c = t.conversation.c
    first = sa.or_(c.queued_at < queued_at, sa.and_(c.queued_at == queued_at, c.id < conversation_id))
    ahead = sa.or_(c.priority > priority, sa.and_(c.priority == priority, first))
    count = connection.execute(
        sa.select(sa.func.count()).where(c.owner == "queue", c.id != conversation_id, ahead)
    ).scalar()
    return int(count) + 1


def update(connection: Connection, conversation_id: int, **values: Any) -> None:
    _update(tuple(sorted(values))).run(connection, conversation=conversation_id, **values)


@lru_cache(maxsize=256)  # turns write a few dozen different sets of columns
def _update(columns: tuple[str, ...]) -> Prepared:
    return Prepared(t.conversation.update().where(_BY_ID), columns)


def add_messages(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append to a timeline; the caller holds the conversation and numbers the rows from its last_seq."""
    for row in rows:
        _ADD_MESSAGE.insert(connection, **{name: row.get(name, _BLANK.get(name)) for name in _COLUMNS})


def note_inbound(
    connection: Connection, conversation_id: int, *, seq: int, now: datetime, locale: str | None,
    thread: Mapping[str, Any] | None,
) -> None:
    """The shopper wrote message ``seq``: someone owes an answer from the first such moment on."""
    values: dict[str, Any] = {"locale": locale} if locale else {}
    if thread is not None:
        values["thread"] = dict(thread)
    _note_inbound(tuple(sorted(values))).run(
        connection, conversation=conversation_id, last_seq=seq, last_inbound_at=now, updated_at=now, now=now, **values
    )


@lru_cache(maxsize=4)
def _note_inbound(columns: tuple[str, ...]) -> Prepared:
    since = sa.func.coalesce(t.conversation.c.waiting_since, sa.bindparam("now", type_=t.Moment))
    return Prepared(
        t.conversation.update().where(_BY_ID).values(waiting_since=since),
        ("last_seq", "last_inbound_at", "updated_at", "waiting_since", *columns),
    )


def messages_after(connection: Connection, conversation_id: int, after: int, limit: int) -> list[Any]:
    return _AFTER.all(connection, conversation=conversation_id, after=after, most=limit)


def messages_before(connection: Connection, conversation_id: int, before: int, limit: int) -> list[Any]:
    """The last messages with a lower seq, in order."""
    return _BEFORE.all(connection, conversation=conversation_id, before=before, most=limit)[::-1]


def deliveries(connection: Connection, conversation_id: int, first: int) -> dict[int, str]:
    """What became of each message from ``first`` on."""
    c = t.message.c
    rows = connection.execute(
        sa.select(c.seq, c.delivery).where(c.conversation_id == conversation_id, c.seq >= first)
    )
    return {int(seq): str(delivery) for seq, delivery in rows}


def messages_at(connection: Connection, conversation_id: int, seqs: Sequence[int]) -> list[Any]:
    """The messages with these numbers, of which there is at least one."""
    found = _BETWEEN.all(connection, conversation=conversation_id, first=min(seqs), last=max(seqs))
    return [row for row in found if row.seq in seqs]


def messages_of_turn(connection: Connection, turn_id: int) -> list[Any]:
    return list(
        connection.execute(sa.select(t.message).where(t.message.c.turn_id == turn_id).order_by(t.message.c.seq))
    )


def last_offer(connection: Connection, conversation_id: int, before: int) -> list[dict[str, str]]:
    """The choices of the last bubble before message ``before``, where that bubble is the bot's."""
    row = _LAST_OFFER.first(connection, conversation=conversation_id, before=before)
    return list(row.choices or []) if row is not None and row.author == "bot" else []


def find_message(connection: Connection, conversation_id: int, seq: int) -> Any:
    return _BETWEEN.first(connection, conversation=conversation_id, first=seq, last=seq)


def find_by_key(connection: Connection, conversation_id: int, key: str) -> Any:
    """The message that the provider knows as ``key``; None where there is none."""
    return connection.execute(
        sa.select(t.message)
        .where(t.message.c.conversation_id == conversation_id, t.message.c.key == key)
        .order_by(t.message.c.seq.desc())
        .limit(1)
    ).first()


def edit_message(connection: Connection, conversation_id: int, key: str, text: str) -> None:
    """The shopper changed a message; an unknown key changes nothing."""
    connection.execute(
        t.message.update()
        .where(t.message.c.conversation_id == conversation_id, t.message.c.key == key, t.message.c.author == "contact")
        .values(text=text)
    )


def delete_message(connection: Connection, conversation_id: int, key: str) -> None:
    """The shopper took a message back: its words, its files and what it stood in go, its place stays."""
    connection.execute(
        t.message.update()
        .where(t.message.c.conversation_id == conversation_id, t.message.c.key == key, t.message.c.author == "contact")
        .values(text="", attachments=None, context=None, delivery="deleted")
    )


def append_line(connection: Connection, conversation_id: int, author: str, text: str, at: datetime) -> None:
    """Add one message of ours that goes nowhere."""
    seq = lock(connection, conversation_id).last_seq + 1
    row = {"conversation_id": conversation_id, "seq": seq, "author": author, "text": text, "at": at, "delivery": "sent"}
    add_messages(connection, [row])
    update(connection, conversation_id, last_seq=seq)


def set_delivery(connection: Connection, conversation_id: int, seq: int, delivery: str) -> None:
    """What became of a message of ours; a receipt that was quicker than our own record stands."""
    _DELIVERED.run(connection, conversation=conversation_id, the_seq=seq, became=delivery)


def rate(
    connection: Connection, conversation_id: int, operator_id: int | None, at: datetime, *, episode: int, **values: Any
) -> None:
    """Write an episode's ``score``, or the ``comment`` to it; a second score replaces the first."""
    row = {"conversation_id": conversation_id, "episode": episode, "operator_id": operator_id, "at": at}
    changed = connection.execute(
        t.rating.update()
        .where(t.rating.c.conversation_id == conversation_id, t.rating.c.episode == episode)
        .values(**values)
    )
    if not changed.rowcount and "score" in values:
        connection.execute(t.rating.insert(), row | values | {"comment": ""})


def ratings(connection: Connection, conversation_id: int) -> list[Any]:
    """What the shopper said of ended episodes, oldest first."""
    return list(
        connection.execute(
            sa.select(t.rating).where(t.rating.c.conversation_id == conversation_id).order_by(t.rating.c.episode)
        )
    )


def last_words(connection: Connection, conversation_id: int, before: int) -> Any:
    """The last message before ``before`` that is ours or has words; None where there is none."""
    return connection.execute(
        sa.select(t.message)
        .where(
            t.message.c.conversation_id == conversation_id, t.message.c.seq < before,
            t.message.c.author.in_(["contact", "bot", "operator"]),
            sa.or_(t.message.c.author != "contact", t.message.c.text != ""),
        )
        .order_by(t.message.c.seq.desc())
        .limit(1)
    ).first()


def add_owner_change(connection: Connection, conversation_id: int, step: OwnerChanged) -> None:
    connection.execute(
        t.owner_change.insert(),
        {
            "conversation_id": conversation_id, "version": step.version, "change": step.change.value,
            "before": step.before.value, "after": step.after.value, "actor": step.actor, "at": step.at,
            "reason": step.reason.value if step.reason else None,
        },
    )


def owner_changes(connection: Connection, conversation_id: int) -> list[Any]:
    return list(
        connection.execute(
            sa.select(t.owner_change)
            .where(t.owner_change.c.conversation_id == conversation_id)
            .order_by(t.owner_change.c.version)
        )
    )


def silent_since(connection: Connection, moment: datetime) -> list[int]:
    """Open conversations where nothing happened since a moment and the last word is not the shopper's."""
    c = t.conversation.c
    rows = connection.execute(
        sa.select(c.id).where(c.owner.in_(["bot", "operator"]), c.waiting_since.is_(None), c.updated_at < moment)
    )
    return [int(row[0]) for row in rows]
