"""What a channel can show, so that one `Reply` can be shown on all of them."""
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: Below this a part could not hold one escaped character with its tags.
SHORTEST_TEXT = 32


class Unit(StrEnum):
    """What a provider counts a text in."""

    CHARS = "chars"
    UTF16 = "utf16"
    BYTES = "bytes"

    def measure(self, text: str) -> int:
        if self is Unit.CHARS:
            return len(text)
        if self is Unit.BYTES:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Markup(StrEnum):
    """How formatting is written: tags of a HTML subset, WhatsApp's marks, or not at all."""

    HTML = "html"
    WHATSAPP = "whatsapp"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A channel's limits; 0 = it has none of that.

    Attributes:
        text: longest text of one message, in ``unit``.
        text_with_options: longest text of a message with buttons or a list; 0 = as ``text``.
        caption: longest text under an image; 0 = an image goes alone.
        buttons: most buttons under one message.
        button_label: longest label of a button, in characters.
        list_rows: most rows of a list.
        row_title: longest title of a row, in characters.
        row_description: longest second line of a row; longer titles are shortened and stand there in full.
        receipts: the provider says when a message was delivered or read.
        reply_window: how long after the shopper's last message free text may be sent; None = always.
        ad_window: the same after a message that an ad opened (``thread["ad"]``); None = no longer than after others.
        late_window: how long after it an operator's message may still be sent as `Reply.late`; None = not at all.
        one_message: the answers of a turn are joined into one message where that is possible.
    """

    text: int
    unit: Unit = Unit.CHARS
    markup: Markup = Markup.PLAIN
    text_with_options: int = 0
    images: bool = False
    caption: int = 0
    buttons: int = 0
    button_label: int = 0
    list_rows: int = 0
    row_title: int = 0
    row_description: int = 0
    typing: bool = False
    receipts: bool = False
    reply_window: timedelta | None = None
    ad_window: timedelta | None = None
    late_window: timedelta | None = None
    one_message: bool = False

    def __post_init__(self) -> None:
        shortest = min([self.text, *filter(None, (self.text_with_options, self.caption))])
        if shortest < SHORTEST_TEXT:
            raise ValueError(f"a text limit of {shortest} is below {SHORTEST_TEXT}")
