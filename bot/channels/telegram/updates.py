"""The part of Telegram's Update that we read (core.telegram.org/bots/api#update); all else in it is left alone."""
from typing import Annotated

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


class Message(Struct, frozen=True):
    """A message. The fields from ``poll`` on are only looked at for being there: we cannot read them."""

    message_id: int
    date: Seconds
    chat: Chat
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
    sender: Sender = msgspec.field(name="from")
    date: Seconds
    old_chat_member: Member
    new_chat_member: Member


class Update(Struct, frozen=True):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None


#: What we ask Telegram for.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")


class Numbered(Struct, frozen=True):
    """An update of which nothing but its number can be read; a larger one fits no database."""

    update_id: Annotated[int, Meta(ge=0, le=2**53)]
