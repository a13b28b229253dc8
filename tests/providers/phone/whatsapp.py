"""A phone with WhatsApp."""
from collections.abc import Sequence

from tests.providers.phone import Bubble, File, Phone
from tests.providers.whatsapp_person import Person, Values


class WhatsAppPhone(Phone):
    def __init__(self, person: Person) -> None:
        super().__init__()
        self._person = person

    async def theirs(self) -> Sequence[Bubble]:
        return [
            Bubble(
                False, one["visible"], _titles(one), tuple(row.get("description", "") for row in _rows(one)),
                one.get("interactive", {}).get("action", {}).get("button", ""), image=_image(one),
            )
            for one in self._person.shown
        ]

    def typings(self) -> int:
        return len(self._person.typing)

    async def _say(self, text: str) -> None:
        self._person.reads()
        self._person.says(text)

    async def _tap(self, title: str) -> None:
        if not any(title in _titles(one) for one in self._person.shown):
            raise LookupError(title)
        self._person.taps(title)

    async def _send(self, file: File) -> None:
        double = self._person.double
        name = str(next(double.deliveries.numbers))
        double.files[name] = (file.mime_type, file.content)
        self._person.reads()
        self._person.sends("audio" if file.kind == "voice" else "image", {"id": name, "mime_type": file.mime_type})


def _titles(shown: Values) -> tuple[str, ...]:
    buttons = shown.get("interactive", {}).get("action", {}).get("buttons", [])
    return tuple(one["title"] for one in [*(button["reply"] for button in buttons), *_rows(shown)])


def _rows(shown: Values) -> list[Values]:
    sections = shown.get("interactive", {}).get("action", {}).get("sections", [])
    return [row for section in sections for row in section["rows"]]


def _image(shown: Values) -> str:
    image = shown.get("image") or shown.get("interactive", {}).get("header", {}).get("image", {})
    return str(image.get("link", ""))
