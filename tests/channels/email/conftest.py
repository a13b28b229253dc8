"""The e-mail channel between a real Dovecot and a double of an SMTP server, with a desk behind it."""
import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.channels import ChannelParts
from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.compose import CAPABILITIES
from bot.channels.email.fetching import Fetcher
from bot.channels.email.inbound import Reader
from bot.channels.email.mailbox import Mailbox
from bot.channels.email.message_ids import MessageIds
from bot.channels.email.outbound import EmailChannel
from bot.channels.email.patience import new_patience
from bot.channels.patience import Patience
from bot.model.conversation import Inbound
from bot.model.ports import Address
from bot.model.views import MessageView
from bot.service.desk import Desk
from bot.settings.accounts import MailAccount, Server
from bot.settings.secret import Secret
from bot.storage.store import open_store
from tests.channels.care import channel_care
from tests.fakes import FakeClock
from tests.providers.mail_imap import MISSING, PASSWORD, Dovecot, find_dovecot, running_dovecot
from tests.providers.mail_shopper import Shopper
from tests.providers.mail_smtp import SmtpDouble
from tests.service.conftest import Care

_boxes = itertools.count(1)


class DeskClock:
    """The clock of a desk that is built later than the channel."""

    desk = FakeClock()

    def now(self) -> datetime:
        return self.desk.now()

    async def sleep(self, seconds: float) -> None:
        await self.desk.sleep(seconds)


@dataclass
class Door:
    """The desk's door; ``fail`` is raised instead of the next store, or after it with ``late``."""

    desk: Desk
    fail: Exception | None = None
    late: bool = False
    stored: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive_polled(self, source: str, cursor: int, inbounds: Sequence[Inbound]) -> None:
        error, self.fail = self.fail, None
        if error is not None and not self.late:
            raise error
        await self.desk.receive_polled(source, cursor, inbounds)
        (self.stored if inbounds else self.begun).set()
        if error is not None:
            raise error

    async def cursor(self, source: str) -> int | None:
        return await self.desk.cursor(source)


@dataclass
class Line:
    """A shop's whole mail: servers, channel, fetcher and desk."""

    dovecot: Dovecot
    smtp: SmtpDouble
    account: MailAccount
    channel: EmailChannel
    cap: AnswerCap
    ids: MessageIds
    fetcher: Fetcher
    patience: Patience
    care: Care
    door: Door

    def shopper(self, address: str = "ada@home.example", name: str = "Ada Neri") -> Shopper:
        return Shopper(address, name, self.account.address, self.smtp, self.care.clock, self.arrives)

    def arrives(self, mail: bytes, at: datetime | None = None) -> None:
        """A mail lies in the shop's mailbox."""
        self.dovecot.deliver(self.account.imap.user, mail, at or self.care.clock.now())

    async def moves(self) -> None:
        """Everything that is under way arrives: mails are fetched, answered, and answers sent."""
        while await self.fetcher.once(self.door):
            pass
        await self.care.settle()
        await self.care.send()

    async def restarts(self, fetcher: Fetcher) -> None:
        """The process ends, and another one goes on."""
        self.fetcher.close()
        self.fetcher = fetcher
        await fetcher.open(self.door)

    async def messages(self, who: str = "ada@home.example") -> list[MessageView]:
        found = await self.care.desk.find_conversation(Address("email", self.account.address, who))
        assert found is not None
        return await self.care.desk.messages(found.id, for_contact=False)

    def another_fetcher(self, name: str = "", mailbox: Mailbox | None = None) -> Fetcher:
        """The fetcher of the process that starts next; with a ``name``, of a desk that never read this mailbox."""
        account = self.account
        reader = Reader(account.address, {account.address}, self.ids, self.cap)
        name = name or f"{account.address}:INBOX"
        return Fetcher(name, mailbox or Mailbox(account), reader, self.patience, self.care.clock)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if find_dovecot() is None:
        pytest.skip(MISSING)
    with running_dovecot() as server:
        yield server


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpDouble]:
    async with SmtpDouble() as server:
        yield server


def mail_account(imap_port: int, smtp: SmtpDouble) -> MailAccount:
    """A mailbox of its own at both servers."""
    address = f"assistenza{next(_boxes)}@passo.example"
    smtp.senders.add(address)
    return MailAccount(
        address, Secret(PASSWORD), Server("127.0.0.1", imap_port, False, address),
        Server("127.0.0.1", smtp.port, False, address),
    )


@pytest.fixture
async def line(dovecot: Dovecot, smtp: SmtpDouble, tmp_path: Path) -> AsyncIterator[Line]:
    clock = DeskClock()
    account = mail_account(dovecot.port, smtp)
    ids, cap, patience = MessageIds("passo.example", "a secret of the desk"), AnswerCap(clock), new_patience(clock)
    channel = EmailChannel(account, "Passo", ids, cap, clock)
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    care = await channel_care(store, {"email": ChannelParts(channel, CAPABILITIES)})
    clock.desk = care.clock
    reader = Reader(account.address, {account.address}, ids, cap)
    fetcher = Fetcher(f"{account.address}:INBOX", Mailbox(account), reader, patience, clock)
    made = Line(dovecot, smtp, account, channel, cap, ids, fetcher, patience, care, Door(care.desk))
    await fetcher.open(made.door)
    yield made
    made.fetcher.close()
    await care.desk.stop()
    await store.close()
