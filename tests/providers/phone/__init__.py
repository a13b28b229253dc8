"""What a shopper has in the hand, the same on every channel: one test and one page serve them all."""
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bubble:
    """One message on the screen.

    Attributes:
        is_mine: the shopper wrote it.
        options: titles to tap.
        subject: of a mail; '' elsewhere.
        image: its address; '' where there is none.
        html: ``text`` with Telegram's tags; '' where it has none.
    """

    is_mine: bool
    text: str
    options: tuple[str, ...] = ()
    subject: str = ""
    image: str = ""
    html: str = ""


class Phone(ABC):
    """A shopper's phone at a provider's double, or at the desk itself."""

    def __init__(self) -> None:
        self._mine: list[tuple[int, str]] = []  # what was written, after how many messages of the shop
        self._typings_at_last = (0, 0)

    async def says(self, text: str) -> None:
        """Write a message."""
        self._mine.append((len(await self.theirs()), text))
        await self._say(text)

    async def taps(self, title: str) -> None:
        """Tap an option of the newest message that has it.

        Raises:
            LookupError: no message offers it.
        """
        await self._tap(title)
        self._mine.append((len(await self.theirs()), title))

    async def shown(self) -> list[Bubble]:
        """The screen, oldest first."""
        screen, mine = [], list(self._mine)
        for number, bubble in enumerate(await self.theirs()):
            while mine and mine[0][0] <= number:
                screen.append(Bubble(True, mine.pop(0)[1]))
            screen.append(bubble)
        return screen + [Bubble(True, text) for _, text in mine]

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
