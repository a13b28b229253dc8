"""The part of WhatsApp's webhook that we read; all else in it is left alone.

developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""
from typing import Any

from msgspec import Struct, field

#: Unix seconds; WhatsApp writes them as text.
Moment = str | int | float


class Change(Struct, frozen=True):
    value: Any
    field: str = ""


class Entry(Struct, frozen=True):
    changes: tuple[Any, ...] = ()


class Delivery(Struct, frozen=True):
    object: str
    entry: tuple[Any, ...] = ()


class Metadata(Struct, frozen=True):
    phone_number_id: str = ""
    display_phone_number: str = ""


class Value(Struct, frozen=True):
    """``message_echoes``: what the shop wrote in its own WhatsApp Business app. ``errors``: about no message at all."""

    metadata: Metadata
    contacts: tuple[Any, ...] = ()
    messages: tuple[Any, ...] = ()
    message_echoes: tuple[Any, ...] = ()
    statuses: tuple[Any, ...] = ()
    errors: tuple[Any, ...] = ()


class Profile(Struct, frozen=True):
    name: str = ""


class Contact(Struct, frozen=True):
    """``user_id`` is the business-scoped id; ``wa_id``, the number, is absent where a person goes by a user name."""

    wa_id: str = ""
    user_id: str = ""
    profile: Profile = Profile()


class Text(Struct, frozen=True):
    body: str = ""


class File(Struct, frozen=True):
    id: str
    mime_type: str = ""
    filename: str = ""
    caption: str = ""


class Location(Struct, frozen=True):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class CardName(Struct, frozen=True):
    formatted_name: str = ""


class CardPhone(Struct, frozen=True):
    phone: str = ""


class CardMail(Struct, frozen=True):
    email: str = ""


class Card(Struct, frozen=True):
    name: CardName = CardName()
    phones: tuple[CardPhone, ...] = ()
    emails: tuple[CardMail, ...] = ()


class Picked(Struct, frozen=True):
    id: str
    title: str = ""
    description: str = ""


class Form(Struct, frozen=True):
    """What a shopper filled into a WhatsApp Flow; ``response_json`` is JSON in a text."""

    response_json: str = ""


class Interactive(Struct, frozen=True):
    button_reply: Picked | None = None
    list_reply: Picked | None = None
    nfm_reply: Form | None = None


class Button(Struct, frozen=True):
    """A tap on a template's quick reply; the shop wrote ``payload`` into the template."""

    text: str = ""
    payload: str = ""


class Item(Struct, frozen=True):
    product_retailer_id: str = ""
    quantity: int | float | str = 1
    item_price: int | float | str = ""
    currency: str = ""


class Order(Struct, frozen=True):
    text: str = ""
    product_items: tuple[Item, ...] = ()


class Unsupported(Struct, frozen=True):
    type: str = ""


class Content(Struct, frozen=True):
    """What was said; the node named like ``type`` holds it."""

    type: str = ""
    text: Text | None = None
    image: File | None = None
    video: File | None = None
    document: File | None = None
    audio: File | None = None
    sticker: File | None = None
    location: Location | None = None
    contacts: tuple[Card, ...] = ()
    interactive: Interactive | None = None
    button: Button | None = None
    order: Order | None = None
    unsupported: Unsupported | None = None


class Edit(Struct, frozen=True):
    original_message_id: str
    message: Content = Content()


class Revoke(Struct, frozen=True):
    original_message_id: str


class System(Struct, frozen=True):
    """A person's new ids."""

    type: str = ""
    wa_id: str = ""
    user_id: str = ""


class Referred(Struct, frozen=True):
    """The product of the shop's catalogue that a message asks about."""

    catalog_id: str = ""
    product_retailer_id: str = ""


class Context(Struct, frozen=True):
    """``id`` is the message that this one quotes."""

    id: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False
    referred_product: Referred | None = None


class Referral(Struct, frozen=True):
    """The advertisement that the shopper came from."""

    source_url: str = ""
    source_type: str = ""
    headline: str = ""
    body: str = ""


class Envelope(Struct, frozen=True):
    """A message of which only the outside can be read."""

    id: str
    sender: str = field(default="", name="from")
    from_user_id: str = ""
    timestamp: Moment = 0


class Message(Content, frozen=True, kw_only=True):
    """``to`` and ``to_user_id`` are there in echoes only."""

    id: str
    sender: str = field(default="", name="from")
    from_user_id: str = ""
    to: str = ""
    to_user_id: str = ""
    group_id: str = ""
    timestamp: Moment = 0
    context: Context | None = None
    referral: Referral | None = None
    system: System | None = None
    edit: Edit | None = None
    revoke: Revoke | None = None


class ErrorData(Struct, frozen=True):
    details: str = ""


class Error(Struct, frozen=True):
    code: int
    title: str = ""
    message: str = ""
    error_data: ErrorData | None = None


class Status(Struct, frozen=True):
    """``biz_opaque_callback_data`` is what we sent along with the message."""

    id: str
    status: str
    timestamp: Moment = 0
    recipient_id: str = ""
    recipient_user_id: str = ""
    biz_opaque_callback_data: str = ""
    errors: tuple[Error, ...] = ()
