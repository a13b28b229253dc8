"""WhatsApp's deliveries, checked: JSON becomes values, anything else an InboundError."""
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import structlog

from bot.channels.lenient import lenient
from bot.channels.meta.decoding import decode_delivery
from bot.channels.meta.refusals import graph_error
from bot.channels.text import clean
from bot.channels.whatsapp.content import CHANNEL, Said, said, unsupported
from bot.channels.whatsapp.events import (
    Change,
    Contact,
    Delivery,
    Entry,
    Envelope,
    Error,
    Message,
    Moment,
    Status,
    Value,
)
from bot.model.conversation import Context, EventKind, Inbound

OBJECT = "whatsapp_business_account"

log = structlog.get_logger(__name__)

#: How a part of a long answer that is not its last is named in `Status.biz_opaque_callback_data`: '<key>#<number>'.
PART = "#"
#: Is told (key, number) of such a part once WhatsApp has it.
PartArrived = Callable[[str, int], None]
#: 'played' is a voice note's way of being read.
_LADDER = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
#: A person's new number or new business-scoped id.
_MOVES = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})
#: Deserve no answer.
_SILENT = frozenset({"reaction", "system", "request_welcome"})
#: Ids of Meta's are of visible ASCII; anything else could not be stored or sent back.
_ID = re.compile(r"[!-~]{1,512}")
_NUMBERS = frozenset(map(str, range(1, 100)))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Writer:
    """``address`` is the business-scoped id where there is one; ``also`` the number beside it."""

    address: str
    also: tuple[str, ...] = ()
    name: str | None = None


def read_delivery(raw: bytes, account: str, arrived: PartArrived = lambda key, number: None) -> list[Inbound]:
    """Every event of a delivery that is for us; one that cannot be read is logged and left out.

    Args:
        account: our phone-number id; what is for another one is left out.

    Raises:
        InboundError: this is no delivery of Meta's at all.
    """
    delivery = decode_delivery(raw, Delivery)
    if delivery.object != OBJECT:
        log.warning("whatsapp_delivery_ignored", object=delivery.object[:40])
        return []
    return [inbound for value in _values(delivery, account) for inbound in _events(value, account, arrived)]


def _values(delivery: Delivery, account: str) -> Iterator[Value]:
    entries = (_soft(one, Entry) for one in delivery.entry)
    for raw in (change for entry in entries if entry is not None for change in entry.changes):
        change = _soft(raw, Change)
        if change is None or change.field not in ("messages", "smb_message_echoes"):
            continue
        value = _soft(change.value, Value)
        if value is not None and value.metadata.phone_number_id != account:
            log.warning("whatsapp_number_unknown", phone_number_id=value.metadata.phone_number_id[:40], ours=account)
        elif value is not None:
            yield value


def _events(value: Value, account: str, arrived: PartArrived) -> Iterator[Inbound]:
    for error in value.errors:
        log.error("whatsapp_reports_trouble", error=str(error)[:500])
    contacts = [one for raw in value.contacts if (one := _soft(raw, Contact)) is not None]
    ours = _digits(value.metadata.display_phone_number)
    readings = [
        _echo(raw, account) if ours and _digits(_sender(raw)) == ours else _message(raw, contacts, account)
        for raw in value.messages
    ]
    readings += [_echo(raw, account) for raw in value.message_echoes]
    readings += [_status(raw, account, arrived) for raw in value.statuses]
    return (one for one in readings if one is not None and _can_be_kept(one))


def _sender(raw: Any) -> str:
    return str(raw.get("from", "")) if isinstance(raw, dict) else ""


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())


def _can_be_kept(inbound: Inbound) -> bool:
    """Without an id of its own a message would be taken for the repetition of any other that has none."""
    is_kept = _ID.fullmatch(inbound.key) is not None and (not inbound.address or bool(_ID.fullmatch(inbound.address)))
    if not is_kept:
        log.error("whatsapp_event_skipped", kind=inbound.kind.value, problem="an id is none of Meta's")
    return is_kept


def _message(raw: Any, contacts: Sequence[Contact], account: str) -> Inbound | None:
    message = _soft(raw, Message)
    if message is None:
        return _half_read(raw, contacts, account)
    writer = _writer(message.sender, message.from_user_id, contacts)
    if writer is None or message.group_id:
        return None
    if message.system is not None and message.system.type in _MOVES:
        return _move(message, writer, account)
    if message.edit is not None or message.revoke is not None:
        return _change(message, writer, account)
    if message.type in _SILENT:
        return None
    return _inbound(message, said(message), writer, account)


def _inbound(message: Message | Envelope, words: Said, writer: Writer, account: str) -> Inbound | None:
    if not words:
        return None
    payload: dict[str, Any] = {**words.meaning, "thread": _thread(message)}
    if writer.also:
        payload["also"] = writer.also
    return Inbound(
        channel=CHANNEL, account=account, kind=EventKind.CHOICE if words.choice else EventKind.MESSAGE, key=message.id,
        address=writer.address, text=words.text, choice=words.choice, attachments=words.attachments,
        sent_at=_moment(message.timestamp), name=writer.name, payload=payload,
        context=_context(message) if isinstance(message, Message) else (),
    )


def _half_read(raw: Any, contacts: Sequence[Contact], account: str) -> Inbound | None:
    """A message that is new to us inside: the shopper is not left without an answer."""
    envelope = _soft(raw, Envelope)
    writer = _writer(envelope.sender, envelope.from_user_id, contacts) if envelope is not None else None
    if envelope is None or writer is None:
        return None
    return _inbound(envelope, unsupported(), writer, account)


