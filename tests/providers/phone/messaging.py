"""A phone with Messenger or Instagram."""
from collections.abc import Sequence

from tests.providers.messenger_user import Shopper, Values
from tests.providers.phone import Bubble, File, Phone


class MessagingPhone(Phone):
    def __init__(self, shopper: Shopper) -> None:
        super().__init__()
        self._shopper = shopper

    async def theirs(self) -> Sequence[Bubble]:
        """Quick replies stand only under the newest message, and go with the shopper's next one."""
        bubbles = [Bubble(False, one.get("text", ""), image=_image(one)) for one in self._shopper.shown]
        if bubbles and not any(after == len(bubbles) for after, _ in self._mine):
            last = bubbles[-1]
            bubbles[-1] = Bubble(False, last.text, tuple(self._shopper.offered), image=last.image)
        return bubbles

    def typings(self) -> int:
        return sum(one == (self._shopper.id, "typing_on") for one in self._shopper.double.actions)

    async def _say(self, text: str) -> None:
        self._shopper.writes(text)

    async def _tap(self, title: str) -> None:
        if title not in self._shopper.offered:
            raise LookupError(title)
        self._shopper.taps(title)

    async def _send(self, file: File) -> None:
        name = f"{file.kind}-{len(self.files)}-{self._shopper.id}.{file.ending}"
        self._shopper.sends("audio" if file.kind == "voice" else "image", file.content, name)


def _image(shown: Values) -> str:
    return str(shown.get("attachment", {}).get("payload", {}).get("url", ""))
