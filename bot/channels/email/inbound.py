"""Mails, read: bytes become values, anything else an InboundError."""
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog

from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.bounces import read_bounce
from bot.channels.email.content import LONGEST_PART, Content, File, read_content
from bot.channels.email.envelopes import calendar_of, inner_mail, is_pec_receipt, pec_inner
from bot.channels.email.forwards import Forward, is_forward, split_forward
from bot.channels.email.guards import Verdict, Way, judge
from bot.channels.email.headers import Mime, header, raw_header, sender, utc
from bot.channels.email.message_ids import MessageIds
from bot.channels.email.opening import is_locked, parse
from bot.channels.email.senders import Writer, is_colleague, is_nobody, is_system, writer_of
from bot.channels.email.stripping import strip_reply
from bot.channels.email.threads import ids_in, is_answer, thread_of
from bot.channels.text import clean
from bot.model.conversation import Attachment, Context, EventKind, Inbound
from bot.model.errors import InboundError

CHANNEL = "email"
#: In the place of a part's number: the whole mail as text.
WHOLE = "whole"
_LONGEST_PREVIEW = 4_000
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
    """What one mail leads to: an event. ``left_alone``: why it joins no conversation; '' where it does."""

    uid: int
    inbound: Inbound
    left_alone: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A mail as far as it was read.

    Attributes:
        root: as it lies in the mailbox; ``message``: the one that counts, perhaps inside it.
    """

    mail: Mail
    root: Mime
    message: Mime
    writer: Writer
    text: str
    files: tuple[File, ...]
    context: tuple[Context, ...] = ()


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
        """Read one mail; one that nobody can be answered to, or that cannot be read at all, is left alone."""
        try:
            return self._read(mail)
        except InboundError as error:
            why = str(error)
        except Exception as error:  # the standard library's parser breaks in many ways on what is no mail
            log.exception("email_unreadable", uid=mail.uid)
            why = f"The mail cannot be read: {error!r}."
        key = f"unreadable:{sha256(mail.raw).hexdigest()}"
        return Reading(mail.uid, self._inbound(mail, key, "", {"aside": why}), why)

    def _read(self, mail: Mail) -> Reading:
        root = parse(mail.raw)
        bounce = read_bounce(root, self._ids, account=self._account, key=_id(root) or _hash(mail.raw))
        if bounce is not None:
            return Reading(mail.uid, bounce)
        if self._ids.find_key(_id(root)) is not None:
            return self._aside(self._words(mail, root, root), "a mail of ours came back")
        if is_pec_receipt(root):
            return self._aside(self._words(mail, root, root), "a receipt of certified mail")
        inner = pec_inner(root)
        read = self._words(mail, root, inner or root)
        passed_on = self._passed_on(read)
        if passed_on is not None:
            return self._taken(passed_on, Verdict(Way.BY_HAND, "a colleague passed it on"))
        verdict = judge(read.message, read.writer, self._ours)
        if verdict.way is Way.ASIDE:
            return self._aside(read, verdict.why)
        if not read.writer.address:
            raw = raw_header(read.message, "From")
            raise InboundError(f"The mail's From ({raw[:80]!r}) holds no address to answer.")
        if not (read.text or read.files):
            return self._aside(read, "there is nothing in it")
        if verdict.way is Way.ANSWERED:
            verdict = self._second_look(read) or verdict
        return self._taken(read, verdict)

    def _second_look(self, read: _Read) -> Verdict | None:
        """By what is inside; None where it may be answered."""
        method, _ = calendar_of(read.message)
        if method == "REPLY":
            return Verdict(Way.BY_HAND, "the answer to an invitation")
        is_passed_on = is_forward(header(read.message, "Subject")) or any(one.kind == "forward" for one in read.context)
        if is_passed_on and not read.writer.via and is_colleague(read.writer.address, self._account):
            return Verdict(Way.BY_HAND, "a colleague passed on a mail that names no shopper's address")
        return None

    def _words(self, mail: Mail, root: Mime, message: Mime) -> _Read:
        subject = header(message, "Subject")
        content = read_content(message, root=root, keep_quotes=is_forward(subject))
        writer = writer_of(message, self._ours, self._account, content.text)
        forward = split_forward(content.text, subject)
        context = list(_context(message, writer))
        text = _text(message, content, forward)
        if forward is not None and forward.text != text:
            context.append(Context("forward", _told(forward)))
        return _Read(mail, root, message, writer, text, content.files, tuple(context))

    def _passed_on(self, read: _Read) -> _Read | None:
        """A shopper's mail that a colleague passed on: the shopper's words, the colleague's beside them."""
        _, address = sender(read.message)
        is_ours = address in self._ours or is_colleague(address, self._account)
        subject = header(read.message, "Subject")
        if not is_ours or read.writer.via:
            return None
        forward = split_forward(read_content(read.message, keep_quotes=True).text, subject)
        files = read.files
        if forward is None and (is_forward(subject) or not read.text) and (inner := inner_mail(read.message)):
            content = read_content(inner, root=read.root)
            name, inner_address = writer_of(inner, self._ours, self._account, content.text)[:2]
            forward = Forward(read.text, name, inner_address, header(inner, "Subject"), _text(inner, content, None))
            files = content.files or files
        if forward is None or not self._is_shopper(forward.address) or not (forward.text or files):
            return None
        told = f"{address}: {forward.own}" if forward.own else address
        kept = tuple(one for one in read.context if one.kind != "forward")
        writer = Writer(forward.name, forward.address, address)
        return replace(read, writer=writer, text=forward.text, files=files, context=(*kept, Context("passed_on", told)))

    def _is_shopper(self, address: str) -> bool:
        is_machine = is_nobody(address) or is_system(address)
        return bool(address) and not (is_machine or address in self._ours or is_colleague(address, self._account))

    def _taken(self, read: _Read, verdict: Verdict) -> Reading:
        payload: dict[str, Any] = {"thread": thread_of(read.message)}
        context = read.context
        if verdict.way is Way.BY_HAND:
            payload["unanswered"] = verdict.why
            payload["thread"]["quiet"] = True
            context = (*context, Context("by_hand", verdict.why))
        elif self._cap.is_reached(read.writer.address) or is_locked(read.root):
            payload["choice"] = "hand_off"
        key = _key(read.message, read.mail.raw)
        return Reading(read.mail.uid, self._inbound(read.mail, key, read.writer.address, payload, read, context))

    def _aside(self, read: _Read, why: str) -> Reading:
        payload = {"aside": why, "subject": header(read.message, "Subject")}
        address = sender(read.message)[1]
        key = _key(read.message, read.mail.raw) if _id(read.message) else _body_key(read.message, read.mail.raw)
        return Reading(read.mail.uid, self._inbound(read.mail, key, address, payload, read), why)

    def _inbound(
        self, mail: Mail, key: str, address: str, payload: dict[str, Any], read: _Read | None = None,
        context: tuple[Context, ...] = (),
    ) -> Inbound:
        # Headers hold any sign, and a database does not.
        context = tuple(replace(one, text=clean(one.text)) for one in context)
        payload |= {name: clean(payload[name]) for name in ("aside", "unanswered") if name in payload}
        whole = Context("whole", url=f"/media/{CHANNEL}/{mail.uid_validity}-{mail.uid}-{WHOLE}")
        if read is None:
            return Inbound(CHANNEL, EventKind.MESSAGE, key, address, account=self._account,
                           sent_at=utc(mail.arrived), payload=payload, context=(whole,))
        text = read.text[:_LONGEST_PREVIEW] if "aside" in payload else read.text
        return Inbound(
            CHANNEL, EventKind.MESSAGE, key, address, text=text, account=self._account,
            attachments=tuple(_attachment(mail, file) for file in read.files), sent_at=utc(mail.arrived),
            locale=_locale(read.message), name=read.writer.name or None, payload=payload, context=(*context, whole),
        )