def _thread(message: Message | Envelope) -> dict[str, Any]:
    """What later replies get back: the message to mark as read, and what it stands in."""
    thread: dict[str, Any] = {"wamid": message.id}
    if not isinstance(message, Message):
        return thread
    if message.context is not None and message.context.id:
        thread["quotes"] = message.context.id
    if message.context is not None and (message.context.forwarded or message.context.frequently_forwarded):
        thread["forwarded"] = True
    if message.referral is not None:
        thread["referral"] = {
            name: clean(text)[:300] for name, text in msgspec.structs.asdict(message.referral).items() if clean(text)
        }
    return thread


def _context(message: Message) -> tuple[Context, ...]:
    found = []
    stands_in, ad = message.context, message.referral
    if stands_in is not None:
        if product := stands_in.referred_product:
            found.append(Context("product", clean(product.product_retailer_id or product.catalog_id)[:200]))
        elif stands_in.id:
            found.append(Context("quote", key=clean(stands_in.id)[:512]))
        if stands_in.forwarded or stands_in.frequently_forwarded:
            found.append(Context("forwarded"))
    if ad is not None:
        words = " · ".join(filter(None, (clean(ad.headline), clean(ad.body), clean(ad.source_url))))
        found.append(Context("ad", words[:500]))
    return tuple(found)


def _move(message: Message, writer: Writer, account: str) -> Inbound | None:
    assert message.system is not None
    ids = [one for one in (message.system.user_id, message.system.wa_id) if one]
    if not ids or ids[0] == writer.address:
        return None
    payload: dict[str, Any] = {"moved_to": ids[0]}
    if also := tuple(ids[1:]):
        payload["also"] = also
    return _record(EventKind.STATUS, message, writer, account, payload)


def _change(message: Message, writer: Writer, account: str) -> Inbound | None:
    if message.edit is not None:
        words = said(message.edit.message)
        payload = {"edits": message.edit.original_message_id}
        return _record(EventKind.EDIT, message, writer, account, payload, words.text) if words.text else None
    assert message.revoke is not None
    gone = {"edits": message.revoke.original_message_id, "deleted": True}
    return _record(EventKind.EDIT, message, writer, account, gone)


def _record(
    kind: EventKind, message: Message, writer: Writer, account: str, payload: dict[str, Any], text: str = ""
) -> Inbound:
    return Inbound(
        channel=CHANNEL, account=account, kind=kind, key=message.id, address=writer.address, text=text,
        sent_at=_moment(message.timestamp), payload=payload,
    )


def _echo(raw: Any, account: str) -> Inbound | None:
    """What somebody of the shop wrote in the WhatsApp Business app on their phone."""
    message = _soft(raw, Message)
    shopper = _writer(message.to, message.to_user_id, ()) if message is not None else None
    if message is None or shopper is None or message.group_id:
        return None
    if message.edit is not None or message.revoke is not None:
        return _change(message, shopper, account)
    words = said(message)
    if message.type in _SILENT or not words:
        return None
    payload = {"also": shopper.also} if shopper.also else {}
    return Inbound(
        channel=CHANNEL, account=account, kind=EventKind.HUMAN, key=message.id, address=shopper.address,
        text=words.text, attachments=words.attachments, sent_at=_moment(message.timestamp), payload=payload,
    )


def _status(raw: Any, account: str, arrived: PartArrived) -> Inbound | None:
    """What became of a message of ours. Only the last part of a long answer says that the answer arrived."""
    status = _soft(raw, Status)
    delivery = _LADDER.get(status.status) if status is not None else None
    if status is None or delivery is None:
        return None
    reply, _, part = status.biz_opaque_callback_data.partition(PART)
    if part and delivery != "failed":
        if part in _NUMBERS:
            arrived(reply, int(part))
        return None
    payload: dict[str, Any] = {"delivery": delivery, "message": status.id}
    if reply:
        payload["reply"] = reply
    if delivery == "failed":
        payload |= _why(status.errors)
    ids = [one for one in (status.recipient_user_id, status.recipient_id) if one]
    if len(ids) > 1:
        payload["also"] = tuple(ids[1:])
    return Inbound(
        channel=CHANNEL, account=account, kind=EventKind.STATUS, key=f"{status.id}:{status.status}",
        address=ids[0] if ids else "", sent_at=_moment(status.timestamp), payload=payload,
    )


def _why(errors: Sequence[Error]) -> dict[str, Any]:
    if not errors:
        return {"why": "WhatsApp does not say why."}
    first = errors[0]
    details = first.error_data.details if first.error_data else ""
    refusal = graph_error(first.code, clean(details or first.message or first.title))
    why: dict[str, Any] = {"why": str(refusal)}
    for flag in ("unreachable", "window_closed"):
        if getattr(refusal, flag):
            why[flag] = True
    return why


def _writer(number: str, user_id: str, contacts: Sequence[Contact]) -> Writer | None:
    """Who wrote; a contact beside the messages knows the other id and the name."""
    known = next(
        (one for one in contacts if (number and one.wa_id == number) or (user_id and one.user_id == user_id)), Contact()
    )
    ids = [one for one in (user_id or known.user_id, number or known.wa_id) if one]
    return Writer(ids[0], tuple(ids[1:]), clean(known.profile.name) or None) if ids else None


def _moment(given: Moment) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(given), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _soft(raw: Any, kind: type[T]) -> T | None:
    try:
        return lenient(raw, kind)
    except msgspec.ValidationError as error:
        log.error("whatsapp_event_unreadable", kind=kind.__name__, problem=str(error))
        return None
