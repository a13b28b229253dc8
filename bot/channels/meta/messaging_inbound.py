"""Deliveries of Messenger and Instagram, checked: JSON becomes values, a body that is no delivery an InboundError."""
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
import structlog

from bot.channels.lenient import lenient
from bot.channels.meta.decoding import decode_delivery
from bot.channels.meta.messaging_attachments import attachments_of, is_thumb
from bot.channels.meta.messaging_context import ad_of, context_of
from bot.channels.meta.messaging_events import (
    Batch,
    Entry,
    Event,
    Message,
    QuickReply,
    Referral,
    find,
)
from bot.channels.meta.messaging_links import Link, ref_link
from bot.channels.meta.messaging_values import Line, inbound_of, made_key, moment_of, plain
from bot.channels.text import clean
from bot.model.conversation import Attachment, EventKind, Inbound

log = structlog.get_logger(__name__)

_CHOICE = re.compile(r"\d{1,9}\.\d{1,3}")
#: Ids of Meta's are of visible ASCII; anything else could not be stored or sent back.
_ID = re.compile(r"[!-~]{1,512}")
_GET_STARTED = re.compile(r"get[_ -]?started", re.IGNORECASE)
_ENDS = {"sender", "recipient", "timestamp"}


def read_delivery(raw: bytes, line: Line) -> list[Inbound]:
    """The events of a delivery, in order; what is of another account, or cannot be read, is logged and left out.

    An echo of a message of ours is a STATUS. A read receipt of Messenger names no message: its STATUS has ``until``,
    the moment up to which everything was read.

    Raises:
        InboundError: this is no delivery at all.
    """
    batch = decode_delivery(raw, Batch)
    if batch.object != line.object:
        log.info("meta_object_ignored", channel=line.kind, object=batch.object[:40])
        return []
    return [inbound for entry in batch.entry for inbound in _entry(entry, line)]


def _entry(value: Any, line: Line) -> Iterator[Inbound]:
    entry = find(value, Entry)
    if entry is None:
        log.warning("meta_entry_skipped", channel=line.kind)
        return
    if str(entry.id) != line.account:
        log.warning("meta_account_unknown", channel=line.kind, account=str(entry.id)[:40], ours=line.account)
        return
    for one in entry.messaging or []:
        yield from _event(one, line)
    for one in entry.standby or []:
        yield from _standby(one, line)
    for change in entry.changes or []:
        if isinstance(change.value, dict) and "sender" in change.value:
            yield from (_standby if change.field == "standby" else _event)(change.value, line)
        else:
            log.warning("meta_change_ignored", channel=line.kind, field=change.field[:40])


def _event(value: Any, line: Line) -> list[Inbound]:
    try:
        event = lenient(value, Event)
    except msgspec.ValidationError as error:
        log.warning("meta_event_skipped", channel=line.kind, problem=str(error))
        return []
    for field, read in _READERS.items():
        if getattr(event, field) is not None:
            return [one for one in read(event, line) if _can_be_kept(one)]
    # Reactions, opt-ins, who holds the thread, warnings about policies: nothing that the desk acts on.
    log.info("meta_event_ignored", channel=line.kind, kinds=[str(name)[:40] for name in value.keys() - _ENDS][:5])
    return []


def _can_be_kept(inbound: Inbound) -> bool:
    is_kept = _ID.fullmatch(inbound.address) is not None and _ID.fullmatch(inbound.key) is not None
    if not is_kept:
        log.warning("meta_event_skipped", channel=inbound.channel, problem="an id is none of Meta's")
    return is_kept


def _standby(value: Any, line: Line) -> list[Inbound]:
    """Another app has the thread, so shoppers are not answered; a person who writes there takes it all the same."""
    found = [one for one in _event(value, line) if one.kind is EventKind.HUMAN]
    if not found:
        log.info("meta_standby_ignored", channel=line.kind)
    return found


def _message(event: Event, line: Line) -> list[Inbound]:
    message = event.message
    assert message is not None
    if message.is_echo or _is_our_own(event, line):
        return _echo(event, message, line)
    if message.is_deleted:
        return _deleted(event, message, line)
    text, found = _content(message, line)
    if not (text or found):
        return []
    key = message.mid or made_key("message", event, text)
    referral = find(message.referral, Referral)
    payload = _thread(key, referral) | _origin(referral)
    context = context_of(message)
    tapped = (find(message.quick_reply, QuickReply) or QuickReply()).payload
    if _CHOICE.fullmatch(tapped):
        return [inbound_of(event, line, EventKind.CHOICE, key, text=text, choice=tapped, payload=payload,
                           context=context)]
    return [inbound_of(event, line, EventKind.MESSAGE, key, text=text, attachments=found, payload=payload,
                       context=context)]


def _is_our_own(event: Event, line: Line) -> bool:
    """Our account wrote it, whether or not the event is marked as an echo; nobody writes to themselves."""
    return str(event.sender.id) == line.account and (
        event.recipient is None or str(event.recipient.id) != line.account
    )


def _echo(event: Event, message: Message, line: Line) -> list[Inbound]:
    """A message from the shop's side: of ours its status, of anybody else's a person's answer."""
    if event.recipient is None:
        return []
    to = str(event.recipient.id)
    if message.is_deleted:
        return _deleted(event, message, line, to)
    if line.app_id and plain(message.app_id) == line.app_id:
        return [_sent(event, line, message.mid, to, plain(message.metadata))] if message.mid else []
    text, found = _content(message, line)
    key = message.mid or made_key("echo", event, text)
    return [inbound_of(event, line, EventKind.HUMAN, key, address=to, text=text, attachments=found)]


