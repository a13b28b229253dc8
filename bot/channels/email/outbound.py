"""The way out by SMTP."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException

from bot.channels.email.answer_cap import MOST_ANSWERS, AnswerCap
from bot.channels.email.compose import From, compose, is_automatic
from bot.channels.email.message_ids import MessageIds
from bot.channels.email.refusals import OWNER_PAUSE_S, after_data, login_refused, not_encrypted, not_sent
from bot.channels.email.transport import TAKEN_TIMEOUT_S, TIMEOUT_S, may_stay_plain, tls_context
from bot.channels.pace import Pace
from bot.model.conversation import Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address, Clock
from bot.settings.accounts import MailAccount

log = structlog.get_logger(__name__)

_TROUBLE = (SMTPException, OSError)


class EmailChannel:
    """The Channel port over SMTP. ``problem`` says in words what keeps it from sending."""

    kind = "email"
    delivery = "ambiguous"

    def __init__(self, account: MailAccount, shop: str, ids: MessageIds, cap: AnswerCap, clock: Clock) -> None:
        self._account = account
        self._sender = From(shop, account.address)
        self._ids = ids
        self._cap = cap
        self._clock = clock
        self._pace = Pace(clock, per_second=2, per_recipient_s=1.0, burst=3)
        self.problem: str | None = None

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        """Deliver one reply; its Message-ID."""
        recipient = to.external_id
        if is_automatic(reply) and self._cap.is_passed(recipient):
            raise DeliveryError(
                f"{MOST_ANSWERS} automatic answers went to {recipient} within a day: only a person may write now.",
                permanent=True,
            )
        message_id = self._ids.of(key)
        mail = compose(reply, sender=self._sender, to=recipient, message_id=message_id, at=self._clock.now())
        if mail is None:
            return None
        await self._pace.turn(recipient)
        await self._submit(recipient, mail.as_bytes())
        if is_automatic(reply):
            self._cap.count(recipient)
        else:
            self._cap.forget(recipient)
        return message_id

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[SMTP]:
        """A connection that is logged in.

        Raises:
            DeliveryError: there is none, or the server does not let us in.
        """
        server = self._account.smtp
        smtp = SMTP(
            hostname=server.host, port=server.port, use_tls=server.tls, start_tls=False, timeout=TIMEOUT_S,
            tls_context=tls_context(server),
            # Its own guess would ask the name server for this machine's name, and block meanwhile.
            local_hostname=self._account.address.rpartition("@")[2],
        )
        try:
            await self._log_in(smtp)
            yield smtp
            with suppress(*_TROUBLE):
                await smtp.quit()
        finally:
            smtp.close()

    async def _log_in(self, smtp: SMTP) -> None:
        server = self._account.smtp
        try:
            await smtp.connect()
            await smtp.ehlo()
            await self._secure(smtp)
            if smtp.supports_extension("auth"):  # a server on this machine may know nobody's password
                await smtp.login(server.user, self._account.password.reveal())
        except _TROUBLE as error:
            if isinstance(error, SMTPAuthenticationError):
                self.problem = login_refused(error, server)
            raise not_sent(error, server) from error
        self.problem = None

    async def _secure(self, smtp: SMTP) -> None:
        server = self._account.smtp
        if server.tls:
            return
        if smtp.supports_extension("starttls"):
            await smtp.starttls(tls_context=tls_context(server))
            await smtp.ehlo()
        elif not may_stay_plain(server):
            self.problem = not_encrypted(server)
            raise DeliveryError(self.problem, retry_after_s=OWNER_PAUSE_S)

    async def _submit(self, recipient: str, mail: bytes) -> None:
        if not recipient.isascii():
            raise DeliveryError(f"{recipient} has letters that few mail servers take in an address.", unreachable=True)
        server = self._account.smtp
        async with self.connection() as smtp:
            size = [f"size={len(mail)}"] if smtp.supports_extension("size") else []
            try:
                await smtp.mail(self._account.address, options=size)
                await smtp.rcpt(recipient)
            except _TROUBLE as error:
                raise not_sent(error, server) from error
            try:
                await smtp.data(mail, timeout=TAKEN_TIMEOUT_S)
            except _TROUBLE as error:
                raise after_data(error, server) from error
