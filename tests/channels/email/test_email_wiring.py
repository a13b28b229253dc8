"""The channel as the desk builds it: waiting for mail, files, what it says when something is wrong."""
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import ChannelParts, PollDesk, open_channels
from bot.channels.email.fetching import POLL_S
from bot.channels.email.mailbox import Mailbox, MailboxError
from bot.channels.email.patience import new_patience
from bot.model.errors import DeliveryError, SettingError, SportelloError, StoreUnavailable
from bot.settings import load_settings
from bot.settings.accounts import MailAccount, Server
from bot.settings.secret import Secret
from tests.channels.email.conftest import Line, mail_account
from tests.channels.email.mails import mail
from tests.fakes import FakeClock
from tests.providers.mail_certificate import make_certificate
from tests.providers.mail_imap import PASSWORD, Dovecot, running_dovecot
from tests.providers.mail_smtp import SmtpDouble


def opened(project: Path, account: MailAccount, **variables: str) -> ChannelParts:
    (project / "shop.yml").write_text("shop: {name: Passo, email: a@b.example, privacy_url: /p}\n")
    values = {
        "SPORTELLO_EMAIL_ADDRESS": account.address, "SPORTELLO_EMAIL_PASSWORD": PASSWORD,
        "SPORTELLO_EMAIL_IMAP": f"imap://127.0.0.1:{account.imap.port}",
        "SPORTELLO_EMAIL_SMTP": f"smtp://127.0.0.1:{account.smtp.port}",
    } | variables
    return open_channels(load_settings(project, values), FakeClock())["email"]


async def told(parts: ChannelParts) -> str:
    assert parts.check is not None
    with pytest.raises(SportelloError) as caught:
        await parts.check()
    return str(caught.value)


async def running(line: Line, run: Callable[[PollDesk], Awaitable[None]] | None, *texts: str) -> None:
    """Run the channel until it has brought each of these mails, one after the other."""
    assert run is not None
    task = asyncio.create_task(run(line.door))
    async with asyncio.timeout(60):
        await line.door.begun.wait()  # what came before the channel ever ran is not answered
        for text in texts:
            await asyncio.to_thread(line.shopper().writes, text)
            await line.door.stored.wait()
            line.door.stored.clear()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await line.care.settle()


@pytest.fixture
async def parts(line: Line, tmp_path: Path) -> AsyncIterator[ChannelParts]:
    built = opened(tmp_path, line.account)
    yield built
    assert built.close is not None
    await built.close()


async def test_the_server_wakes_the_desk(line: Line, parts: ChannelParts) -> None:
    """IDLE lasts four minutes here: who did not wake would come too late."""
    await running(line, parts.run, "spedizione", "resi", "ciao")
    assert [text.split("\n")[-1] for text in line.care.understanding.read] == ["spedizione", "resi", "ciao"]
    assert parts.problem is not None
    assert parts.problem() is None


async def test_a_server_that_tells_nothing_is_asked_again_and_again(line: Line) -> None:
    class Silent(Mailbox):
        def open(self) -> None:
            super().open()
            self.can_wait = False

    begin = line.care.clock.now()
    await line.restarts(line.another_fetcher(mailbox=Silent(line.account)))
    await running(line, line.fetcher.run, "spedizione", "resi")
    assert len(line.care.understanding.read) == 2
    assert line.care.clock.now() - begin >= timedelta(seconds=POLL_S)


async def test_fetching_goes_on_after_whatever_went_wrong(line: Line, parts: ChannelParts) -> None:
    await running(line, parts.run)
    line.door.fail = StoreUnavailable("disk full")
    await running(line, parts.run, "spedizione")
    line.door.fail = RuntimeError("nobody thought of this")
    await running(line, parts.run, "resi")
    assert len(line.care.understanding.read) == 2


async def test_a_connection_that_breaks_while_the_desk_waits_is_made_again(line: Line) -> None:
    task = asyncio.create_task(line.fetcher.run(line.door))
    async with asyncio.timeout(60):
        for text in ("spedizione", "resi"):
            await asyncio.to_thread(line.shopper().writes, text)
            await line.door.stored.wait()
            line.door.stored.clear()
            line.fetcher._mailbox.hang_up()  # noqa: SLF001
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await line.care.settle()
    assert len(line.care.understanding.read) == 2


async def test_a_file_is_fetched_again_when_somebody_opens_it(line: Line, parts: ChannelParts) -> None:
    made = mail("ecco")
    made.add_attachment(b"\xff\xd8 a photo", maintype="image", subtype="jpeg", filename="a.jpg")
    made.add_attachment("<script>", subtype="html", filename="a.html")
    line.arrives(made.as_bytes())
    await line.moves()
    photo, page = (await line.messages())[0].attachments
    media = parts.media
    assert media is not None

    found = await media(photo.url.removeprefix("/media/email/"))
    assert (found.content, found.mime_type) == (b"\xff\xd8 a photo", "image/jpeg")
    assert (await media(page.url.removeprefix("/media/email/"))).mime_type == "application/octet-stream"
    with pytest.raises(DeliveryError, match="names no file of a mail"):
        await media("../../etc/passwd")
    for wrong in ("1-1-1", "1-2", photo.url.rpartition("/")[2].rpartition("-")[0] + "-99"):
        with pytest.raises(DeliveryError):
            await media(wrong)
    line.dovecot.delete_all(line.account.imap.user)
    with pytest.raises(DeliveryError, match="no longer in the folder INBOX: somebody moved or deleted it"):
        await media(photo.url.removeprefix("/media/email/"))


