"""What a WhatsApp message says: text, attachments, a choice."""
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec

from bot.channels.text import clean
from bot.channels.whatsapp.events import Button, Card, Content, File, Form, Interactive, Location, Order, Picked
from bot.model.conversation import Attachment

CHANNEL = "whatsapp"

_CHOICE = re.compile(r"\d{1,9}\.\d{1,3}")
_FAQ_LINK = re.compile(r"faq[-:]([a-z0-9-]+)")
_FILES = {"image": "image", "sticker": "image", "video": "video", "audio": "audio", "document": "document"}
_MOST_CARDS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """``meaning``: what `Inbound.payload` takes over. Nothing at all was said where all of it is empty."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    choice: str | None = None
    meaning: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.text or self.attachments or self.choice)


def unsupported(name: str = "") -> Said:
    """Something that we cannot read; it still deserves an answer."""
    return Said(attachments=(Attachment("unsupported", clean(name)),))


def said(content: Content) -> Said:
    """Read any kind of message; one of a kind that we do not know is `unsupported`."""
    if content.text is not None and content.text.body:
        return Said(clean(content.text.body))
    if content.interactive is not None:
        return _interactive(content.interactive)
    if content.button is not None:
        return _button(content.button)
    if content.order is not None:
        return Said(clean(content.order.text), (Attachment("document", _order(content.order)),))
    file = getattr(content, content.type) if content.type in _FILES else None
    if file is not None:
        return Said(clean(file.caption), (_file(_FILES[content.type], file),))
    if content.location is not None:
        return Said(attachments=(Attachment("location", _place(content.location)),))
    if content.contacts:
        return Said(attachments=tuple(Attachment("contact", _card(one)) for one in content.contacts[:_MOST_CARDS]))
    return unsupported(content.unsupported.type if content.unsupported else "")


def _interactive(interactive: Interactive) -> Said:
    picked = interactive.button_reply or interactive.list_reply
    if picked is not None:
        return _picked(picked)
    if interactive.nfm_reply is not None:
        return Said(_form(interactive.nfm_reply)) or unsupported("form")
    return unsupported()


def _picked(picked: Picked) -> Said:
    # A title that did not fit into its row was shortened; its description holds all of it.
    whole = picked.description if picked.title.endswith("…") else ""
    text = clean(whole or picked.title)
    return Said(text, choice=picked.id) if _CHOICE.fullmatch(picked.id) else Said(text or clean(picked.id))


def _button(button: Button) -> Said:
    """A template's button: of an answer of ours, of a FAQ entry (payload 'faq-<id>'), or simply the words on it."""
    text = clean(button.text) or clean(button.payload)
    if _CHOICE.fullmatch(button.payload):
        return Said(text, choice=button.payload)
    faq = _FAQ_LINK.fullmatch(button.payload)
    return Said(text, meaning={"choice": f"faq:{faq[1]}"} if faq else {})


def _form(form: Form) -> str:
    try:
        answers = msgspec.json.decode(form.response_json, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    return clean("\n".join(f"{name}: {value}" for name, value in answers.items() if name != "flow_token"))


def _file(kind: str, file: File) -> Attachment:
    url = f"/media/{CHANNEL}/{quote(file.id, safe='')}"
    return Attachment(kind, clean(file.filename), clean(file.mime_type).partition(";")[0], url)


def _place(place: Location) -> str:
    point = f"{place.latitude:.5f}, {place.longitude:.5f}"
    words = ", ".join(filter(None, (clean(place.name), clean(place.address))))
    return f"{words} ({point})" if words else point


def _card(card: Card) -> str:
    details = [card.name.formatted_name, *(one.phone for one in card.phones), *(one.email for one in card.emails)]
    return clean(" ".join(filter(None, details)))


def _order(order: Order) -> str:
    return clean(
        ", ".join(
            f"{one.quantity} × {one.product_retailer_id} ({one.item_price} {one.currency})"
            for one in order.product_items
        )
    )
