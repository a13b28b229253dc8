"""A shopper's phone at the Telegram double."""
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.providers.telegram import TelegramDouble

ME = {
    "id": 123456789, "is_bot": True, "first_name": "Passo", "username": "passo_bot", "can_join_groups": True,
    "can_read_all_group_messages": False, "supports_inline_queries": False,
}
NOW = 1_763_888_400
Values = dict[str, Any]


@dataclass
class User:
    """``shown``: the bot's messages, as Telegram would return them."""

    double: "TelegramDouble"
    id: int
    name: str
    language: str
    has_blocked: bool = False
    shown: list[Values] = field(default_factory=list)

    @property
    def sender(self) -> Values:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    @property
    def chat(self) -> Values:
        return {"id": self.id, "type": "private", "first_name": self.name}

    @property
    def texts(self) -> list[str]:
        """What the shopper reads, without tags."""
        return [one["visible"] for one in self.shown]

    def sends(self, **content: Any) -> Values:
        """Write to the bot: ``text=…``, ``photo=[…]`` with ``caption=…`` and so on; the message."""
        message = {"message_id": next(self.double.ids), "date": NOW, "chat": self.chat, "from": self.sender} | content
        self.double.happens(message=message)
        return message

    def edits(self, message: Values, text: str) -> None:
        self.double.happens(edited_message=message | {"text": text, "edit_date": NOW + 60})

    def taps(self, title: str) -> str:
        """Tap a button of the newest message that has it; the id of the tap."""
        for shown in reversed(self.shown):
            for row in shown.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title:
                        return self._tap(shown, button["callback_data"])
        raise AssertionError(f"no button says {title!r}")

    def blocks(self, is_blocking: bool = True) -> None:
        self.has_blocked = is_blocking
        old, new = ("member", "kicked") if is_blocking else ("kicked", "member")
        bot = {key: ME[key] for key in ("id", "is_bot", "first_name")}
        self.double.happens(
            my_chat_member={
                "chat": self.chat, "from": self.sender, "date": NOW,
                "old_chat_member": {"user": bot, "status": old, "until_date": 0},
                "new_chat_member": {"user": bot, "status": new, "until_date": 0},
            }
        )

    def _tap(self, shown: Values, data: str) -> str:
        tap = str(next(self.double.ids))
        message = {key: value for key, value in shown.items() if key != "visible"}
        self.double.open_taps.add(tap)
        self.double.happens(
            callback_query={"id": tap, "from": self.sender, "message": message, "chat_instance": "1", "data": data}
        )
        return tap
