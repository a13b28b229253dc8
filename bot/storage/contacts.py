"""Who writes to us: contacts, their addresses and identifiers."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from bot.model.ports import Address
from bot.storage import tables as t

_FIND = (
    sa.select(t.conversation.c.id, t.conversation.c.last_seq, t.conversation.c.address_id, t.address.c.unreachable)
    .join(t.address, t.address.c.id == t.conversation.c.address_id)
    .where(
        t.address.c.channel == sa.bindparam("channel"),
        t.address.c.account == sa.bindparam("account"),
        t.address.c.external_id == sa.bindparam("external_id"),
    )
)
_ADDRESS_ID = sa.select(t.address.c.id).where(
    t.address.c.channel == sa.bindparam("channel"),
    t.address.c.account == sa.bindparam("account"),
    t.address.c.external_id == sa.bindparam("external_id"),
)
_OF_ALIAS = (
    t.address_alias.c.channel == sa.bindparam("channel"),
    t.address_alias.c.account == sa.bindparam("account"),
    t.address_alias.c.external_id == sa.bindparam("external_id"),
)
_ALIAS_ID = sa.select(t.address_alias.c.address_id).where(*_OF_ALIAS)
_BY_ALIAS = (
    sa.select(t.address.c.external_id).join(t.address_alias, t.address_alias.c.address_id == t.address.c.id)
).where(*_OF_ALIAS)
_REACHABLE = (
    t.address.update()
    .where(
        t.address.c.unreachable.is_not(None),
        t.address.c.channel == sa.bindparam("the_channel"),
        t.address.c.account == sa.bindparam("the_account"),
        t.address.c.external_id == sa.bindparam("the_external_id"),
    )
    .values(unreachable=None)
)
_NAME_AND_EMAIL = (
    sa.select(t.contact.c.name, t.identifier.c.value)
    .outerjoin(
        t.identifier, sa.and_(t.identifier.c.contact_id == t.contact.c.id, t.identifier.c.kind == "email")
    )
    .where(t.contact.c.id == sa.bindparam("contact"))
    .order_by(t.identifier.c.id.desc())
    .limit(1)
)
_FIND_LOCKED = _FIND.with_for_update(of=t.conversation)


def insert_once(connection: Connection, table: sa.Table) -> Any:
    """An INSERT that the dialect can give ``on_conflict_do_nothing``."""
    return sqlite_insert(table) if connection.dialect.name == "sqlite" else postgres_insert(table)


def find_conversation(connection: Connection, to: Address) -> int | None:
    """The conversation of an address; None where nobody has written from it."""
    row = _find(connection, _FIND, to)
    return None if row is None else int(row.id)


def _find(connection: Connection, statement: Any, to: Address) -> Any:
    row = connection.execute(statement, _key(to)).first()
    if row is None and (known := _by_alias(connection, to)) is not None:
        row = connection.execute(statement, _key(known)).first()
    return row


def open_conversation(
    connection: Connection, to: Address, *, now: datetime, name: str | None, locale: str | None
) -> Any:
    """(id, last_seq, address_id, unreachable) of an address's conversation, held for this transaction; made if new."""
    row = _find(connection, _FIND_LOCKED, to)
    if row is not None:
        return row
    contact_id = connection.execute(t.contact.insert(), {"name": name or "", "created_at": now}).inserted_primary_key[0]
    claimed = connection.execute(
        insert_once(connection, t.address).values(contact_id=contact_id, **_key(to)).on_conflict_do_nothing()
    )
    if claimed.rowcount == 1:
        address_id = connection.execute(sa.select(t.address.c.id).where(t.address.c.contact_id == contact_id)).scalar()
        connection.execute(
            t.conversation.insert(),
            {
                "contact_id": contact_id, "address_id": address_id, "channel": to.channel, "locale": locale,
                "created_at": now, "updated_at": now,
            },
        )
    else:  # another process made it in the meantime
        connection.execute(t.contact.delete().where(t.contact.c.id == contact_id))
    return connection.execute(_FIND_LOCKED, _key(to)).one()


