"""Entries that were set aside because their handling failed each time: kept with their error until a person decides."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage import tables as t

#: In the very words of the partial index (bot.storage.tables).
_ASIDE = sa.text("inbox.status = 'aside'")


def put(connection: Connection, entry_ids: Sequence[int], error: str, now: datetime) -> None:
    """Take entries out of their conversation's way."""
    connection.execute(
        t.inbox.update()
        .where(t.inbox.c.id.in_(list(entry_ids)))
        .values(status="aside", error=error, set_aside_at=now)
    )


def listed(connection: Connection) -> list[Any]:
    """(id, conversation_id, channel, kind, error, received_at, set_aside_at) of each, oldest first."""
    c = t.inbox.c
    return list(
        connection.execute(
            sa.select(c.id, c.conversation_id, c.channel, c.kind, c.error, c.received_at, c.set_aside_at)
            .where(_ASIDE)
            .order_by(c.id)
        )
    )


def retry(connection: Connection, entry_ids: Sequence[int], now: datetime) -> int:
    """Let entries be handled again; how many of them were set aside."""
    changed = connection.execute(
        t.inbox.update()
        .where(t.inbox.c.id.in_(list(entry_ids)), _ASIDE)
        .values(status="pending", error=None, set_aside_at=None, due_at=now)
    )
    return int(changed.rowcount)


def drop(connection: Connection, entry_ids: Sequence[int]) -> int:
    """Leave entries for good; their messages stay in the conversation. How many of them were set aside."""
    changed = connection.execute(
        t.inbox.update().where(t.inbox.c.id.in_(list(entry_ids)), _ASIDE).values(status="done")
    )
    return int(changed.rowcount)


def first_due(connection: Connection, conversation_id: int, now: datetime) -> Any:
    """(id, kind) of the entry that a conversation's next turn begins with, nothing else read of it; or None."""
    c = t.inbox.c
    return connection.execute(
        sa.select(c.id, c.kind)
        .where(
            c.conversation_id == conversation_id, c.status == "pending",
            sa.or_(c.due_at <= now, c.kind == "message"),
        )
        .order_by(c.id)
        .limit(1)
    ).first()


def head(connection: Connection, conversation_id: int) -> Any:
    """(channel, owner, owner_version, turns, last_seq), held until the end of the transaction; nothing else is read."""
    c = t.conversation.c
    return connection.execute(
        sa.select(c.channel, c.owner, c.owner_version, c.turns, c.last_seq)
        .where(c.id == conversation_id)
        .with_for_update()
    ).one()
