"""A shopper's phone at the double of Messenger or Instagram."""
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.providers.messenger import MessagingDouble

Values = dict[str, Any]


@dataclass
class Shopper:
    """``shown``: the messages of the shop's side, as they were sent, each with its ``mid``."""

    double: "MessagingDouble"
    id: str
    last_wrote: datetime | None = None
    is_gone: bool = False
    shown: list[Values] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [one["text"] for one in self.shown if "text" in one]

    @property
    def offered(self) -> list[str]:
        """Titles of the quick replies under the newest message: older ones are gone."""
        return [one["title"] for one in self.shown[-1].get("quick_replies", [])] if self.shown else []

    def writes(self, text: str | None = None, **content: Any) -> Values:
        """Write: ``text``, ``attachments=[…]``, ``reply_to={…}``, ``referral={…}`` and so on; the message."""
        message = {"mid": self.double.new_mid()} | ({} if text is None else {"text": text}) | content
        self.acts(message=message)
        return message

    def sends(self, kind: str, content: bytes, name: str = "file.jpg", **payload: Any) -> Values:
        """Send a file, which Meta then keeps."""
        url = self.double.keep(name, content)
        return self.writes(attachments=[{"type": kind, "payload": {"url": url, **payload}}])

    def taps(self, title: str) -> None:
        """Tap a quick reply, which then stands in the thread like a message."""
        reply = next(one for one in self.shown[-1].get("quick_replies", []) if one["title"] == title)
        self.writes(title, quick_reply={"payload": reply["payload"]})

    def presses(self, title: str, payload: str, **more: Any) -> None:
        """A button of a menu, an opening question, or Get Started."""
        self.acts(postback={"mid": self.double.new_mid(), "title": title, "payload": payload, **more})

    def opens(self, ref: str) -> None:
        """A link to a thread that exists."""
        self.acts(referral={"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"})

    def edits(self, message: Values, text: str) -> None:
        edited = {"mid": message["mid"], "text": text, "num_edit": 1}
        self.double.happens(self, message_edit=edited)

    def deletes(self, message: Values) -> None:
        self.double.happens(self, message={"mid": message["mid"], "is_deleted": True})

    def reacts(self) -> None:
        mid = self.shown[-1]["mid"]
        self.acts(reaction={"mid": mid, "action": "react", "reaction": "love", "emoji": "\u2764\ufe0f"})

    def gets(self) -> None:
        """The phone has the newest message."""
        told = {"mids": [self.shown[-1]["mid"]], "watermark": self.double.milliseconds()}
        self.double.happens(self, delivery=told)

    def reads(self) -> None:
        """Messenger tells until when everything was read, Instagram the message."""
        told = {"mid": self.shown[-1]["mid"]} if self.double.is_instagram else {"watermark": self.double.milliseconds()}
        self.double.happens(self, read=told)

    def acts(self, **event: Any) -> None:
        """Something that opens the reply window again."""
        self.last_wrote = self.double.now()
        self.double.happens(self, **event)
