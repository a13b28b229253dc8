"""The record of turns: what each batch of messages was understood to mean, and what it led to."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage import tables as t
from bot.storage.prepared import Prepared

_ADD = Prepared(t.turn.insert(), ("conversation_id", "outcome", "trace", "at"))


def add(connection: Connection, conversation_id: int, outcome: str, trace: Mapping[str, Any], at: datetime) -> int:
    made = _ADD.insert(connection, conversation_id=conversation_id, outcome=outcome, trace=dict(trace), at=at)
    assert made is not None  # without a conflict clause a row is made or an error raised
    return made


def since(connection: Connection, moment: datetime) -> list[Any]:
    """Turns in order; their traces say what was asked and understood."""
    return list(connection.execute(sa.select(t.turn).where(t.turn.c.at >= moment).order_by(t.turn.c.id)))


def recent_traces(connection: Connection, moment: datetime, limit: int = 1000) -> list[dict[str, Any]]:
    """The traces of the last turns of all conversations since a moment, newest first."""
    rows = connection.execute(
        sa.select(t.turn.c.trace).where(t.turn.c.at >= moment).order_by(t.turn.c.id.desc()).limit(limit)
    )
    return [row.trace for row in rows]


def last_traces(connection: Connection, conversation_id: int, limit: int = 20) -> list[dict[str, Any]]:
    """The traces of a conversation's last turns, newest first."""
    rows = connection.execute(
        sa.select(t.turn.c.trace)
        .where(t.turn.c.conversation_id == conversation_id)
        .order_by(t.turn.c.id.desc())
        .limit(limit)
    )
    return [row.trace for row in rows]


def find(connection: Connection, turn_id: int) -> Any:
    return connection.execute(sa.select(t.turn).where(t.turn.c.id == turn_id)).first()


def trace_of(connection: Connection, turn_id: int) -> dict[str, Any]:
    """What was recorded of a turn; empty where there is no such turn."""
    found = connection.execute(sa.select(t.turn.c.trace).where(t.turn.c.id == turn_id)).scalar()
    return dict(found or {})