def _context(message: Mime, writer: Writer) -> Iterator[Context]:
    if writer.via:
        yield Context("via", writer.via)
    if is_locked(message):
        yield Context("encrypted")
    _, calendar = calendar_of(message)
    if calendar:
        yield Context("calendar", calendar[:500])


def _told(forward: Forward) -> str:
    """A mail that was passed on, in words."""
    head = " · ".join(filter(None, (forward.name, forward.address, forward.subject)))
    return f"{head}\n\n{forward.text}".strip()


def _key(message: Mime, raw: bytes) -> str:
    """The Message-ID with what makes the mail the same one: some programs give one id to many mails.

    A hash of all headers as they arrived, where there is no id.
    """
    found = _id(message)
    if not found:
        return _hash(raw)
    who_and_when = "|".join([sender(message)[1], *(raw_header(message, name) for name in ("Reply-To", "Date"))])
    same = sha256(who_and_when.encode("utf-8", "replace"))
    for part in message.walk():
        content = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(content, bytes) and part.get_content_maintype() == "text":
            same.update(b"|" + b" ".join(content[:LONGEST_PART].split()))
    return f"{found}:{same.hexdigest()[:16]}"


def _id(message: Mime) -> str:
    return next(iter(ids_in(raw_header(message, "Message-ID"))), "")


def _hash(raw: bytes) -> str:
    headers = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return f"headers:{sha256(headers).hexdigest()}"


def _body_key(message: Mime, raw: bytes) -> str:
    told = "|".join(raw_header(message, name) for name in ("From", "To", "Date", "Subject"))
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    return f"body:{sha256(told.encode('utf-8', 'replace') + body).hexdigest()}"


def _text(message: Mime, content: Content, forward: Forward | None) -> str:
    """What the shopper says. A first mail says part of it in its subject; one that only passes another on, that one."""
    own = strip_reply(content.text, has_files=bool(content.files))
    if forward is not None:
        own = forward.own or forward.text
    subject = header(message, "Subject")
    is_first = not (is_answer(subject) or message.get("In-Reply-To") or message.get("References"))
    if forward is not None and own:
        return own
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
