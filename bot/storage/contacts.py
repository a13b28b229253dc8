"""Who writes to us: contacts, their addresses and identifiers."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.model.ports import Address
from bot.storage import tables as t
from bot.storage.prepared import Prepared, claiming

_SELECT = (
    sa.select(
        t.conversation.c.id, t.conversation.c.last_seq, t.conversation.c.address_id, t.conversation.c.thread,
        t.address.c.unreachable,
    )
    .join(t.address, t.address.c.id == t.conversation.c.address_id)
    .where(
        t.address.c.channel == sa.bindparam("channel"),
        t.address.c.account == sa.bindparam("account"),
        t.address.c.external_id == sa.bindparam("external_id"),
    )
)
_FIND = Prepared(_SELECT)
_FIND_LOCKED = Prepared(_SELECT.with_for_update(of=t.conversation))
_ADDRESS_ID = Prepared(
    sa.select(t.address.c.id).where(
        t.address.c.channel == sa.bindparam("channel"),
        t.address.c.account == sa.bindparam("account"),
        t.address.c.external_id == sa.bindparam("external_id"),
    )
)
_OF_ALIAS = (
    t.address_alias.c.channel == sa.bindparam("channel"),
    t.address_alias.c.account == sa.bindparam("account"),
    t.address_alias.c.external_id == sa.bindparam("external_id"),
)
_ALIAS_ID = Prepared(sa.select(t.address_alias.c.address_id).where(*_OF_ALIAS))
_BY_ALIAS = Prepared(
    sa.select(t.address.c.external_id)
    .join(t.address_alias, t.address_alias.c.address_id == t.address.c.id)
    .where(*_OF_ALIAS)
)
_REACHABLE = Prepared(
    t.address.update()
    .where(
        t.address.c.unreachable.is_not(None),
        t.address.c.channel == sa.bindparam("the_channel"),
        t.address.c.account == sa.bindparam("the_account"),
        t.address.c.external_id == sa.bindparam("the_external_id"),
    )
    .values(unreachable=None)
)
_ADDRESS_OF = Prepared(
    sa.select(t.address.c.channel, t.address.c.account, t.address.c.external_id)
    .join(t.conversation, t.conversation.c.address_id == t.address.c.id)
    .where(t.conversation.c.id == sa.bindparam("conversation"))
)
_NAME_AND_EMAIL = Prepared(
    sa.select(t.contact.c.name, t.identifier.c.value)
    .outerjoin(
        t.identifier, sa.and_(t.identifier.c.contact_id == t.contact.c.id, t.identifier.c.kind == "email")
    )
    .where(t.contact.c.id == sa.bindparam("contact"))
    .order_by(t.identifier.c.id.desc())
    .limit(1)
)
_ADD_CONTACT = Prepared(t.contact.insert(), ("name", "created_at"))
_ADD_ADDRESS = claiming(t.address, "contact_id", "channel", "account", "external_id")
_ADD_ALIAS = claiming(t.address_alias, "address_id", "channel", "account", "external_id")
_ADD_IDENTIFIER = claiming(t.identifier, "contact_id", "kind", "value", "verified")
_OPEN = Prepared(
    t.conversation.insert(), ("contact_id", "address_id", "channel", "locale", "created_at", "updated_at")
)


def find_conversation(connection: Connection, to: Address) -> int | None:
    """The conversation of an address; None where nobody has written from it."""
    row = _find(connection, _FIND, to)
    return None if row is None else int(row.id)


def _find(connection: Connection, statement: Prepared, to: Address) -> Any:
    row = statement.first(connection, **_key(to))
    if row is None and (known := _by_alias(connection, to)) is not None:
        row = statement.first(connection, **_key(known))
    return row


def open_conversation(
    connection: Connection, to: Address, *, now: datetime, name: str | None, locale: str | None
) -> Any:
    """(id, last_seq, address_id, thread, unreachable) of an address's conversation, held for this transaction.

    It is made where the address is new.
    """
    row = _find(connection, _FIND_LOCKED, to)
    if row is not None:
        return row
    contact_id = _ADD_CONTACT.insert(connection, name=name or "", created_at=now)
    address_id = _ADD_ADDRESS.insert(connection, contact_id=contact_id, **_key(to))
    if address_id is not None:
        _OPEN.insert(
            connection, contact_id=contact_id, address_id=address_id, channel=to.channel, locale=locale,
            created_at=now, updated_at=now,
        )
    else:  # another process made it in the meantime
        connection.execute(t.contact.delete().where(t.contact.c.id == contact_id))
    return _FIND_LOCKED.one(connection, **_key(to))


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
            _ADD_ALIAS.insert(connection, **{**_key(to), "external_id": one, "address_id": address_id})


def _find_id(connection: Connection, to: Address) -> int | None:
    found = _ADDRESS_ID.first(connection, **_key(to)) or _ALIAS_ID.first(connection, **_key(to))
    return None if found is None else int(found[0])


def _by_alias(connection: Connection, to: Address) -> Address | None:
    row = _BY_ALIAS.first(connection, **_key(to))
    return None if row is None else Address(to.channel, to.account, row.external_id)


def _key(to: Address) -> dict[str, str]:
    return {"channel": to.channel, "account": to.account, "external_id": to.external_id}


def address_of(connection: Connection, conversation_id: int) -> Address:
    """Where a conversation's messages go."""
    row = _ADDRESS_OF.one(connection, conversation=conversation_id)
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
    _REACHABLE.run(connection, **{f"the_{name}": value for name, value in _key(to).items()})


def add_identifier(connection: Connection, contact_id: int, kind: str, value: str, *, verified: bool = False) -> None:
    """Remember an e-mail, phone or customer id of a contact. Repeating is harmless."""
    _ADD_IDENTIFIER.insert(connection, contact_id=contact_id, kind=kind, value=value, verified=verified)


def identifiers(connection: Connection, contact_id: int) -> list[tuple[str, str, bool]]:
    """(kind, value, verified), oldest first."""
    rows = connection.execute(
        sa.select(t.identifier).where(t.identifier.c.contact_id == contact_id).order_by(t.identifier.c.id)
    )
    return [(row.kind, row.value, row.verified) for row in rows]


def name_and_email(connection: Connection, contact_id: int) -> tuple[str | None, str | None]:
    """What a turn may call the contact by, and the e-mail given last."""
    row = _NAME_AND_EMAIL.one(connection, contact=contact_id)
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
