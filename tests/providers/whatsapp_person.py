"""A shopper's phone at the WhatsApp double."""
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.providers.whatsapp import WhatsAppDouble

Values = dict[str, Any]


@dataclass
class Person:
    """Somebody on WhatsApp.

    Attributes:
        number: '' where a user name hides it.
        user_id: the business-scoped id; '' as it was before these ids came.
        shown: what arrived on the phone, as it was posted, with ``id`` and the ``visible`` text.
    """

    double: "WhatsAppDouble"
    name: str
    number: str
    user_id: str
    last_wrote: datetime | None = None
    has_blocked: bool = False
    shown: list[Values] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [one["visible"] for one in self.shown]

    @property
    def contact(self) -> Values:
        ids = {"wa_id": self.number, "user_id": self.user_id}
        return {"profile": {"name": self.name}} | {name: value for name, value in ids.items() if value}

    @property
    def writer(self) -> Values:
        ids = {"from": self.number, "from_user_id": self.user_id}
        return {name: value for name, value in ids.items() if value}

    def sends(self, kind: str = "text", content: Any = None, **beside: Any) -> str:
        """Write something of a kind; the message's id. ``beside`` stands beside the content, like context=…"""
        self.last_wrote = self.double.clock.now()
        return self.double.arrives(self, {"type": kind, **({kind: content} if content is not None else {}), **beside})

    def says(self, words: str, **beside: Any) -> str:
        return self.sends("text", {"body": words}, **beside)

    def taps(self, title: str) -> str:
        """Tap a button, or pick a row, of the newest message that has it."""
        for shown in reversed(self.shown):
            for kind, option in _options(shown):
                if option["title"] == title:
                    self.double.reads_up_to(self, shown["id"])
                    context = {"from": self.double.number, "id": shown["id"]}
                    return self.sends("interactive", {"type": kind, kind: option}, context=context)
        raise AssertionError(f"no button says {title!r}")

    def edits(self, wamid: str, words: str) -> str:
        new = {"type": "text", "text": {"body": words}}
        return self.sends("edit", {"original_message_id": wamid, "message": new})

    def revokes(self, wamid: str) -> str:
        return self.sends("revoke", {"original_message_id": wamid})

    def reads(self) -> None:
        """Open the chat: everything shown is read."""
        if self.shown:
            self.double.reads_up_to(self, self.shown[-1]["id"])


def _options(shown: Values) -> list[tuple[str, Values]]:
    action = shown.get("interactive", {}).get("action", {})
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [("button_reply", one["reply"]) for one in action.get("buttons", [])] + [("list_reply", row) for row in rows]