def resolve(connection: Connection, to: Address, also: Sequence[str]) -> Address:
    """The address of this writer: one who was known by an id of ``also`` only is ``to`` from now on."""
    if not also:
        return to
    known = _find_id(connection, to)
    if known is None:
        others = [Address(to.channel, to.account, one) for one in also]
        known = next((found for one in others if (found := _find_id(connection, one)) is not None), None)
        if known is None:
            return to
        before = connection.execute(sa.select(t.address.c.external_id).where(t.address.c.id == known)).scalar()
        connection.execute(t.address.update().where(t.address.c.id == known).values(external_id=to.external_id))
        also = [*also, str(before)]
    add_aliases(connection, known, to, also)
    return to


def add_aliases(connection: Connection, address_id: int, to: Address, also: Sequence[str]) -> None:
    """Remember other ids of an address. Repeating is harmless."""
    for one in also:
        if one != to.external_id:
            values = {**_key(to), "external_id": one, "address_id": address_id}
            connection.execute(insert_once(connection, t.address_alias).values(**values).on_conflict_do_nothing())


def _find_id(connection: Connection, to: Address) -> int | None:
    found: int | None = connection.execute(_ADDRESS_ID, _key(to)).scalar()
    if found is None:
        found = connection.execute(_ALIAS_ID, _key(to)).scalar()
    return found


def _by_alias(connection: Connection, to: Address) -> Address | None:
    row = connection.execute(_BY_ALIAS, _key(to)).first()
    return None if row is None else Address(to.channel, to.account, row.external_id)


def _key(to: Address) -> dict[str, str]:
    return {"channel": to.channel, "account": to.account, "external_id": to.external_id}


def address_of(connection: Connection, conversation_id: int) -> Address:
    """Where a conversation's messages go."""
    row = connection.execute(
        sa.select(t.address.c.channel, t.address.c.account, t.address.c.external_id)
        .join(t.conversation, t.conversation.c.address_id == t.address.c.id)
        .where(t.conversation.c.id == conversation_id)
    ).one()
    return Address(row.channel, row.account, row.external_id)


def mark_unreachable(connection: Connection, to: Address, why: str) -> None:
    """Nothing more is sent to this address until its owner writes again."""
    connection.execute(
        t.address.update()
        .where(
            t.address.c.channel == to.channel,
            t.address.c.account == to.account,
            t.address.c.external_id == to.external_id,
        )
        .values(unreachable=why)
    )


def mark_reachable(connection: Connection, to: Address) -> None:
    """The owner of the address wrote or let us in again."""
    connection.execute(_REACHABLE, {f"the_{name}": value for name, value in _key(to).items()})


def add_identifier(connection: Connection, contact_id: int, kind: str, value: str, *, verified: bool = False) -> None:
    """Remember an e-mail, phone or customer id of a contact. Repeating is harmless."""
    connection.execute(
        insert_once(connection, t.identifier)
        .values(contact_id=contact_id, kind=kind, value=value, verified=verified)
        .on_conflict_do_nothing()
    )


def identifiers(connection: Connection, contact_id: int) -> list[tuple[str, str, bool]]:
    """(kind, value, verified), oldest first."""
    rows = connection.execute(
        sa.select(t.identifier).where(t.identifier.c.contact_id == contact_id).order_by(t.identifier.c.id)
    )
    return [(row.kind, row.value, row.verified) for row in rows]


def name_and_email(connection: Connection, contact_id: int) -> tuple[str | None, str | None]:
    """What a turn may call the contact by, and the e-mail given last."""
    row = connection.execute(_NAME_AND_EMAIL, {"contact": contact_id}).one()
    return row.name or None, row.value


def get_contact(connection: Connection, contact_id: int) -> Any:
    """The contact's row."""
    return connection.execute(sa.select(t.contact).where(t.contact.c.id == contact_id)).one()


def add_order_try(connection: Connection, contact_id: int, number: str, at: datetime) -> None:
    """Count one failed proof against the contact and the order."""
    connection.execute(t.order_try.insert().values(contact_id=contact_id, number=number, at=at))


def count_order_tries(connection: Connection, contact_id: int, number: str, since: datetime) -> tuple[int, int]:
    """Failed proofs since a moment: (by this contact, for this order)."""
    tries = t.order_try.c
    row = connection.execute(
        sa.select(
            sa.func.count().filter(tries.contact_id == contact_id), sa.func.count().filter(tries.number == number)
        ).where(tries.at > since, sa.or_(tries.contact_id == contact_id, tries.number == number))
    ).one()
    return int(row[0]), int(row[1])
