"""A shopper with a mail program."""
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from bot.model.ports import Clock
from tests.providers.mail_smtp import SmtpDouble

_ids = itertools.count(1)


class Attached(NamedTuple):
    """A file that goes with a mail."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Shopper:
    """``deliver`` puts a mail into the shop's mailbox."""

    address: str
    name: str
    shop: str
    smtp: SmtpDouble
    clock: Clock
    deliver: Callable[[bytes], None]
    written: list[EmailMessage] = field(default_factory=list)

    @property
    def inbox(self) -> list[EmailMessage]:
        return self.smtp.to(self.address)

    @property
    def texts(self) -> list[str]:
        """What the shopper reads of each answer, as plain text."""
        return [plain_text(mail) for mail in self.inbox]

    def writes(
        self, text: str, subject: str = "Una domanda", attached: Attached | None = None, **headers: str
    ) -> EmailMessage:
        """A new mail; ``headers`` with underscores for hyphens."""
        mail = self._mail(subject)
        for name, value in headers.items():
            del mail[name.replace("_", "-")]
            mail[name.replace("_", "-")] = value
        _fill(mail, text, attached)
        self.sends(mail)
        return mail

    def answers(self, mail: EmailMessage, text: str, attached: Attached | None = None) -> EmailMessage:
        """Answer a mail as mail programs do: with the mail quoted below."""
        said = plain_text(mail).splitlines()
        answer = self._mail(str(mail["Subject"]))
        answer["In-Reply-To"] = str(mail["Message-ID"])
        answer["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        quoted = "\n".join(f"> {line}" for line in said)
        who = f"Il giorno lun 23 nov 2026 alle ore 10:00 Passo <{self.shop}> ha scritto:"
        _fill(answer, f"{text}\n\n{who}\n\n{quoted}", attached)
        self.sends(answer)
        return answer

    def sends(self, mail: EmailMessage) -> None:
        self.written.append(mail)
        self.deliver(mail.as_bytes())

    def _mail(self, subject: str) -> EmailMessage:
        mail = EmailMessage(SMTP)
        mail["From"] = f"{self.name} <{self.address}>"
        mail["To"] = self.shop
        mail["Subject"] = subject
        mail["Date"] = format_datetime(self.clock.now() - timedelta(seconds=3))
        mail["Message-ID"] = f"<{next(_ids)}.mail@phone.example>"
        return mail


def _fill(mail: EmailMessage, text: str, attached: Attached | None) -> None:
    mail.set_content(text)
    if attached is not None:
        main, _, kind = attached.mime_type.partition("/")
        mail.add_attachment(attached.content, maintype=main, subtype=kind, filename=attached.name)


def plain_text(mail: EmailMessage) -> str:
    """The plain part of an answer."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).strip().replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())
