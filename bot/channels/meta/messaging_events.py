"""The part that we read of what Messenger and Instagram send to a webhook; all else in it is left alone.

developers.facebook.com, "Webhook Events Reference" of Messenger and "Webhooks for Instagram Messaging". Fields that
only add to an event are `Any` and read with `find`: an odd one among them must not cost the message.
"""
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from bot.channels.lenient import lenient

Kind = TypeVar("Kind")
Number = str | int


class Party(Struct, frozen=True):
    id: Number


class Message(Struct, frozen=True):
    mid: str | None = None
    text: str | None = None
    is_echo: Any = None
    is_deleted: Any = None
    is_unsupported: Any = None
    attachments: Any = None
    quick_reply: Any = None
    reply_to: Any = None
    referral: Any = None
    app_id: Any = None
    metadata: Any = None
    sticker_id: Any = None


class Postback(Struct, frozen=True):
    mid: str | None = None
    title: str | None = None
    payload: str | None = None
    referral: Any = None


class Delivery(Struct, frozen=True):
    mids: list[str] | None = None
    watermark: Any = None


class Read(Struct, frozen=True):
    mid: str | None = None
    watermark: Any = None


class MessageEdit(Struct, frozen=True):
    mid: str
    text: str = ""
    num_edit: Any = None


class Product(Struct, frozen=True):
    """Of the shop's catalogue, in a referral or in a shared product."""

    id: str = ""
    retailer_id: str = ""
    title: str = ""
    subtitle: str = ""


class Advertisement(Struct, frozen=True):
    ad_title: str = ""
    product_id: str = ""


class Referral(Struct, frozen=True):
    ref: str = ""
    source: str = ""
    ad_id: Any = None
    product: Product | None = None
    ads_context_data: Advertisement | None = None


class Elements(Struct, frozen=True):
    elements: list[Product] | None = None


class Story(Struct, frozen=True):
    url: str = ""


class QuickReply(Struct, frozen=True):
    payload: str = ""


class ReplyTo(Struct, frozen=True):
    """``mid``: the message that is quoted."""

    story: Story | None = None
    mid: str = ""


class Event(Struct, frozen=True):
    """One thing that happened. ``sender`` is the shopper, but for echoes, whose ``recipient`` it is."""

    sender: Party
    recipient: Party | None = None
    timestamp: Any = None
    message: Message | None = None
    message_edit: MessageEdit | None = None
    postback: Postback | None = None
    referral: Referral | None = None
    delivery: Delivery | None = None
    read: Read | None = None


class Change(Struct, frozen=True):
    """The other shape of an event: Instagram sends some webhooks, and all those of a test, as changed fields."""

    field: str = ""
    value: Any = None


class Entry(Struct, frozen=True):
    """Attributes:
    standby: what came while another app had the thread.
    """

    id: Number
    messaging: list[Any] | None = None
    standby: list[Any] | None = None
    changes: list[Change] | None = None


class Batch(Struct, frozen=True):
    """A whole delivery."""

    object: str
    entry: list[Any]


class Coordinates(Struct, frozen=True):
    lat: float
    long: float


class Payload(Struct, frozen=True):
    url: str | None = None
    title: str | None = None
    sticker_id: Any = None
    coordinates: Any = None
    product: Elements | None = None


class Attached(Struct, frozen=True):
    type: str
    title: str | None = None
    url: str | None = None
    payload: Any = None


def find(value: Any, kind: type[Kind]) -> Kind | None:
    """``value`` as ``kind``; None where it is absent or is something else."""
    if value is None:
        return None
    try:
        return lenient(value, kind)
    except msgspec.ValidationError:
        return None
