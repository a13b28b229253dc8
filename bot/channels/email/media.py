"""The files of a mail, fetched again from the mailbox when an operator opens them."""
import asyncio
import re

from bot.channels import Media
from bot.channels.email.content import file_content, whole_text
from bot.channels.email.inbound import WHOLE
from bot.channels.email.mailbox import Mailbox, MailboxError
from bot.channels.email.opening import parse
from bot.model.errors import DeliveryError
from bot.settings.accounts import MailAccount

MOST_BYTES = 20 * 1024 * 1024
_REFERENCE = re.compile(rf"(\d{{1,10}})-(\d{{1,10}})-(\d{{1,4}}|{WHOLE})")
#: What a browser shows without running anything; the rest is only ever a download.
_SHOWN = frozenset({
    "image/jpeg", "image/png", "image/gif", "image/webp", "audio/mpeg", "audio/ogg", "audio/mp4", "video/mp4",
    "application/pdf",
})


class MediaReader:
    def __init__(self, account: MailAccount) -> None:
        self._account = account

    async def media(self, reference: str) -> Media:
        """The file behind '<uidvalidity>-<uid>-<part>'.

        Raises:
            DeliveryError: the mail is gone or elsewhere, the file too large, the mailbox out of reach.
        """
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise DeliveryError(f"{reference[:60]!r} names no file of a mail.", permanent=True)
        place = None if found[3] == WHOLE else int(found[3])
        try:
            return await asyncio.to_thread(self._read, int(found[1]), int(found[2]), place)
        except MailboxError as error:
            raise DeliveryError(str(error)) from error

    def _read(self, uid_validity: int, uid: int, place: int | None) -> Media:
        mailbox = Mailbox(self._account)
        try:
            mailbox.open()
            mail = mailbox.fetch(uid) if mailbox.uid_validity == uid_validity else None
        finally:
            mailbox.close()
        message = parse(mail.raw) if mail is not None else None
        if message is not None and place is None:
            return Media(whole_text(message).encode("utf-8", "replace"), "text/plain")
        file = file_content(message, place) if message is not None and place is not None else None
        if file is None:
            raise DeliveryError(
                f"The mail is no longer in the folder {self._account.folder}: somebody moved or deleted it.",
                permanent=True,
            )
        content, mime_type, size = file
        if size > MOST_BYTES:
            raise DeliveryError(
                f"The file has {size // 2**20} MB; at most {MOST_BYTES // 2**20} are shown here. Open the mail "
                "in the mailbox.",
                permanent=True,
            )
        return Media(content, mime_type if mime_type in _SHOWN else "application/octet-stream")
