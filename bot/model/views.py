"""What the web shows: read-only values that the service answers with."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.model.conversation import Attachment, Author, Choice, Context
from bot.model.orders import Order
from bot.model.ownership import Owner, Reason


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of a conversation's timeline.

    Attributes:
        seq: position in the conversation, from 1; the only cursor.
        key: the client's or provider's id for an inbound message, '' for ours.
        author_name: the operator's public name; '' for the bot and the contact.
        delivery: inbound 'received'; ours 'pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown' or
            'dropped'; a contact's message that was taken back: 'deleted'.
        chosen: for a contact's message that was a tap: the choice id; else None.
        trace: ``custom.sportello`` of a bot answer (source, faq_id, confidence, candidates …); {} elsewhere.
    """

    seq: int
    author: Author
    author_name: str
    text: str
    language: str
    at: datetime
    key: str = ""
    delivery: str = "sent"
    choices: tuple[Choice, ...] = ()
    chosen: str | None = None
    image: str | None = None
    attachments: tuple[Attachment, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
    context: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Something that came in and joined no conversation: machines' mail, bounces, what cannot be read.

    ``url``: the whole of it, '' where the channel keeps none.
    """

    id: int
    channel: str
    sender: str
    name: str
    subject: str
    text: str
    why: str
    at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """``position``: place in the queue from 1; None unless the owner is the queue. ``cursor``: highest seq."""

    id: int
    contact_id: int
    channel: str
    language: str
    owner: Owner
    owner_version: int
    operator_id: int | None
    operator_name: str
    cursor: int
    position: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the operator's list. ``waiting_since``: the first unanswered message or the handoff; UTC.

    ``window_closes_at``: when the channel stops taking free messages; None = never.
    """

    conversation_id: int
    owner: Owner
    contact_name: str
    channel: str
    language: str
    reason: Reason | None
    priority: int
    waiting_since: datetime | None
    preview: str
    operator_id: int | None
    operator_name: str
    unread: int
    window_closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything known when a person takes over (design section 4).

    Attributes:
        messages: the last ones, or with ``is_delta`` only those after the one that was asked for.
        has_earlier: there are messages before the first of ``messages``.
        deliveries: in a delta, what became of the last messages before it, by seq.
    """

    conversation: ConversationView
    summary: str
    reason: Reason | None
    contact_name: str
    contact_email: str
    identities: tuple[str, ...]
    tone: str
    notes: str
    orders: tuple[Order, ...]
    slots: Mapping[str, Any]
    sentiment: str
    bot_answers: tuple[Mapping[str, Any], ...]
    waiting_since: datetime | None
    window_closes_at: datetime | None
    suggestions: tuple[str, ...]
    messages: tuple[MessageView, ...]
    owner_changes: tuple[Mapping[str, Any], ...]
    ratings: tuple[Mapping[str, Any], ...] = ()
    has_earlier: bool = False
    is_delta: bool = False
    deliveries: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OperatorView:
    """``public_name`` is what shoppers read ("Giulia")."""

    id: int
    login: str
    public_name: str


@dataclass(frozen=True, slots=True)
class SetAsideEntry:
    """An inbox entry whose handling failed each time."""

    id: int
    conversation_id: int
    channel: str
    kind: str
    error: str
    at: datetime | None


def is_id(value: object) -> bool:
    """Whether a value from outside can be the number of a row: a database holds no number of any size."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53