def _content(message: Message, line: Line) -> tuple[str, tuple[Attachment, ...]]:
    """(text, attachments)."""
    if not message.text and is_thumb(message):
        return "👍", ()
    return clean(message.text or ""), attachments_of(message, line.shown)


def _deleted(event: Event, message: Message, line: Line, address: str = "") -> list[Inbound]:
    changed = {"edits": message.mid, "deleted": True}
    key = f"{message.mid}:deleted"
    return [inbound_of(event, line, EventKind.EDIT, key, address=address, payload=changed)] if message.mid else []


def _message_edit(event: Event, line: Line) -> list[Inbound]:
    edit = event.message_edit
    assert edit is not None
    text = clean(edit.text)
    key = f"{edit.mid}:edit-{plain(edit.num_edit) or plain(event.timestamp)}"
    return [inbound_of(event, line, EventKind.EDIT, key, text=text, payload={"edits": edit.mid})] if text else []


def _postback(event: Event, line: Line) -> list[Inbound]:
    """A button of a menu, an opening question, or Get Started: a choice of ours, a link of the shop's, or its words."""
    postback = event.postback
    assert postback is not None
    referral = find(postback.referral, Referral)
    title, told = clean(postback.title or ""), postback.payload or ""
    key = postback.mid or made_key("postback", event, told)
    payload = _thread(key, referral) | _origin(referral)
    if _CHOICE.fullmatch(told):
        return [inbound_of(event, line, EventKind.CHOICE, key, text=title, choice=told, payload=payload)]
    link = (ref_link(referral.ref, line.language) if referral else None) or ref_link(told, line.language)
    if link is None:
        greets = not title or any(_GET_STARTED.fullmatch(one) for one in (told, title))
        link = Link(title or told, "intent:greet" if greets else "")
    return [_linked(event, line, key, link, payload, title)] if clean(link.text) else []


def _referral(event: Event, line: Line) -> list[Inbound]:
    """A shopper who has written before opened a link or an ad; only a link that asks something is answered."""
    referral = event.referral
    assert referral is not None
    link = ref_link(referral.ref, line.language)
    if link is None:
        log.info("meta_referral_ignored", channel=line.kind, ref=referral.ref[:60], source=referral.source[:40])
        return []
    key = made_key("referral", event, referral.ref)
    return [_linked(event, line, key, link, _thread("", referral) | _origin(referral), "")]


def _linked(event: Event, line: Line, key: str, link: Link, payload: Mapping[str, Any], title: str) -> Inbound:
    means = {"choice": link.choice} if link.choice else {}
    text = clean(title if title and link.choice else link.text)
    return inbound_of(event, line, EventKind.MESSAGE, key, text=text, payload={**payload, **means},
                      context=ad_of(event.referral or (event.postback.referral if event.postback else None)))


def _delivered(event: Event, line: Line) -> list[Inbound]:
    delivery = event.delivery
    assert delivery is not None
    if delivery.mids:
        return [_status(event, line, "delivered", message=mid) for mid in delivery.mids]
    until = moment_of(delivery.watermark)
    return [] if until is None else [_status(event, line, "delivered", until=until)]


def _read(event: Event, line: Line) -> list[Inbound]:
    read = event.read
    assert read is not None
    if read.mid:
        return [_status(event, line, "read", message=read.mid)]
    until = moment_of(read.watermark)
    return [] if until is None else [_status(event, line, "read", until=until)]


#: Fields of an event in the order they are looked for: the first that is there decides.
_READERS: dict[str, Callable[[Event, Line], list[Inbound]]] = {
    "message": _message, "message_edit": _message_edit, "postback": _postback, "delivery": _delivered, "read": _read,
    "referral": _referral,
}


def _sent(event: Event, line: Line, message: str, to: str, reply: str) -> Inbound:
    """A message of ours was taken; ``reply`` is the key that it was sent with, where Meta gives it back."""
    told = {"delivery": "sent", "message": message} | ({"reply": reply} if _ID.fullmatch(reply) else {})
    return inbound_of(event, line, EventKind.STATUS, f"{message}:sent", address=to, payload=told)


def _status(event: Event, line: Line, delivery: str, *, message: str = "", until: datetime | None = None) -> Inbound:
    if until is None:
        return inbound_of(event, line, EventKind.STATUS, f"{message}:{delivery}",
                        payload={"delivery": delivery, "message": message})
    key = f"{delivery}:{event.sender.id}:{until.timestamp()}"
    return inbound_of(event, line, EventKind.STATUS, key, payload={"delivery": delivery, "until": until.isoformat()})


def _thread(key: str, referral: Referral | None) -> dict[str, Any]:
    """What is seen with `mark_seen`, and the ad that opened the thread: Meta may then keep it open for seven days."""
    thread = {"message": key} if key else {}
    if referral is not None and referral.source == "ADS":
        thread["ad"] = clean(plain(referral.ad_id))[:60]
    return {"thread": thread}


def _origin(referral: Referral | None) -> dict[str, Any]:
    ref = clean(referral.ref)[:200] if referral is not None else ""
    return {"start": ref} if ref else {}
