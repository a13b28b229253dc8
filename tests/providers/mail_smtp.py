"""An SMTP server that takes mail as strictly as servers do, and keeps it."""
import asyncio
import contextlib
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.providers.mail_imap import PASSWORD

SIZE_LIMIT = 200_000
LONGEST_LINE = 998  # RFC 5321


@dataclass
class SmtpDouble:
    """A mail server that relays for its own users.

    Attributes:
        senders: the addresses that users may send from.
        gone: recipients that do not exist.
        refuse: what is answered next at a step ('MAIL', 'RCPT', 'DATA'); None lets one pass.
        lose_answers: how many mails are taken without an answer: the connection breaks after the last line.
        taken: (recipient, mail) of all mails, in order.
    """

    senders: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    refuse: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    lose_answers: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    needs_login: bool = True
    logins: list[str] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _protocols: list[SMTP] = field(default_factory=list)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for recipient, mail in self.taken if recipient == address]

    async def __aenter__(self) -> "SmtpDouble":
        loop = asyncio.get_running_loop()

        def protocol() -> SMTP:
            made = SMTP(
                self, data_size_limit=SIZE_LIMIT, hostname="mail.passo.example", loop=loop, tls_context=self.tls,
                authenticator=self._authenticate if self.needs_login else None, auth_required=self.needs_login,
                auth_require_tls=self.tls is not None or not self.needs_login,
            )
            self._protocols.append(made)
            return made

        self._server = await loop.create_server(protocol, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for protocol in self._protocols:
            if protocol.transport is not None:
                protocol.transport.close()
            if protocol._handler_coroutine is not None:  # noqa: SLF001  # it has no other way to be waited for
                protocol._handler_coroutine.cancel()  # noqa: SLF001
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await protocol._handler_coroutine  # noqa: SLF001

    async def handle_MAIL(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._refusal("MAIL"):
            return refusal
        if address not in self.senders:
            return f"553 5.7.1 <{address}>: Sender address rejected: not owned by user {session.login_data!r}"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._refusal("RCPT"):
            return refusal
        if address in self.gone:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if refusal := self._refusal("DATA") or _malformed(content):
            return refusal
        mail = BytesParser(policy=default).parsebytes(content)
        assert isinstance(mail, EmailMessage)
        self.taken += [(address, mail) for address in envelope.rcpt_tos]
        self.raw.append(content)
        self.was_encrypted.append(session.ssl is not None)
        if self.lose_answers:
            self.lose_answers -= 1
            server.transport.abort()
        return "250 2.0.0 Ok: queued"

    def _refusal(self, step: str) -> str | None:
        return self.refuse[step].pop(0) if self.refuse[step] else None

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


def _malformed(content: bytes) -> str | None:
    """What a careful server answers to a mail that is none."""
    head = content.partition(b"\r\n\r\n")[0].lower()
    if any(f"\r\n{name}:".encode() not in b"\r\n" + head for name in ("from", "date", "message-id", "to", "subject")):
        return "554 5.6.0 Message headers are missing"
    if b"\n" in content.replace(b"\r\n", b"") or b"\r" in content.replace(b"\r\n", b""):
        return "554 5.6.0 Bare line feed"
    if any(len(line) > LONGEST_LINE for line in content.split(b"\r\n")):
        return "554 5.6.0 Line too long"
    if not content.isascii():
        return "554 5.6.1 8-bit content without 8BITMIME"
    return None
