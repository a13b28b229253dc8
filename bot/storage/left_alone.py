"""What came in and joined no conversation: kept for people to look at."""
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage import tables as t
from bot.storage.prepared import insert_once

#: The oldest go first.
MOST_KEPT = 5_000


def add(connection: Connection, **values: Any) -> bool:
    """Keep one; False where (channel, account, provider_key) is known."""
    made = connection.execute(insert_once(connection.dialect.name, t.left_alone).values(**values))
    if made.rowcount != 1:
        return False
    last = sa.select(sa.func.max(t.left_alone.c.id)).scalar_subquery()
    connection.execute(t.left_alone.delete().where(t.left_alone.c.id <= last - MOST_KEPT))
    return True


def newest(connection: Connection, before: int | None, limit: int) -> list[Any]:
    """Newest first, those with a lower id than ``before`` where it is given."""
    rows = sa.select(t.left_alone).order_by(t.left_alone.c.id.desc()).limit(limit)
    return list(connection.execute(rows if before is None else rows.where(t.left_alone.c.id < before)))


def count(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(t.left_alone)).scalar())


def find(connection: Connection, row_id: int) -> Any:
    """The row; None where there is none."""
    return connection.execute(sa.select(t.left_alone).where(t.left_alone.c.id == row_id)).first()
