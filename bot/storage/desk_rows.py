"""Operators, publications and leases."""
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage import tables as t
from bot.storage.prepared import insert_once


def add_operator(connection: Connection, login: str, public_name: str, password_hash: str, now: datetime) -> int | None:
    """The new operator's id; None where the login is taken."""
    statement = (
        insert_once(connection.dialect.name, t.operator)
        .values(login=login, public_name=public_name, password_hash=password_hash, created_at=now)
    )
    if connection.execute(statement).rowcount != 1:
        return None
    row = find_operator(connection, login)
    return int(row.id)


def find_operator(connection: Connection, login: str) -> Any:
    return connection.execute(sa.select(t.operator).where(t.operator.c.login == login)).first()


def get_operator(connection: Connection, operator_id: int) -> Any:
    return connection.execute(sa.select(t.operator).where(t.operator.c.id == operator_id)).first()


def operators(connection: Connection) -> list[Any]:
    return list(connection.execute(sa.select(t.operator).order_by(t.operator.c.public_name)))


def serve_publication(connection: Connection, publication_id: str, content: str, now: datetime) -> None:
    """Keep a publication and mark it as the one that serves."""
    connection.execute(
        insert_once(connection.dialect.name, t.publication)
        .values(id=publication_id, content=content, created_at=now, served_at=now)
    )
    connection.execute(t.publication.update().where(t.publication.c.id == publication_id).values(served_at=now))


def last_publication(connection: Connection) -> Any:
    """The publication served last; None where there is none."""
    return connection.execute(sa.select(t.publication).order_by(t.publication.c.served_at.desc()).limit(1)).first()


def find_publication(connection: Connection, publication_id: str) -> Any:
    """A publication that served once; None where there is none."""
    return connection.execute(sa.select(t.publication).where(t.publication.c.id == publication_id)).first()


def take_lease(connection: Connection, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Hold a singleton's lease from now on; False while another holder's is not over."""
    until = now + length
    mine = connection.execute(
        t.lease.update()
        .where(t.lease.c.name == name, sa.or_(t.lease.c.holder == holder, t.lease.c.until < now))
        .values(holder=holder, until=until)
    )
    if mine.rowcount:
        return True
    made = connection.execute(
        insert_once(connection.dialect.name, t.lease).values(name=name, holder=holder, until=until)
    )
    return bool(made.rowcount)