async def test_doctor_logs_in_at_both_servers(dovecot: Dovecot, smtp: SmtpDouble, tmp_path: Path) -> None:
    account = mail_account(dovecot.port, smtp)
    parts = opened(tmp_path, account)
    assert parts.check is not None
    said = await parts.check()
    assert said == f"{account.address}, folder INBOX, told of new mail at once, sending through 127.0.0.1"
    assert smtp.logins == [account.address]


async def test_doctor_says_what_is_wrong(dovecot: Dovecot, smtp: SmtpDouble, tmp_path: Path) -> None:
    account = mail_account(dovecot.port, smtp)
    wrong = opened(tmp_path, account, SPORTELLO_EMAIL_PASSWORD="wrong")
    assert "Check the user in SPORTELLO_EMAIL_IMAP and SPORTELLO_EMAIL_PASSWORD" in await told(wrong)
    folder = opened(tmp_path, account, SPORTELLO_EMAIL_FOLDER="Clienti")
    assert "The folder Clienti cannot be opened" in await told(folder)
    assert "Set SPORTELLO_EMAIL_FOLDER to one of: INBOX" in await told(folder)
    nowhere = opened(tmp_path, account, SPORTELLO_EMAIL_IMAP="imap://127.0.0.1:1")
    assert "The mailbox at 127.0.0.1:1 cannot be reached" in await told(nowhere)
    unsent = opened(tmp_path, account, SPORTELLO_EMAIL_SMTP="smtp://127.0.0.1:1")
    assert "The mail server 127.0.0.1:1 cannot be reached" in await told(unsent)
    clear = opened(tmp_path, account, SPORTELLO_EMAIL_IMAP=f"imap://0.0.0.0:{dovecot.port}")
    assert "offers no encryption" in await told(clear)


async def test_the_mailbox_is_encrypted_where_the_server_can(
    dovecot: Dovecot, smtp: SmtpDouble, tmp_path: Path
) -> None:
    with running_dovecot(make_certificate(tmp_path)) as server:
        account = mail_account(server.port, smtp)
        mailbox = Mailbox(account)
        await asyncio.to_thread(mailbox.open)
        assert mailbox._open._starttls_done  # noqa: SLF001
        mailbox.close()
        beyond = MailAccount(
            account.address, Secret(PASSWORD), Server("0.0.0.0", server.port, False, account.address), account.smtp
        )
        with pytest.raises(MailboxError, match="(?i)certificate"):
            await asyncio.to_thread(Mailbox(beyond).open)


@pytest.mark.parametrize(
    ("error", "problem", "pause"),
    [
        (MailboxError("no such password", needs_owner=True), "no such password", 300), (MailboxError("lost"), None, 1),
        (StoreUnavailable("disk full"), None, 1),
    ],
)
async def test_each_trouble_has_its_pause_and_its_words(error: Exception, problem: str | None, pause: int) -> None:
    clock = FakeClock()
    begin, patience = clock.now(), new_patience(clock)
    await patience.wait_out(error)
    assert patience.problem == problem
    assert (clock.now() - begin).total_seconds() == pause
    patience.worked()
    assert patience.problem is None


async def test_a_connection_that_stays_lost_is_told_and_tried_less_and_less() -> None:
    clock = FakeClock()
    begin, patience = clock.now(), new_patience(clock)
    for _ in range(8):
        await patience.wait_out(MailboxError("no route"))
    assert patience.problem == "No mail comes: no route"
    assert (clock.now() - begin).total_seconds() == 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60


def test_without_an_address_there_is_no_email(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text("shop: {name: Passo, email: a@b.example, privacy_url: /p}\n")
    assert open_channels(load_settings(tmp_path, {}), FakeClock()) == {}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SPORTELLO_EMAIL_ADDRESS": "passo"}, "SPORTELLO_EMAIL_ADDRESS: 'passo' is no e-mail address."),
        ({"SPORTELLO_EMAIL_PASSWORD": ""}, "SPORTELLO_EMAIL_PASSWORD: it is missing."),
        ({"SPORTELLO_EMAIL_IMAP": "mail.example.com"}, "SPORTELLO_EMAIL_IMAP: 'mail.example.com' is no server."),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    server = Server("127.0.0.1", 1, False, "x")
    with pytest.raises(SettingError) as caught:
        opened(tmp_path, MailAccount("a@b.example", Secret(PASSWORD), server, server), **variables)
    assert str(caught.value).startswith(said)


async def test_the_password_is_in_no_log(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    line.shopper().writes("spedizione")
    await line.fetcher.open(line.door)
    await line.moves()
    assert PASSWORD not in caplog.text


async def test_a_mail_that_came_while_the_desk_searched_is_not_waited_for(line: Line) -> None:
    """The server tells of it at the end of the search, and a waiting client is told nothing twice."""
    mailbox = Mailbox(line.account)
    await asyncio.to_thread(mailbox.open)
    await asyncio.to_thread(mailbox.wait, 0.0)  # what the opening told
    line.arrives(mail("spedizione").as_bytes())
    await asyncio.to_thread(mailbox.uids_after, 10_000)

    async with asyncio.timeout(20):
        await asyncio.to_thread(mailbox.wait, 60.0)
    await asyncio.to_thread(mailbox.close)
