"""Messages in, replies out, and the facts of one turn."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model.ownership import Owner, Reason


class EventKind(StrEnum):
    """What an inbox entry is. Stored in SQL rows: never rename a value.

    HUMAN: somebody of the shop answered in the channel's own app; it takes the conversation as any human answer does.
    """

    MESSAGE = "message"
    CHOICE = "choice"
    COMMAND = "command"
    STATUS = "status"
    EDIT = "edit"
    TIMER = "timer"
    HUMAN = "human"


class Author(StrEnum):
    """Who wrote a message. SYSTEM lines are seen by operators only."""

    CONTACT = "contact"
    BOT = "bot"
    OPERATOR = "operator"
    SYSTEM = "system"


class OutboxKind(StrEnum):
    """Which right a row needs to leave (design: answers while the bot may speak, operator messages always)."""

    ANSWER = "answer"
    NOTICE = "notice"
    OPERATOR = "operator"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Attachment:
    """``kind``: image, audio, video, document, location, contact. ``url`` is ours, never the provider's."""

    kind: str
    name: str = ""
    mime_type: str = ""
    url: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What a message stands in, beside its own words: for operators, never read as the shopper's.

    Attributes:
        kind: 'quote', 'forwarded', 'forward', 'passed_on', 'product', 'story', 'ad', 'via', 'by_hand', 'whole',
            'encrypted', 'calendar'. Stored in SQL rows: never rename one.
        text: in words, such as those that are quoted.
        url: ours, never the provider's.
        key: the provider's id of the quoted message; its words are found where there are no others.
    """

    kind: str
    text: str = ""
    url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event from outside, checked and parsed by its channel.

    Attributes:
        account: which of the shop's accounts on that channel ('' where there is only one).
        key: the provider's id of this event; with (channel, account, kind) it is claimed once, for ever.
        address: opaque id of the writer on this channel; never a phone number.
        text: as written; for a CHOICE the title that was shown.
        choice: id of the choice that was picked (``Choice.id``), only for CHOICE.
        payload: what else the service must know.
            MESSAGE, CHOICE: ``thread``, a small JSON object that the channel gets back with each later reply
            (`Reply.thread`); ``also``, other ids of this writer on this account, such as the number beside a
            business-scoped id. MESSAGE: ``choice``, a payload as in `Choice.payload` that this message means for
            certain (a link or command of ours); ``unanswered``, why no machine may answer it: a person reads it, and
            nothing automatic leaves while the thread's last message is one; ``aside``, why it is no message for
            anybody: it is stored and listed (`LeftAlone`) and joins no conversation, with its ``subject``.
            EDIT: ``edits``, the key of the message that now says ``text``, or that is ``deleted``.
            STATUS: ``reachable``, False where the contact blocked us; or what became of a message of ours:
            ``delivery`` ('sent', 'delivered', 'read', 'failed') of the one whose provider id is ``message`` or whose
            key is ``reply``, with ``why`` and, as in `DeliveryError`, ``unreachable`` and ``window_closed``.
        sent_at: provider time, aware UTC; sorts only messages that wait together. None = now.
        context: what it answers, where it comes from, what it is about.
    """

    channel: str
    kind: EventKind
    key: str
    address: str
    text: str = ""
    account: str = ""
    choice: str | None = None
    attachments: tuple[Attachment, ...] = ()
    sent_at: datetime | None = None
    locale: str | None = None
    name: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    context: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap.

    Attributes:
        title: what the shopper reads.
        payload: what it means on our side: 'faq:<id>', 'intent:<name>', 'none' (none of these), 'hand_off',
            'withdraw', 'rating:<1-5>'. Never sent out.
        id: opaque, given when the reply is stored; what a channel sends and gets back.
    """

    title: str
    payload: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble. ``text`` is light Markdown (bold, links, lists); each channel renders it as it can.

    Attributes:
        kind: its right to leave.
        source: 'faq', 'order', 'intent', 'fallback', 'handoff', 'notice', 'operator': the trace's ``source``.
        faq_id: the entry that answered.
        late: the reply window is closed: send it the way the provider still allows (a template, a person's tag).
        thread: what the channel gave with the shopper's last message, see `Inbound.payload`.
    """

    text: str
    language: str
    choices: tuple[Choice, ...] = ()
    image: str | None = None
    kind: OutboxKind = OutboxKind.ANSWER
    source: str = "intent"
    faq_id: str | None = None
    late: bool = False
    thread: Mapping[str, Any] = field(default_factory=dict)


# Requests: what an action wants done. The service executes them in the turn's transaction.


@dataclass(frozen=True, slots=True)
class HandOffRequested:
    reason: Reason


@dataclass(frozen=True, slots=True)
class WithdrawRequested:
    """The shopper no longer wants a person ("never mind")."""


@dataclass(frozen=True, slots=True)
class EmailLeft:
    """The shopper left an e-mail so that a person can write; claimed, not verified."""

    email: str


@dataclass(frozen=True, slots=True)
class CloseRequested:
    """Nothing is open any more (a goodbye after an answer)."""


Request = HandOffRequested | WithdrawRequested | EmailLeft | CloseRequested


@dataclass(frozen=True, slots=True)
class Facts:
    """What a turn knows before the dialogue step; immutable.

    Attributes:
        seed: (conversation, seq) as one number; picks response variants, so a repeated turn says the same.
        is_new_episode: the bot has not spoken yet in this episode.
        opening: what to say about hours now; None while a person is on duty.
    """

    conversation_id: int
    contact_id: int
    channel: str
    language: str
    tone: str
    owner: Owner
    now: datetime
    seed: int
    is_new_episode: bool = False
    opening: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a dialogue step led to.

    Attributes:
        state: JSON-able; to be given back at the next step.
        slots: what was collected so far, for the dossier (order_number …); no secrets.
        failed_actions: names of actions that raised; the service turns them into a handoff.
        expects: entity kind that an open form waits for, for the next ``Hints.expected``.
    """

    state: dict[str, Any]
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    failed_actions: tuple[str, ...] = ()
    expects: str | None = None
