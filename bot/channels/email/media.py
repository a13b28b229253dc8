"""The files of a mail, fetched again from the mailbox when an operator opens them."""
import asyncio
import re

from bot.channels import Media
from bot.channels.email.content import file_content
from bot.channels.email.inbound import parse
from bot.channels.email.mailbox import Mailbox, MailboxError
from bot.model.errors import DeliveryError
from bot.settings.accounts import MailAccount

MOST_BYTES = 20 * 1024 * 1024
_REFERENCE = re.compile(r"(\d{1,10})-(\d{1,10})-(\d{1,4})")
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
        uid_validity, uid, place = map(int, found.groups())
        try:
            return await asyncio.to_thread(self._read, uid_validity, uid, place)
        except MailboxError as error:
            raise DeliveryError(str(error)) from error

    def _read(self, uid_validity: int, uid: int, place: int) -> Media:
        mailbox = Mailbox(self._account)
        try:
            mailbox.open()
            mail = mailbox.fetch(uid) if mailbox.uid_validity == uid_validity else None
        finally:
            mailbox.close()
        file = file_content(parse(mail.raw), place) if mail is not None else None
        if file is None:
            raise DeliveryError(
                f"The mail is no longer in the folder {self._account.folder}: somebody moved or deleted it.",
                permanent=True,
            )
        content, mime_type = file
        if len(content) > MOST_BYTES:
            raise DeliveryError(
                f"The file has {len(content) // 2**20} MB; at most {MOST_BYTES // 2**20} are shown here. Open the mail "
                "in the mailbox.",
                permanent=True,
            )
        return Media(content, mime_type if mime_type in _SHOWN else "application/octet-stream")
