"""Statements that run at every message say what SQLAlchemy would, and cost the same however long the desk has run."""
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from bot.model.conversation import Author
from bot.model.ports import Address
from bot.storage import contacts, conversations, inbox, outbox, prepared, store, turns
from bot.storage import tables as t
from tests.fakes import MONDAY_MORNING

ADA = Address("widget", "", "ada")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.engine.Connection]:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    engine = store._engine(url)
    store.migrate(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def statements() -> list[tuple[str, prepared.Prepared]]:
    modules: list[ModuleType] = [contacts, conversations, inbox, outbox, turns]
    return [
        (f"{module.__name__}.{name}", value)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, prepared.Prepared)
    ]


@pytest.mark.parametrize(("name", "statement"), statements())
def test_no_statement_goes_through_a_whole_table(
    connection: sa.engine.Connection, name: str, statement: prepared.Prepared
) -> None:
    text = statement.text(connection)
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?")).all()

    assert [step.detail for step in plan if step.detail.startswith("SCAN")] == [], name


def test_values_come_back_as_they_went(connection: sa.engine.Connection) -> None:
    row = contacts.open_conversation(connection, ADA, now=MONDAY_MORNING, name="Ada", locale="it")
    conversations.update(connection, row.id, slots={"order_number": "1004"}, waiting_since=MONDAY_MORNING, state=None)

    held = conversations.get(connection, row.id)

    assert (held.slots, held.waiting_since, held.state) == ({"order_number": "1004"}, MONDAY_MORNING, None)
    assert (held.owner, held.turns, held.proven_orders) == ("bot", 0, [])  # the columns' defaults
    assert held == tuple(connection.execute(sa.select(t.conversation)).one())


def test_what_a_unique_constraint_forbids_is_left_out(connection: sa.engine.Connection) -> None:
    row = contacts.open_conversation(connection, ADA, now=MONDAY_MORNING, name=None, locale=None)
    entry = {
        "conversation_id": row.id, "channel": "widget", "account": "", "kind": "message", "provider_key": "1",
        "payload": {}, "received_at": MONDAY_MORNING, "due_at": MONDAY_MORNING,
    }

    assert (inbox.claim(connection, **entry), inbox.claim(connection, **entry)) == (1, None)


def test_a_refusal_of_the_database_is_one_of_sqlalchemy(connection: sa.engine.Connection) -> None:
    message = {
        "conversation_id": 1, "seq": 1, "author": Author.BOT.value, "text": "x", "at": MONDAY_MORNING,
        "delivery": "sent",
    }

    with pytest.raises(exc.IntegrityError, match="FOREIGN KEY"):
        conversations.add_messages(connection, [message])


def test_an_in_list_is_refused(connection: sa.engine.Connection) -> None:
    listed = prepared.Prepared(sa.select(t.contact.c.id).where(t.contact.c.name.in_(["Ada", "Ugo"])))

    with pytest.raises(ValueError, match="IN cannot be prepared"):
        listed.all(connection)
