"""``canned.yml``: ready texts of a shop's operators."""
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bot.model.errors import SettingError
from bot.settings.document import Document
from bot.settings.shop import Language

CANNED_FILE = "canned.yml"


class CannedReply(Struct, frozen=True, kw_only=True):
    shortcut: Annotated[str, Meta(description="shortcut: what an operator types after the slash.")]
    language: Annotated[Language, Meta(description="language: it or en.")]
    title: Annotated[str, Meta(description="title: what the list shows.")]
    text: Annotated[str, Meta(description="text: {name} is the contact's, {operator} the operator's name.")]
    tone: Literal["formal", "informal", ""] = ""


class CannedFile(Struct, frozen=True):
    """``defaults``: whether the framework's replies stay beside the shop's."""

    replies: tuple[CannedReply, ...] = ()
    defaults: bool = True


def read_canned(project: Path) -> CannedFile:
    """The shop's ready texts; none where it has no file.

    Raises:
        SettingError: with the line of what is wrong.
    """
    try:
        text = (project / CANNED_FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return CannedFile()
    except UnicodeDecodeError:
        raise SettingError("this is not UTF-8 text. Save the file as UTF-8.", file=CANNED_FILE) from None
    except OSError as error:
        raise SettingError(f"cannot be read ({error.strerror}).", file=CANNED_FILE) from None
    document = Document(text, file=CANNED_FILE)
    read = document.decode(CannedFile)
    seen: set[tuple[str, str, str]] = set()
    for index, one in enumerate(read.replies):
        key = (one.shortcut, one.language, one.tone)
        if not one.shortcut or any(character.isspace() for character in one.shortcut):
            raise document.error(("replies", index), f"shortcut '{one.shortcut}' must be one word, without spaces.")
        if key in seen:
            raise document.error(("replies", index), f"'{one.shortcut}' stands twice for this language and tone.")
        seen.add(key)
    return read
