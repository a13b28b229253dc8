"""What the site widget posts, checked: JSON bodies become values, anything else an InboundError."""
import hashlib
import re
import unicodedata
from typing import TypeVar

import msgspec

from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.errors import InboundError

CHANNEL = "widget"
MAX_TEXT = 4_000
MAX_BODY = 64 * 1024
#: With a photo in base64.
MAX_PHOTO_BODY = 3 * 1024 * 1024

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LOCALE = re.compile(r"[A-Za-z0-9_-]{0,35}")


class SessionBody(msgspec.Struct, frozen=True):
    locale: str = ""
    token: str | None = None


class MessageBody(msgspec.Struct, frozen=True):
    """``choice``, or else ``text`` or ``photo`` or both are set; ``text`` is clean."""

    id: str
    text: str | None = None
    choice: str | None = None
    photo: bytes | None = None
    locale: str = ""


Body = TypeVar("Body", SessionBody, MessageBody)


def read_session(raw: bytes) -> SessionBody:
    """A session request. A token that is none of ours reads as None: the shopper gets a new one."""
    body = _decode(raw or b"{}", SessionBody)
    _check_locale(body.locale)
    if body.token is not None and not is_token(body.token):
        return SessionBody(locale=body.locale)
    return body


def read_message(raw: bytes) -> MessageBody:
    """A message or the tap on a choice.

    Raises:
        InboundError: 400 no JSON, 413 text too long, 422 a field is missing, of the wrong type, empty, or both are set.
    """
    body = _decode(raw, MessageBody)
    if not _ID.fullmatch(body.id):
        raise InboundError("'id' must be 1 to 64 letters, digits, '-' or '_', new for each message.", status=422)
    _check_locale(body.locale)
    if (body.text is None and body.photo is None) == (body.choice is None):
        raise InboundError("Send either 'text' or 'choice', not both and not none. A 'photo' is no choice.", status=422)
    if body.choice is not None:
        return body
    text = clean(body.text or "")
    if not text and body.photo is None:
        raise InboundError("'text' is empty. Send at least one visible character.", status=422)
    if len(text) > MAX_TEXT:
        raise InboundError(f"'text' has {len(text)} characters; at most {MAX_TEXT} are allowed.", status=413)
    return MessageBody(id=body.id, text=text, photo=body.photo, locale=body.locale)


def to_inbound(
    body: MessageBody, address: str, *, title: str = "", attachments: tuple[Attachment, ...] = ()
) -> Inbound:
    """``title`` is what the picked choice said; only for a choice. ``attachments``: the photo, where it was kept."""
    tapped = body.choice is not None
    return Inbound(
        channel=CHANNEL,
        kind=EventKind.CHOICE if tapped else EventKind.MESSAGE,
        key=f"{_owner_part(address)}{body.id}",
        address=address,
        text=title if tapped else body.text or "",
        choice=body.choice,
        attachments=attachments,
        locale=body.locale or None,
    )


def client_id(key: str, address: str) -> str:
    """The id that the shopper's own browser gave to a message; '' where it made none."""
    return key.removeprefix(_owner_part(address))


def address_of(token: str) -> str:
    """The address behind a token: whoever reads the database cannot write in a shopper's name."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def is_token(token: str) -> bool:
    return _TOKEN.fullmatch(token) is not None


def clean(text: str) -> str:
    """``text`` without control characters and half emojis, line breaks as '\\n', blank ends cut."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    stripped = "".join(kept).strip()
    # Zero-width characters alone are nothing that anyone could read.
    return stripped if any(unicodedata.category(char) != "Cf" for char in stripped) else ""


def _owner_part(address: str) -> str:
    # Ids are chosen by browsers: without the address in front, one shopper's id could claim another's message.
    return f"{address[:16]}."


def _check_locale(locale: str) -> None:
    if not _LOCALE.fullmatch(locale):
        raise InboundError("'locale' must be a language tag such as 'it' or 'en-GB'.", status=422)


def _decode(raw: bytes, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise InboundError(f"The body does not fit: {error}.", status=422) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InboundError(f"The body is no JSON: {error}.", status=400) from None
