"""Events that change a record and ask for no turn: edits, receipts, who can be reached."""
from datetime import datetime
from typing import Any

from bot.model.conversation import Author, EventKind, Inbound, OutboxKind
from bot.model.ports import Address
from bot.service.turn.masking import mask_cards
from bot.storage import contacts, conversations, outbox
from bot.storage.store import Connection

BLOCKED = "the shopper blocked us"
FAILED = "This message was not delivered: {why}"
#: `outbox.reason` of an operator's message whose provider said after taking it that its reply window is closed.
WINDOW_CLOSED = "the provider says that its reply window is closed"
#: A receipt never moves a message down, whatever order receipts come in; a failure is final unless it was read.
LADDER = ("pending", "sending", "unknown", "sent", "failed", "delivered", "read")


def amend(connection: Connection, to: Address, inbound: Inbound, now: datetime) -> int | None:
    """Write the change; the conversation it is in, None where it concerns none."""
    conversation_id = contacts.find_conversation(connection, to)
    if conversation_id is None:
        return None
    if inbound.kind is EventKind.EDIT:
        _edit(connection, conversation_id, inbound)
        return conversation_id
    payload = inbound.payload
    if "delivery" in payload:
        _receipt(connection, conversation_id, inbound, now)
    if payload.get("reachable") is False or payload.get("unreachable"):
        contacts.mark_unreachable(connection, to, str(payload.get("why") or BLOCKED))
    elif payload.get("reachable") is True:
        contacts.mark_reachable(connection, to)
    if "moved_to" in payload:
        contacts.resolve(connection, Address(to.channel, to.account, str(payload["moved_to"])), [to.external_id])
    return conversation_id


def _edit(connection: Connection, conversation_id: int, inbound: Inbound) -> None:
    key = str(inbound.payload.get("edits", ""))
    if inbound.payload.get("deleted"):
        conversations.delete_message(connection, conversation_id, key)
    else:
        conversations.edit_message(connection, conversation_id, key, mask_cards(inbound.text))


def _receipt(connection: Connection, conversation_id: int, inbound: Inbound, now: datetime) -> None:
    """What the provider says became of a message of ours."""
    payload = inbound.payload
    row = outbox.find_sent(
        connection, conversation_id, inbound.channel, payload.get("message"), _seq(payload.get("reply"))
    )
    delivery = str(payload["delivery"])
    if row is None or delivery not in LADDER:
        return
    message = conversations.find_message(connection, conversation_id, row.seq)
    if message is None or LADDER.index(message.delivery) >= LADDER.index(delivery):
        return
    why = str(payload.get("why", ""))
    if payload.get("window_closed") and row.kind == OutboxKind.OPERATOR.value and row.reason != WINDOW_CLOSED:
        # The provider took it and found its window closed afterwards: once more, as the provider allows it late.
        conversations.set_delivery(connection, conversation_id, row.seq, "pending")
        outbox.settle(connection, row.id, "pending", due_at=now, reason=WINDOW_CLOSED)
        return
    conversations.set_delivery(connection, conversation_id, row.seq, delivery)
    # Even after a crash between the write and its answer: the provider's word settles what became of it.
    status = "failed" if delivery == "failed" else "sent"
    outbox.settle(connection, row.id, status, reason=why, provider_id=payload.get("message") or row.provider_id)
    if delivery == "failed":
        conversations.append_line(connection, conversation_id, Author.SYSTEM.value, FAILED.format(why=why), now)


def _seq(key: Any) -> int | None:
    """The place of the message that a sending key (`Sender`) names."""
    _, _, seq = str(key or "").partition("-")
    return int(seq) if seq.isdecimal() else None
