"""The inbox: every event from outside, claimed once and done once."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage import tables as t
from bot.storage.prepared import Prepared, claiming

#: In the very words of the partial indexes (bot.storage.tables): with a bind parameter no database would use them.
_OPEN = sa.text("inbox.status = 'pending'")
_PENDING = Prepared(
    sa.select(t.inbox)
    .where(
        t.inbox.c.conversation_id == sa.bindparam("conversation"),
        _OPEN,
        sa.or_(t.inbox.c.due_at <= sa.bindparam("now"), t.inbox.c.kind == "message"),
    )
    .order_by(t.inbox.c.id)
)
_DONE = Prepared(
    t.inbox.update().where(t.inbox.c.id == sa.bindparam("entry")).values(status="done", turn_id=sa.bindparam("turn"))
)
_COLUMNS = (
    "conversation_id", "channel", "account", "kind", "provider_key", "payload", "message_seq", "received_at", "due_at",
)
_CLAIM = claiming(t.inbox, *_COLUMNS)
_FIND = Prepared(
    sa.select(t.inbox).where(
        t.inbox.c.channel == sa.bindparam("channel"),
        t.inbox.c.account == sa.bindparam("account"),
        t.inbox.c.kind == sa.bindparam("kind"),
        t.inbox.c.provider_key == sa.bindparam("provider_key"),
    )
)


def claim(connection: Connection, **values: Any) -> int | None:
    """Store one entry; None where (channel, account, kind, provider_key) was claimed before."""
    return _CLAIM.insert(connection, **{"message_seq": None} | values)


def pending(connection: Connection, conversation_id: int, now: datetime) -> list[Any]:
    """A conversation's open entries in order of arrival, if one is due: messages that wait join what comes then."""
    entries = _PENDING.all(connection, conversation=conversation_id, now=now)
    return entries if any(entry.due_at <= now for entry in entries) else []


def postpone(connection: Connection, entry_ids: Sequence[int], until: datetime) -> None:
    """Let entries wait."""
    connection.execute(t.inbox.update().where(t.inbox.c.id.in_(list(entry_ids))).values(due_at=until))


def finish(connection: Connection, entry_ids: Sequence[int], turn_id: int | None) -> None:
    """The entries belong to this turn and are over."""
    for entry_id in entry_ids:
        _DONE.run(connection, entry=entry_id, turn=turn_id)


def get_cursor(connection: Connection, source: str) -> int | None:
    """How far a polled source was read; None before the first time."""
    position: int | None = connection.execute(
        sa.select(t.cursor.c.position).where(t.cursor.c.source == source)
    ).scalar()
    return position


def set_cursor(connection: Connection, source: str, position: int) -> None:
    moved = connection.execute(t.cursor.update().where(t.cursor.c.source == source).values(position=position))
    if not moved.rowcount:
        connection.execute(t.cursor.insert().values(source=source, position=position))


def conversations_with_work(connection: Connection, now: datetime) -> list[int]:
    """Conversations that have an open entry due."""
    rows = connection.execute(
        sa.select(t.inbox.c.conversation_id)
        .where(_OPEN, t.inbox.c.due_at <= now)
        .group_by(t.inbox.c.conversation_id)
        .order_by(sa.func.min(t.inbox.c.id))
    )
    return [int(row[0]) for row in rows]


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next waiting entry becomes due; None where none waits."""
    found: datetime | None = connection.execute(
        sa.select(t.inbox.c.due_at)
        .where(_OPEN, t.inbox.c.due_at > now)
        .order_by(t.inbox.c.due_at)
        .limit(1)
    ).scalar()
    return found


def find(connection: Connection, channel: str, account: str, kind: str, provider_key: str) -> Any:
    """The entry claimed under a provider key; None where there is none."""
    return _FIND.first(connection, channel=channel, account=account, kind=kind, provider_key=provider_key)
