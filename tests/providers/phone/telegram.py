"""A phone with Telegram."""
from collections.abc import Sequence

from tests.providers.phone import Bubble, File, Phone
from tests.providers.telegram_user import User, Values


class TelegramPhone(Phone):
    def __init__(self, user: User) -> None:
        super().__init__()
        self._user = user

    async def theirs(self) -> Sequence[Bubble]:
        return [Bubble(False, one["visible"], _titles(one), html=_html(one)) for one in self._user.shown]

    def typings(self) -> int:
        return sum(int(one["chat_id"]) == self._user.id for one in self._user.double.named("sendChatAction"))

    async def _say(self, text: str) -> None:
        self._user.sends(text=text)

    async def _tap(self, title: str) -> None:
        if not any(title in _titles(one) for one in self._user.shown):
            raise LookupError(title)
        self._user.taps(title)

    async def _send(self, file: File) -> None:
        double = self._user.double
        name = f"file-{next(double.ids)}"
        double.files[f"{file.kind}/{name}.{file.ending}"] = file.content
        about = {"file_id": name, "file_unique_id": name, "file_size": len(file.content)}
        if file.kind == "voice":
            self._user.sends(voice=about | {"duration": 2, "mime_type": file.mime_type})
        else:
            self._user.sends(photo=[about | {"width": 640, "height": 480}])


def _titles(shown: Values) -> tuple[str, ...]:
    rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(button["text"] for row in rows for button in row)


def _html(shown: Values) -> str:
    """The double has read the tags already, and refused what Telegram would."""
    return shown["text"] if shown.get("text", shown["visible"]) != shown["visible"] else ""
