"""What a shopper has in the hand, the same on every channel: one test and one page serve them all."""
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """``kind``: 'photo' or 'voice'."""

    kind: str
    mime_type: str
    content: bytes

    @property
    def ending(self) -> str:
        """Of a name for it."""
        return _ENDINGS[self.mime_type]


_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "audio/mp4": "m4a"}


@dataclass(frozen=True)
class Bubble:
    """One message on the screen.

    Attributes:
        is_mine: the shopper wrote it.
        options: titles to tap.
        details: second lines of the options, in their order; '' where one has none, () where none has.
        opener: what a list is opened with; '' where the options are buttons.
        subject: of a mail; '' elsewhere.
        image: its address; '' where there is none.
        html: ``text`` with Telegram's tags; '' where it has none.
        file: what the shopper sent, as '<kind>/<place in Phone.files>'; '' where there is none.
    """

    is_mine: bool
    text: str
    options: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    opener: str = ""
    subject: str = ""
    image: str = ""
    html: str = ""
    file: str = ""


class Phone(ABC):
    """A shopper's phone at a provider's double, or at the desk itself. ``files``: what was sent from it."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self._mine: list[tuple[int, Bubble]] = []  # what was written, after how many messages of the shop
        self._typings_at_last = (0, 0)

    async def says(self, text: str) -> None:
        """Write a message."""
        self._mine.append((len(await self.theirs()), Bubble(True, text)))
        await self._say(text)

    async def sends(self, file: File) -> None:
        """Send a photo or a voice note.

        Raises:
            LookupError: this channel takes no files.
        """
        await self._send(file)
        self.files.append(file)
        self._mine.append((len(await self.theirs()), Bubble(True, "", file=f"{file.kind}/{len(self.files) - 1}")))

    async def taps(self, title: str) -> None:
        """Tap an option of the newest message that has it.

        Raises:
            LookupError: no message offers it.
        """
        await self._tap(title)
        self._mine.append((len(await self.theirs()), Bubble(True, title)))

    async def shown(self) -> list[Bubble]:
        """The screen, oldest first."""
        screen, mine = [], list(self._mine)
        for number, bubble in enumerate(await self.theirs()):
            while mine and mine[0][0] <= number:
                screen.append(mine.pop(0)[1])
            screen.append(bubble)
        return screen + [bubble for _, bubble in mine]

    @abstractmethod
    async def theirs(self) -> Sequence[Bubble]:
        """What the shop wrote, oldest first."""

    def typings(self) -> int:
        """How often the shop has shown that it writes."""
        return 0

    @abstractmethod
    async def _say(self, text: str) -> None: ...

    @abstractmethod
    async def _tap(self, title: str) -> None: ...

    async def _send(self, file: File) -> None:
        raise LookupError(f"no {file.kind} can be sent here")
