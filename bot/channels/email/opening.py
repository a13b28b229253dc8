"""A mail's bytes as parts, with what mail programs wrapped into one: signed mails and winmail.dat are opened."""
import base64
from collections.abc import Sequence
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from mimetypes import guess_type

from bot.channels.email.ber import BerError, is_encrypted, signed_content
from bot.channels.email.headers import Mime, decoded
from bot.channels.email.tnef import read_tnef

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MOST_OPENED = 5


def parse(raw: bytes) -> Mime:
    """The mail's parts. With the old policy: the new one raises on headers that real mails have."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    for _ in range(_MOST_OPENED):
        if not _open_one(message):
            break
    return message


def is_locked(message: Mime) -> bool:
    """Whether it holds words that only the holder of a key can read."""
    return any(
        (part.get_content_type() in _SMIME and is_encrypted(_bytes(part)))
        or part.get_content_type() == "multipart/encrypted"
        or (part.get_content_type() == "text/plain" and _bytes(part).lstrip().startswith(b"-----BEGIN PGP MESSAGE"))
        for part in message.walk()
    )


def _open_one(message: Mime) -> bool:
    for part in message.walk():
        kind, name = part.get_content_type(), decoded(part.get_filename() or "").lower()
        if kind in _SMIME and (inner := _signed(part)) is not None:
            _replace(part, [inner])
            return True
        if (kind in _TNEF or name == "winmail.dat") and not part.is_multipart():
            inside = _outlooks(part, message)
            if inside:
                _replace(part, inside)
                return True
    return False


def _signed(part: Mime) -> Mime | None:
    try:
        return BytesParser(policy=compat32).parsebytes(signed_content(_bytes(part)))
    except BerError:
        return None


def _outlooks(part: Mime, message: Mime) -> list[Mime]:
    found = read_tnef(_bytes(part))
    texts = (one for one in message.walk() if one.get_content_maintype() == "text")
    has_text = any(_bytes(one).strip() for one in texts)
    inside = []
    if not has_text and found.text.strip():
        inside.append(_part("text/plain; charset=utf-8", found.text.encode("utf-8", "replace")))
    elif not has_text and found.html.strip():
        inside.append(_part("text/html; charset=utf-8", found.html.encode("utf-8", "replace")))
    for file in found.files:
        kind = file.mime_type if "/" in file.mime_type else guess_type(file.name)[0] or "application/octet-stream"
        made = _part(" ".join(kind.split()), file.content)
        made.add_header("Content-Disposition", "attachment", filename=("utf-8", "", file.name or "file"))
        inside.append(made)
    return inside


def _part(kind: str, content: bytes) -> Mime:
    made = Message()
    made["Content-Type"] = kind
    made["Content-Transfer-Encoding"] = "base64"
    made.set_payload(base64.encodebytes(content).decode("ascii"))
    return made


def _replace(part: Mime, inside: Sequence[Mime]) -> None:
    """Let the part hold these instead of what it was."""
    for name in ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition"):
        del part[name]
    part["Content-Type"] = "multipart/mixed"
    part.set_payload(list(inside))


def _bytes(part: Mime) -> bytes:
    content = None if part.is_multipart() else part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
