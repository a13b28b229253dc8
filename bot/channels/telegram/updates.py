"""The part of Telegram's Update that we read (core.telegram.org/bots/api#update); all else in it is left alone."""
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

Seconds = Annotated[int, Meta(ge=0, le=2**33)]


class Sender(Struct, frozen=True):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class Chat(Struct, frozen=True):
    id: int
    type: str


class File(Struct, frozen=True):
    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int = 0
    width: int = 0
    height: int = 0


class LivePhoto(Struct, frozen=True):
    """A photo with the seconds around it; ``photo`` is what stands still."""

    photo: tuple[File, ...] = ()


class Sticker(Struct, frozen=True):
    file_id: str
    emoji: str = ""
    is_animated: bool = False
    is_video: bool = False
    file_size: int = 0


class Location(Struct, frozen=True):
    latitude: float
    longitude: float


class Venue(Struct, frozen=True):
    location: Location
    title: str = ""
    address: str = ""


class Card(Struct, frozen=True):
    phone_number: str
    first_name: str = ""
    last_name: str = ""


class Quoted(Struct, frozen=True):
    """The message that another one answers, as far as its words go."""

    text: str = ""
    caption: str = ""
    poll: object = None
    photo: object = None
    video: object = None
    document: object = None
    voice: object = None
    sticker: object = None
    location: object = None


class Quote(Struct, frozen=True):
    """The part of a message that was marked before answering it."""

    text: str = ""


class Place(Struct, frozen=True):
    """A chat or channel by its name."""

    title: str = ""


class Origin(Struct, frozen=True):
    """Who wrote a forwarded message first."""

    type: str = ""
    sender_user: Sender | None = None
    sender_user_name: str = ""
    sender_chat: Place | None = None
    chat: Place | None = None


class Message(Struct, frozen=True):
    """A message. The fields from ``poll`` on are only looked at for being there: we cannot read them."""

    message_id: int
    chat: Chat
    date: Seconds | None = None
    reply_to_message: Quoted | None = None
    external_reply: Quoted | None = None
    quote: Quote | None = None
    reply_to_story: object = None
    forward_origin: Origin | None = None
    forward_from: Sender | None = None
    forward_from_chat: Place | None = None
    forward_sender_name: str = ""
    forward_date: object = None
    sender: Sender | None = msgspec.field(default=None, name="from")
    text: str = ""
    caption: str = ""
    photo: tuple[File, ...] = ()
    live_photo: LivePhoto | None = None
    document: File | None = None
    voice: File | None = None
    audio: File | None = None
    video: File | None = None
    video_note: File | None = None
    animation: File | None = None
    sticker: Sticker | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Card | None = None
    poll: object = None
    dice: object = None
    game: object = None
    story: object = None
    paid_media: object = None
    checklist: object = None


class CallbackMessage(Struct, frozen=True):
    chat: Chat


class CallbackQuery(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=256)]
    sender: Sender = msgspec.field(name="from")
    message: CallbackMessage | None = None
    data: str = ""


class Member(Struct, frozen=True):
    status: str


class MemberChange(Struct, frozen=True):
    chat: Chat
    old_chat_member: Member
    new_chat_member: Member
    sender: Sender | None = msgspec.field(default=None, name="from")
    date: Seconds | None = None


class Update(Struct, frozen=True):
    """Read first; what is inside by its own kind, so that an unreadable message is not taken for none."""

    update_id: int
    message: Any = None
    edited_message: Any = None
    callback_query: Any = None
    my_chat_member: Any = None


#: What we ask Telegram for.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")


class Numbered(Struct, frozen=True):
    """An update of which nothing but its number can be read; a larger one fits no database."""

    update_id: Annotated[int, Meta(ge=0, le=2**53)]
