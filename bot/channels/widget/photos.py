"""Photos that shoppers send from the site. They lie in a folder of the desk; their name is what may see them."""
import asyncio
import hashlib
import os
import re
import shutil
from pathlib import Path

from bot.channels import Media
from bot.model.conversation import Attachment
from bot.model.errors import DeliveryError, InboundError, StoreUnavailable

MAX_PHOTO = 2 * 1024 * 1024
#: Below this a photo is refused, so that words can still be stored.
LEAST_FREE = 200 * 1024 * 1024
MIME_TYPE = "image/jpeg"

#: The widget draws every photo anew as a JPEG: smaller, and without the place where it was taken.
_JPEG = b"\xff\xd8\xff"
_REFERENCE = re.compile(r"[0-9a-f]{40}")


class Photos:
    """``folder`` is made with the first photo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes, address: str, message_id: str) -> Attachment:
        """Put a photo on disk. The same message sent again is the same photo.

        Raises:
            InboundError: 413 it is too large, 422 it is no JPEG.
            StoreUnavailable: nothing was stored.
        """
        if len(content) > MAX_PHOTO:
            raise InboundError(f"'photo' is larger than {MAX_PHOTO // 2**20} MB.", status=413)
        if not content.startswith(_JPEG):
            raise InboundError("'photo' is no JPEG. Send the bytes of one, in base64.", status=422)
        # Neither half of it is known to anyone but the shopper's browser.
        reference = hashlib.sha256(f"{address} {message_id}".encode()).hexdigest()[:40]
        try:
            await asyncio.to_thread(self._write, reference, content)
        except OSError as error:
            raise StoreUnavailable(f"A photo could not be written to {self._folder}: {error.strerror}.") from error
        return Attachment("image", "", MIME_TYPE, f"/media/widget/{reference}", len(content))

    async def media(self, reference: str) -> Media:
        """The photo of an `Attachment.url`.

        Raises:
            DeliveryError: there is none of that name.
        """
        gone = DeliveryError(f"{reference[:60]!r} names no photo that is kept here.", permanent=True)
        if _REFERENCE.fullmatch(reference) is None:
            raise gone
        try:
            return Media(await asyncio.to_thread(self._path(reference).read_bytes), MIME_TYPE)
        except OSError:
            raise gone from None

    def _path(self, reference: str) -> Path:
        return self._folder / f"{reference}.jpg"

    def _write(self, reference: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._folder).free < LEAST_FREE:
            raise StoreUnavailable("The disk of the desk is almost full: photos are refused, words are still accepted.")
        path = self._path(reference)
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
