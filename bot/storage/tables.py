"""The tables. Moments are UTC seconds since the epoch, so that SQLite and PostgreSQL order them alike."""
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

METADATA = sa.MetaData()


class Moment(TypeDecorator):  # type: ignore[misc]
    """An aware datetime kept as a number."""

    impl = sa.Float(53)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> float | None:
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _id() -> sa.Column[int]:
    # SQLite numbers rows by itself only where the type is exactly INTEGER.
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def _ref(target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(f"{target}_id", sa.ForeignKey(f"{target}.id"), nullable=nullable)


contact = sa.Table(
    "contact",
    METADATA,
    _id(),
    sa.Column("name", sa.Text, nullable=False, default=""),
    sa.Column("notes", sa.Text, nullable=False, default=""),
    sa.Column("created_at", Moment, nullable=False),
)

identifier = sa.Table(  # what we know a contact by; `verified` ones alone may merge contacts
    "identifier",
    METADATA,
    _id(),
    _ref("contact"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False, default=False),
    sa.UniqueConstraint("contact_id", "kind", "value"),
)

address = sa.Table(
    "address",
    METADATA,
    _id(),
    _ref("contact"),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("unreachable", sa.Text),
    sa.UniqueConstraint("channel", "account", "external_id"),
)

address_alias = sa.Table(  # other ids of the same account: a phone number beside a business-scoped id
    "address_alias",
    METADATA,
    _id(),
    _ref("address"),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.UniqueConstraint("channel", "account", "external_id"),
)

operator = sa.Table(
    "operator",
    METADATA,
    _id(),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("public_name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

conversation = sa.Table(
    "conversation",
    METADATA,
    _id(),
    _ref("contact"),
    sa.Column("address_id", sa.ForeignKey("address.id"), nullable=False, unique=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("locale", sa.Text),
    sa.Column("owner", sa.Text, nullable=False, default="bot"),
    sa.Column("owner_version", sa.Integer, nullable=False, default=0),
    _ref("operator", nullable=True),
    sa.Column("reason", sa.Text),
    sa.Column("priority", sa.Integer, nullable=False, default=0),
    sa.Column("queued_at", Moment),
    sa.Column("waiting_since", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("episode", sa.Integer, nullable=False, default=1),
    sa.Column("has_spoken", sa.Boolean, nullable=False, default=False),
    sa.Column("last_seq", sa.Integer, nullable=False, default=0),
    sa.Column("operator_seen_seq", sa.Integer, nullable=False, default=0),
    sa.Column("last_inbound_at", Moment),
    sa.Column("previous_faq_id", sa.Text),
    sa.Column("expected", sa.Text),
    sa.Column("noticed_period", sa.Text, nullable=False, default=""),
    sa.Column("acknowledged_at", Moment),
    sa.Column("operator_wrote_at", Moment),
    sa.Column("thread", sa.JSON),
    sa.Column("survey", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("state", sa.JSON),
    sa.Column("slots", sa.JSON, nullable=False, default=dict),
    sa.Column("proven_orders", sa.JSON, nullable=False, default=list),
    sa.Column("sentiment", sa.Text, nullable=False, default=""),
    sa.Column("turns", sa.Integer, nullable=False, default=0),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index("ix_conversation_owner", "owner", "updated_at"),
)

turn = sa.Table(
    "turn",
    METADATA,
    _id(),
    _ref("conversation"),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("trace", sa.JSON, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_turn_conversation", "conversation_id", "id"),
)

inbox = sa.Table(
    "inbox",
    METADATA,
    _id(),
    _ref("conversation"),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("provider_key", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("message_seq", sa.Integer),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False, default="pending"),
    _ref("turn", nullable=True),
    sa.Column("error", sa.Text),
    sa.Column("set_aside_at", Moment),
    sa.UniqueConstraint("channel", "account", "kind", "provider_key"),
    sa.Index("ix_inbox_pending", "conversation_id", "id", sqlite_where=sa.text("status = 'pending'"),
             postgresql_where=sa.text("status = 'pending'")),
    sa.Index("ix_inbox_due", "due_at", sqlite_where=sa.text("status = 'pending'"),
             postgresql_where=sa.text("status = 'pending'")),
    sa.Index("ix_inbox_set_aside", "id", sqlite_where=sa.text("status = 'aside'"),
             postgresql_where=sa.text("status = 'aside'")),
)

message = sa.Table(
    "message",
    METADATA,
    _id(),
    _ref("conversation"),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text, nullable=False, default=""),
    sa.Column("key", sa.Text, nullable=False, default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False, default=""),
    sa.Column("at", Moment, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),
    sa.Column("choices", sa.JSON),
    sa.Column("chosen", sa.Text),
    sa.Column("image", sa.Text),
    sa.Column("attachments", sa.JSON),
    sa.Column("trace", sa.JSON),
    sa.Column("context", sa.JSON),
    _ref("turn", nullable=True),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.Index("ix_message_turn", "turn_id"),
)

left_alone = sa.Table(  # what came in and joined no conversation
    "left_alone",
    METADATA,
    _id(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("provider_key", sa.Text, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("channel", "account", "provider_key"),
)

outbox = sa.Table(
    "outbox",
    METADATA,
    _id(),
    _ref("conversation"),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("owner_version", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False, default="pending"),
    sa.Column("reason", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("claimed_at", Moment),
    sa.Column("provider_id", sa.Text),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.Index("ix_outbox_provider", "channel", "provider_id"),
    sa.Index("ix_outbox_open", "due_at", sqlite_where=sa.text("status in ('pending', 'sending')"),
             postgresql_where=sa.text("status in ('pending', 'sending')")),
)

owner_change = sa.Table(
    "owner_change",
    METADATA,
    _id(),
    _ref("conversation"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("conversation_id", "version"),
)

rating = sa.Table(  # what shoppers say of an episode that a person ended
    "rating",
    METADATA,
    _id(),
    _ref("conversation"),
    _ref("operator", nullable=True),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("comment", sa.Text, nullable=False, default=""),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("conversation_id", "episode"),
)

order_try = sa.Table(  # failed proofs only: the limit counts them per contact and per order
    "order_try",
    METADATA,
    _id(),
    _ref("contact"),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_order_try", "number", "at"),
    sa.Index("ix_order_try_contact", "contact_id", "at"),
)

publication = sa.Table(
    "publication",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("served_at", Moment, nullable=False),
)

cursor = sa.Table(  # how far a polled source was read; moved in the transaction that stores what was read
    "cursor",
    METADATA,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

lease = sa.Table(
    "lease",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
)
