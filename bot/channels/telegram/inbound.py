"""Telegram updates, checked: JSON becomes values, anything else an InboundError."""
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from bot.channels.decoding import UNREADABLE, decode
from bot.channels.lenient import lenient
from bot.channels.telegram.context import context_of
from bot.channels.telegram.updates import (
    CallbackQuery,
    File,
    MemberChange,
    Message,
    Numbered,
    Sender,
    Update,
)
from bot.channels.text import clean
from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.errors import InboundError

CHANNEL = "telegram"

_CHOICE = re.compile(r"\d{1,9}\.\d{1,3}")
_COMMAND = re.compile(r"/(start|help)(?:@\w+)?(?:\s+(\S{1,64}))?\s*")
_FAQ_LINK = re.compile(r"faq-([a-z0-9-]+)")
_ORDER_LINK = re.compile(r"order-([A-Za-z0-9_-]+)")
_ORDER_WORDS = {"it": "Dov'è il mio ordine {number}?", "en": "Where is my order {number}?"}
_FILES = {
    "document": "document", "voice": "audio", "audio": "audio", "video": "video", "video_note": "video",
    "animation": "video",
}
#: What a shopper may send and we cannot read. It still deserves an answer.
_UNREADABLE = ("poll", "dice", "game", "story", "paid_media", "checklist")
_IN_GROUP = frozenset({"member", "administrator", "restricted"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one update leads to.

    Attributes:
        inbound: the event to store, if it is one for the desk.
        callback: id of a tap that Telegram wants answered, whether or not it means anything.
        group: (chat id, language) of a group that has just taken the bot in.
    """

    update_id: int
    inbound: Inbound | None = None
    callback: str | None = None
    group: tuple[int, str] | None = None


def number_of(raw: bytes) -> int:
    """The ``update_id`` of an update, readable or not.

    Raises:
        InboundError: 400, it is no update at all.
    """
    try:
        return decode(raw, Numbered).update_id
    except UNREADABLE as error:
        raise InboundError(f"This is no Telegram update: {error}.") from None


def read_update(raw: bytes) -> Reading:
    """Read one update; kinds that we did not ask for lead to nothing.

    Raises:
        InboundError: a required field is missing or of the wrong type.
    """
    try:
        update = decode(raw, Update)
        return _reading(update)
    except UNREADABLE as error:
        raise InboundError(f"The Telegram update does not fit: {error}.") from None


def _reading(update: Update) -> Reading:
    if update.message is not None:
        return Reading(update.update_id, inbound=_message(lenient(update.message, Message)))
    if update.edited_message is not None:
        return Reading(update.update_id, inbound=_edit(lenient(update.edited_message, Message), update.update_id))
    if update.callback_query is not None:
        return _tap(lenient(update.callback_query, CallbackQuery), update.update_id)
    if update.my_chat_member is not None:
        return _membership(lenient(update.my_chat_member, MemberChange), update.update_id)
    return Reading(update.update_id)


def _message(message: Message) -> Inbound | None:
    if not _is_for_us(message):
        return None
    attachments = tuple(_attachments(message))
    emoji = message.sticker.emoji if message.sticker else ""
    text = clean(message.text or message.caption or emoji)
    if not (text or attachments):
        return None
    payload: dict[str, object] = {}
    command = _COMMAND.fullmatch(text)
    if command is not None:
        text, payload = _opened(text, command[2] or "", _language(message.sender))
    return Inbound(
        channel=CHANNEL, kind=EventKind.MESSAGE, key=_key(message), address=str(message.chat.id), text=text,
        attachments=attachments, sent_at=_moment(message.date), context=context_of(message),
        locale=message.sender.language_code or None if message.sender else None, name=_name(message.sender),
        payload=payload,
    )


def _opened(text: str, link: str, language: str) -> tuple[str, dict[str, object]]:
    """What /start means: a greeting, or what the shop's own link (t.me/bot?start=…) asks."""
    origin = {"start": link} if link else {}
    order, faq = _ORDER_LINK.fullmatch(link), _FAQ_LINK.fullmatch(link)
    if order is not None:
        return _ORDER_WORDS[language].format(number=order[1]), {**origin}
    return text, {**origin, "choice": f"faq:{faq[1]}" if faq is not None else "intent:greet"}


def _edit(message: Message, update_id: int) -> Inbound | None:
    text = clean(message.text or message.caption)
    if not _is_for_us(message) or not text:  # a live location edits itself every few seconds
        return None
    return Inbound(
        channel=CHANNEL, kind=EventKind.EDIT, key=f"{_key(message)}:{update_id}", address=str(message.chat.id),
        text=text, payload={"edits": _key(message)},
    )


def _tap(query: CallbackQuery, update_id: int) -> Reading:
    is_private = query.message is None or query.message.chat.type == "private"
    if not is_private or not _CHOICE.fullmatch(query.data):
        return Reading(update_id, callback=query.id)
    tapped = Inbound(
        channel=CHANNEL, kind=EventKind.CHOICE, key=query.id, address=str(query.sender.id), choice=query.data,
        locale=query.sender.language_code or None, name=_name(query.sender),
    )
    return Reading(update_id, tapped, query.id)


def _membership(change: MemberChange, update_id: int) -> Reading:
    before, after = change.old_chat_member.status, change.new_chat_member.status
    if change.chat.type != "private":
        is_new = after in _IN_GROUP and before not in _IN_GROUP and change.chat.type != "channel"
        return Reading(update_id, group=(change.chat.id, _language(change.sender)) if is_new else None)
    status = Inbound(
        channel=CHANNEL, kind=EventKind.STATUS, key=str(update_id), address=str(change.chat.id),
        sent_at=_moment(change.date), payload={"reachable": after != "kicked"},
    )
    return Reading(update_id, status)


def _is_for_us(message: Message) -> bool:
    return message.chat.type == "private" and not (message.sender is not None and message.sender.is_bot)


def _key(message: Message) -> str:
    """Unique for ever; an edit names its message by it."""
    return f"{message.chat.id}:{message.message_id}"


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _name(sender: Sender | None) -> str | None:
    return clean(f"{sender.first_name} {sender.last_name}") or None if sender is not None else None


def _language(sender: Sender | None) -> str:
    return "it" if sender is not None and sender.language_code.startswith("it") else "en"


def _attachments(message: Message) -> list[Attachment]:
    found = []
    photo = message.photo or (message.live_photo.photo if message.live_photo is not None else ())
    if photo:
        # Telegram need not tell the bytes; of two that tell nothing the last one is the largest.
        sizes = enumerate(photo)
        _place, largest = max(sizes, key=lambda one: (one[1].width * one[1].height, one[1].file_size, one[0]))
        found.append(_file("image", File(largest.file_id, "", "image/jpeg", largest.file_size)))
    for field, kind in _FILES.items():
        file = getattr(message, field)
        # An animation comes a second time as a document, for programs that know no animations.
        if file is not None and not (field == "document" and message.animation is not None):
            found.append(_file(kind, file))
    if message.sticker is not None and not (message.sticker.is_animated or message.sticker.is_video):
        sticker = File(message.sticker.file_id, message.sticker.emoji, "image/webp", message.sticker.file_size)
        found.append(_file("image", sticker))
    return found + _places_and_people(message) + [
        Attachment("document", name=field) for field in _UNREADABLE if getattr(message, field) is not None
    ]


def _file(kind: str, file: File) -> Attachment:
    url = f"/media/{CHANNEL}/{quote(file.file_id, safe='')}"
    return Attachment(kind, clean(file.file_name), clean(file.mime_type), url, max(0, file.file_size))


def _places_and_people(message: Message) -> list[Attachment]:
    found = []
    if message.venue is not None:
        place = message.venue.location
        words = f"{message.venue.title}, {message.venue.address} ({place.latitude:.5f}, {place.longitude:.5f})"
        found.append(Attachment("location", name=clean(words)))
    elif message.location is not None:
        found.append(Attachment("location", name=f"{message.location.latitude:.5f}, {message.location.longitude:.5f}"))
    if message.contact is not None:
        card = message.contact
        found.append(Attachment("contact", name=clean(f"{card.first_name} {card.last_name} {card.phone_number}")))
    return found
