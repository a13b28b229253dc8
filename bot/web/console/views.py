"""What the console's page reads: the service's views as JSON."""
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.model.views import Dossier, OperatorView, QueueRow

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def plain(value: Any) -> Json:
    """A view as JSON: moments ISO 8601, money as text, enumerations by value; what is none of these, as its text."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def queue_json(
    rows: Iterable[QueueRow], *, hours: tuple[bool, str], channels: Mapping[str, tuple[bool, str]], now: datetime
) -> dict[str, Json]:
    """``now`` lets the page count waiting times by the desk's clock, whatever the operator's computer says.

    ``channels``: the hours of channels that keep their own.
    """
    return {
        "rows": plain(rows),
        "hours": {"open": hours[0], "text": hours[1]},
        "channel_hours": {kind: {"open": is_open, "text": text} for kind, (is_open, text) in channels.items()},
        "now": now.isoformat(),
    }


def conversation_json(dossier: Dossier, *, now: datetime) -> dict[str, Json]:
    """The conversation, its messages and what is known about it, apart from each other."""
    known = {
        field.name: plain(getattr(dossier, field.name))
        for field in fields(dossier)
        if field.name not in ("conversation", "messages", "has_earlier", "is_delta", "deliveries")
    }
    return {
        "conversation": plain(dossier.conversation),
        "messages": plain(dossier.messages),
        "has_earlier": dossier.has_earlier,
        "is_delta": dossier.is_delta,
        "deliveries": plain(dossier.deliveries),
        "dossier": known,
        "now": now.isoformat(),
    }


def operator_json(operator: OperatorView) -> dict[str, Json]:
    return {"id": operator.id, "login": operator.login, "public_name": operator.public_name}


def hint_event(hint: Mapping[str, Any]) -> tuple[str, str | None, dict[str, Any]]:
    """A hint of the service as an event of the stream; the page reads again what it names."""
    found: dict[str, Any] = {"id": hint.get("conversation_id")}
    if hint["type"] == "typing":
        return "typing", None, {**found, "author": hint.get("author"), "on": bool(hint.get("on"))}
    return ("queue" if hint["type"] == "queue" else "conversation"), None, found
