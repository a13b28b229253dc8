"""Reports that a message of ours did not arrive (RFC 3464)."""
from email import message_from_string

from bot.channels.email.headers import Mime, is_address, raw_header
from bot.channels.email.message_ids import MessageIds
from bot.channels.email.refusals import GONE
from bot.channels.email.threads import ids_in
from bot.channels.text import clean
from bot.model.conversation import EventKind, Inbound

_LONGEST_WHY = 300


def read_bounce(message: Mime, ids: MessageIds, *, account: str, key: str) -> Inbound | None:
    """The STATUS of the message that came back; None where it is none of ours, or only late."""
    if message.get_content_type() != "multipart/report":
        return None
    ours = _our_key(message, ids)
    failed = _failed(message)
    if ours is None or failed is None:
        return None
    to = _recipient(failed)
    if not to:
        return None
    status = raw_header(failed, "Status").split(" ")[0]
    why = clean(raw_header(failed, "Diagnostic-Code").partition(";")[2] or f"status {status}")
    payload = {
        "delivery": "failed", "reply": ours, "unreachable": status in GONE,
        "why": f"The mail server of {to} sent it back: {why[:_LONGEST_WHY]}",
    }
    return Inbound("email", EventKind.STATUS, key, to, account=account, payload=payload)


def _our_key(message: Mime, ids: MessageIds) -> str | None:
    """The key of the message of ours that the report holds, whole or only its headers."""
    for part in message.walk():
        original = part
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            original = message_from_string(content.decode("ascii", "replace") if isinstance(content, bytes) else "")
        elif part is message:
            continue
        for message_id in ids_in(raw_header(original, "Message-ID")):
            if (key := ids.find_key(message_id)) is not None:
                return key
    return None


def _failed(message: Mime) -> Mime | None:
    """The lines about the recipient that could not be reached."""
    for part in message.walk():
        payload = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
        for block in payload if isinstance(payload, list) else []:
            if not isinstance(block, str) and raw_header(block, "Action").lower() == "failed":
                return block
    return None


def _recipient(block: Mime) -> str:
    for name in ("Original-Recipient", "Final-Recipient"):
        address = raw_header(block, name).partition(";")[2].strip(" <>").lower()
        if is_address(address):
            return address
    return ""
