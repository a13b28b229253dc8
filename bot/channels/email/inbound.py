"""Mails, read: bytes become values, anything else an InboundError."""
import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesParser
from email.policy import compat32
from hashlib import sha256

import structlog

from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.bounces import read_bounce
from bot.channels.email.content import Content, File, read_content
from bot.channels.email.guards import why_automatic
from bot.channels.email.headers import Mime, header, raw_header, sender, utc
from bot.channels.email.message_ids import MessageIds
from bot.channels.email.stripping import strip_reply
from bot.channels.email.threads import ids_in, is_answer, thread_of
from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.errors import InboundError

CHANNEL = "email"
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})?")
#: Words of subjects that say nothing; in front of a question they only make it harder to understand.
_EMPTY_WORDS = frozenset({
    "info", "informazione", "informazioni", "domanda", "domande", "richiesta", "chiarimenti", "aiuto", "assistenza",
    "urgente", "ciao", "salve", "buongiorno", "buonasera", "messaggio", "contatto", "nessun", "senza", "oggetto", "una",
    "di", "per", "information", "question", "questions", "request", "enquiry", "inquiry", "help", "support", "urgent",
    "hello", "hi", "message", "contact", "no", "subject", "a", "for", "of",
})
_KINDS = frozenset({"image", "audio", "video"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it lies in the mailbox.

    Attributes:
        raw: its bytes, cut where it is very large.
        arrived: when the server took it.
    """

    uid_validity: int
    uid: int
    raw: bytes
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one mail leads to: an event, or the reason why it is left alone."""

    uid: int
    inbound: Inbound | None = None
    left_alone: str = ""


class Reader:
    """Args:
    account: the address that shoppers write to.
    ours: all our addresses, in small letters.
    """

    def __init__(self, account: str, ours: Container[str], ids: MessageIds, cap: AnswerCap) -> None:
        self._account = account
        self._ours = ours
        self._ids = ids
        self._cap = cap

    def read(self, mail: Mail) -> Reading:
        """Read one mail.

        Raises:
            InboundError: it has no sender that could be answered, or cannot be read at all.
        """
        try:
            return self._read(mail)
        except InboundError:
            raise
        except Exception as error:  # the standard library's parser breaks in many ways on what is no mail
            log.exception("email_unreadable", uid=mail.uid)
            raise InboundError(f"The mail cannot be read: {error!r}.") from error

    def _read(self, mail: Mail) -> Reading:
        message = parse(mail.raw)
        key = _key(message, mail.raw)
        bounce = read_bounce(message, self._ids, account=self._account, key=key)
        if bounce is not None:
            return Reading(mail.uid, bounce)
        why = why_automatic(message, self._ours)
        if why:
            return Reading(mail.uid, left_alone=why)
        name, address = sender(message)
        if not address:
            raise InboundError(f"The mail's From ({raw_header(message, 'From')[:80]!r}) holds no address to answer.")
        content = read_content(message)
        text = _text(message, content)
        if not (text or content.files):
            return Reading(mail.uid, left_alone="there is nothing in it")
        payload: dict[str, object] = {"thread": thread_of(message)}
        if self._cap.is_reached(address):
            payload["choice"] = "hand_off"
        inbound = Inbound(
            CHANNEL, EventKind.MESSAGE, key, address, text=text, account=self._account,
            attachments=tuple(_attachment(mail, file) for file in content.files), sent_at=utc(mail.arrived),
            locale=_locale(message), name=name or None, payload=payload,
        )
        return Reading(mail.uid, inbound)


def parse(raw: bytes) -> Mime:
    """The mail's parts. With the old policy: the new one raises on headers that real mails have."""
    return BytesParser(policy=compat32).parsebytes(raw)


def _key(message: Mime, raw: bytes) -> str:
    """The Message-ID; where it is missing, or no id, a hash of all headers as they arrived."""
    found = ids_in(raw_header(message, "Message-ID"))
    if found:
        return found[0]
    headers = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return f"headers:{sha256(headers).hexdigest()}"


def _text(message: Mime, content: Content) -> str:
    """What the shopper says. A first mail says part of it in its subject."""
    own = strip_reply(content.text, has_files=bool(content.files))
    subject = header(message, "Subject")
    is_first = not (is_answer(subject) or message.get("In-Reply-To") or message.get("References"))
    says_nothing = _EMPTY_WORDS.issuperset(re.findall(r"\w+", subject.casefold()))
    if says_nothing or ((own or content.files) and not is_first) or subject.casefold() in own.casefold():
        return own
    return f"{subject}\n\n{own}".strip()


def _attachment(mail: Mail, file: File) -> Attachment:
    main = file.mime_type.partition("/")[0]
    reference = f"{mail.uid_validity}-{mail.uid}-{file.place}"
    return Attachment(
        main if main in _KINDS else "document", file.name, file.mime_type, f"/media/{CHANNEL}/{reference}", file.size
    )


def _locale(message: Mime) -> str | None:
    first = raw_header(message, "Content-Language").partition(",")[0].strip()
    return first if _LOCALE.fullmatch(first) else None
