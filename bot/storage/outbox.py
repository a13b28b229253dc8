"""The outbox: what must leave, and the one statement that decides whether it may."""
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage import tables as t
from bot.storage.prepared import Prepared, among

_HOLDER = (
    sa.select(t.conversation.c.id)
    .where(
        t.conversation.c.id == t.outbox.c.conversation_id,
        sa.or_(
            sa.and_(
                among(t.outbox.c.kind, "answer", "notice"),
                t.conversation.c.owner_version == t.outbox.c.owner_version,
                sa.or_(t.outbox.c.kind == "notice", among(t.conversation.c.owner, "bot", "queue")),
            ),
            sa.and_(t.outbox.c.kind == "survey", t.conversation.c.owner == "closed"),
            t.outbox.c.kind == "operator",
        ),
    )
    .exists()
)
_CLAIM = Prepared(
    t.outbox.update()
    .where(t.outbox.c.id == sa.bindparam("row"), t.outbox.c.status == "pending", _HOLDER)
    .values(status="sending", claimed_at=sa.bindparam("now"), attempts=t.outbox.c.attempts + 1)
)

_EARLIER = t.outbox.alias()
_WAITS = sa.and_(
    # In the very words of the partial index (bot.storage.tables): with bind parameters no database would use it.
    sa.text("outbox.status in ('pending', 'sending')"),
    t.outbox.c.status == "pending",
    ~sa.select(_EARLIER.c.id)
    .where(
        _EARLIER.c.conversation_id == t.outbox.c.conversation_id,
        _EARLIER.c.seq < t.outbox.c.seq,
        among(_EARLIER.c.status, "pending", "sending"),
    )
    .exists(),
)
_DUE = Prepared(
    sa.select(t.outbox)
    .where(_WAITS, t.outbox.c.due_at <= sa.bindparam("now"))
    .order_by(sa.text("outbox.id + 0"))  # by the bare id, SQLite would go through all rows there ever were
    .limit(sa.bindparam("most"))
)
_NEXT_DUE = Prepared(sa.select(sa.func.min(t.outbox.c.due_at).label("due_at")).where(_WAITS))
_ADD = Prepared(t.outbox.insert(), ("conversation_id", "seq", "channel", "kind", "owner_version", "due_at"))


def add(
    connection: Connection, *, conversation_id: int, seq: int, channel: str, kind: str, owner_version: int,
    due_at: datetime,
) -> None:
    """A row that may leave from ``due_at`` on."""
    _ADD.insert(
        connection, conversation_id=conversation_id, seq=seq, channel=channel, kind=kind, owner_version=owner_version,
        due_at=due_at,
    )


def claim(connection: Connection, row_id: int, now: datetime) -> bool:
    """Mark a row as being sent if it may still leave: the right is checked in the same UPDATE."""
    return bool(_CLAIM.run(connection, row=row_id, now=now))


def drop(connection: Connection, row_id: int, reason: str) -> bool:
    """End a row that may not leave any more; False where another sender has taken it meanwhile."""
    waiting = t.outbox.update().where(t.outbox.c.id == row_id, t.outbox.c.status == "pending")
    return bool(connection.execute(waiting.values(status="dropped", reason=reason)).rowcount)


def due(connection: Connection, now: datetime, limit: int = 100) -> list[Any]:
    """Rows to send, oldest first; a later row of a conversation never overtakes an earlier one."""
    return _DUE.all(connection, now=now, most=limit)


def next_due(connection: Connection) -> datetime | None:
    """When the next row may leave; those behind a row under way wait for its end."""
    found: datetime | None = _NEXT_DUE.one(connection).due_at
    return found


def left_sending(connection: Connection) -> list[Any]:
    """Rows that a stopped process had claimed: whether they left is not known here."""
    return list(connection.execute(sa.select(t.outbox).where(t.outbox.c.status == "sending").order_by(t.outbox.c.id)))


def find_sent(
    connection: Connection, conversation_id: int, channel: str, provider_id: Any, seq: int | None
) -> Any:
    """The row that the provider knows as ``provider_id``, or the one of message ``seq``; None where there is none."""
    rows = sa.select(t.outbox).where(t.outbox.c.conversation_id == conversation_id)
    if provider_id:
        row = connection.execute(
            rows.where(t.outbox.c.channel == channel, t.outbox.c.provider_id == str(provider_id))
        ).first()
        if row is not None:
            return row
    return None if seq is None else connection.execute(rows.where(t.outbox.c.seq == seq)).first()


def settle(connection: Connection, row_id: int, status: str, **values: Any) -> None:
    """End an attempt: 'sent', 'pending' (try again at ``due_at``), 'failed', 'unknown' or 'dropped' with ``reason``."""
    columns = ("status", *sorted(values))
    _settle(columns).run(connection, row=row_id, status=status, **values)


@lru_cache(maxsize=16)
def _settle(columns: tuple[str, ...]) -> Prepared:
    return Prepared(t.outbox.update().where(t.outbox.c.id == sa.bindparam("row")), columns)


def counts(connection: Connection) -> dict[str, int]:
    """Rows by status."""
    rows = connection.execute(sa.select(t.outbox.c.status, sa.func.count()).group_by(t.outbox.c.status))
    return {row[0]: int(row[1]) for row in rows}
