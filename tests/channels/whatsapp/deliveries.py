"""Deliveries of WhatsApp's, written by hand."""
import json
from typing import Any

from bot.channels.whatsapp.inbound import read_delivery
from bot.model.conversation import Inbound

OURS = "106540352242922"
ADA, SCOPED = "393331234567", "IT.13491208655302741918"
CONTACT = {"profile": {"name": "Ada Neri"}, "wa_id": ADA, "user_id": SCOPED, "parent_user_id": "IT.ENT.1"}
FILE = {"id": "1234567890", "mime_type": "image/jpeg", "sha256": "4654+8g="}


def delivery(field: str = "messages", account: str = OURS, **content: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "390212345678", "phone_number_id": account}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **content}
    changes = [{"field": field, "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": changes}]}


def message(kind: str = "text", content: Any = None, **beside: Any) -> dict[str, Any]:
    inside = {kind: content} if content is not None else {}
    return {"from": ADA, "id": "wamid.A1", "timestamp": "1763888400", "type": kind, **inside, **beside}


def read(body: dict[str, Any]) -> list[Inbound]:
    return read_delivery(json.dumps(body).encode(), OURS)


def one(kind: str = "text", content: Any = None, **beside: Any) -> Inbound:
    """What one message of Ada's becomes."""
    (found,) = read(delivery(contacts=[CONTACT], messages=[message(kind, content, **beside)]))
    return found


def status(step: str, **beside: Any) -> dict[str, Any]:
    return {"id": "wamid.B2", "status": step, "timestamp": "1763888400", "recipient_id": ADA, **beside}
