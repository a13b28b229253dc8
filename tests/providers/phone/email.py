"""A phone with a mail program: it answers the newest mail of the shop."""
import asyncio
from collections.abc import Sequence

from tests.providers.mail_shopper import Attached, Shopper, plain_text
from tests.providers.phone import Bubble, File, Phone


class EmailPhone(Phone):
    def __init__(self, shopper: Shopper) -> None:
        super().__init__()
        self._shopper = shopper

    async def theirs(self) -> Sequence[Bubble]:
        return [Bubble(False, plain_text(one), subject=str(one["Subject"])) for one in self._shopper.inbox]

    async def _say(self, text: str) -> None:
        await self._write(text, None)

    async def _send(self, file: File) -> None:
        await self._write("", Attached(f"{file.kind}.{file.ending}", file.mime_type, file.content))

    async def _write(self, text: str, attached: Attached | None) -> None:
        inbox = self._shopper.inbox
        if inbox:
            await asyncio.to_thread(self._shopper.answers, inbox[-1], text, attached)
        else:
            await asyncio.to_thread(self._shopper.writes, text, attached=attached)

    async def _tap(self, title: str) -> None:
        raise LookupError(title)  # a mail has no buttons: its choices are numbered, and a number is the answer
