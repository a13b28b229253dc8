"""Who holds a conversation, and which steps from one holder to the next exist (docs/architecture.md, "Owner")."""
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.errors import TransitionError


class Owner(StrEnum):
    """The one switch that says who may speak. Stored in SQL rows: never rename a value."""

    BOT = "bot"
    QUEUE = "queue"
    OPERATOR = "operator"
    CLOSED = "closed"


class Change(StrEnum):
    """Why the owner changes. Stored in SQL rows: never rename a value."""

    HANDOFF_REQUESTED = "handoff_requested"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    HUMAN_WROTE = "human_wrote"
    TRANSFERRED = "transferred"
    PUT_BACK = "put_back"
    RETURNED = "returned"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    NEW_EPISODE = "new_episode"
    REOPENED = "reopened"


TRANSITIONS: dict[tuple[Owner, Change], Owner] = {
    (Owner.BOT, Change.HANDOFF_REQUESTED): Owner.QUEUE,
    (Owner.QUEUE, Change.TAKEN): Owner.OPERATOR,
    (Owner.QUEUE, Change.HUMAN_WROTE): Owner.OPERATOR,
    (Owner.QUEUE, Change.WITHDRAWN): Owner.BOT,
    (Owner.BOT, Change.TAKEN): Owner.OPERATOR,
    (Owner.BOT, Change.HUMAN_WROTE): Owner.OPERATOR,
    (Owner.OPERATOR, Change.TRANSFERRED): Owner.OPERATOR,
    (Owner.OPERATOR, Change.PUT_BACK): Owner.QUEUE,
    (Owner.OPERATOR, Change.RETURNED): Owner.BOT,
    (Owner.BOT, Change.RESOLVED): Owner.CLOSED,
    (Owner.QUEUE, Change.RESOLVED): Owner.CLOSED,
    (Owner.OPERATOR, Change.RESOLVED): Owner.CLOSED,
    (Owner.BOT, Change.EXPIRED): Owner.CLOSED,
    (Owner.QUEUE, Change.EXPIRED): Owner.CLOSED,
    (Owner.OPERATOR, Change.EXPIRED): Owner.CLOSED,
    (Owner.CLOSED, Change.NEW_EPISODE): Owner.BOT,
    (Owner.CLOSED, Change.REOPENED): Owner.OPERATOR,
}


class Reason(StrEnum):
    """Why a person is needed: exactly one per handoff. Declared in order of precedence, strongest first."""

    SENSITIVE_TOPIC = "sensitive_topic"
    COMPLAINT = "complaint"
    CUSTOMER_REQUEST = "customer_request"
    ORDER_PROBLEM = "order_problem"
    TOOL_FAILURE = "tool_failure"
    POLICY = "policy"
    REPEATED_FAILURE = "repeated_failure"
    LOW_CONFIDENCE = "low_confidence"


#: Queue order: higher first, then longest waiting.
PRIORITY: dict[Reason, int] = {reason: len(Reason) - index for index, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """One recorded step. ``version`` counts the steps of a conversation from 0 (born with the bot)."""

    change: Change
    before: Owner
    after: Owner
    version: int
    actor: str
    at: datetime
    reason: Reason | None = None


def next_owner(owner: Owner, change: Change) -> Owner:
    """The owner after ``change``.

    Raises:
        TransitionError: the table has no such step.
    """
    try:
        return TRANSITIONS[owner, change]
    except KeyError:
        allowed = sorted(step.value for held, step in TRANSITIONS if held is owner)
        raise TransitionError(
            f"'{change}' is not possible while the owner is '{owner}'. Possible now: {', '.join(allowed)}."
        ) from None


def strongest(reasons: list[Reason]) -> Reason:
    """The reason that a handoff with several causes is filed under."""
    return max(reasons, key=PRIORITY.__getitem__)
