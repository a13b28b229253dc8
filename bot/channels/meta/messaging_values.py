"""What every event of Messenger and Instagram becomes a value with: whose it is, when, under which key."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.channels.meta.messaging_attachments import Shown
from bot.channels.meta.messaging_events import Event
from bot.model.conversation import EventKind, Inbound


@dataclass(frozen=True, slots=True)
class Line:
    """Whose deliveries are read.

    Attributes:
        kind: of the channel.
        object: what Meta calls its deliveries: 'page', 'instagram'.
        account: id of the page or the Instagram account.
        app_id: of our own app: its echoes are ours.
        language: that a link is answered in ('it', 'en'); Meta does not tell the shopper's.
        shown: gives a file's address at the desk.
    """

    kind: str
    object: str
    account: str
    app_id: str
    language: str
    shown: Shown


def inbound_of(
    event: Event, line: Line, kind: EventKind, key: str, *, address: str = "", payload: Mapping[str, Any] | None = None,
    **values: Any,
) -> Inbound:
    """``address``: the shopper's, where it is not the sender."""
    return Inbound(
        channel=line.kind, account=line.account, kind=kind, key=key, address=address or str(event.sender.id),
        sent_at=moment_of(event.timestamp), payload=payload or {}, **values,
    )


def made_key(kind: str, event: Event, said: str) -> str:
    """For events without an id of Meta's: the same at each delivery."""
    digest = sha256(f"{plain(event.timestamp)}|{said}".encode("utf-8", "replace")).hexdigest()[:24]
    return f"{kind}:{event.sender.id}:{digest}"


def plain(value: Any) -> str:
    """A number or a text as text; '' for anything else."""
    return str(value) if isinstance(value, str | int | float) else ""


def moment_of(value: Any) -> datetime | None:
    """Milliseconds, seconds, digits or ISO text, in this century; None where it is none of them."""
    text = plain(value).strip()
    try:
        if isinstance(value, str) and not text.isdigit():
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        else:
            number = float(text)
            moment = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 2001 <= moment.year < 2100 else None
