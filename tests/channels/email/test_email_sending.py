"""Each way in which a mail server takes or refuses a message."""
import ssl
from pathlib import Path

import pytest

from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.outbound import EmailChannel
from bot.model.conversation import OutboxKind, Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address
from bot.settings.accounts import MailAccount, Server
from bot.settings.secret import Secret
from tests.channels.email.mails import IDS, SHOP
from tests.fakes import FakeClock
from tests.providers.mail_certificate import make_certificate
from tests.providers.mail_imap import PASSWORD
from tests.providers.mail_smtp import SmtpDouble

TO = Address("email", SHOP, "ada@home.example")
HELLO = Reply("Ciao", "it")
NOWHERE = Server("127.0.0.1", 1, False, SHOP)


def channel(smtp: SmtpDouble, *, password: str = PASSWORD, host: str = "127.0.0.1", tls: bool = False) -> EmailChannel:
    smtp.senders.add(SHOP)
    account = MailAccount(SHOP, Secret(password), NOWHERE, Server(host, smtp.port, tls, SHOP))
    clock = FakeClock()
    return EmailChannel(account, "Passo", IDS, AnswerCap(clock), clock)


async def refused(smtp: SmtpDouble, to: Address = TO, reply: Reply = HELLO) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await channel(smtp).send(to, reply, "1-2")
    return caught.value


async def test_a_mail_that_is_taken_gives_its_message_id(smtp: SmtpDouble) -> None:
    assert await channel(smtp).send(TO, HELLO, "1-2") == IDS.of("1-2")
    (mail,) = smtp.to("ada@home.example")
    assert mail["Message-ID"] == IDS.of("1-2")
    assert smtp.logins == [SHOP]


async def test_a_server_on_this_machine_may_know_no_logins(smtp: SmtpDouble) -> None:
    smtp.needs_login = False
    await channel(smtp).send(TO, HELLO, "1-2")
    assert len(smtp.taken) == 1


async def test_nothing_to_say_sends_nothing(smtp: SmtpDouble) -> None:
    assert await channel(smtp).send(TO, Reply(" ", "it"), "1-2") is None
    assert smtp.taken == []


async def test_an_address_that_does_not_exist_is_not_tried_again(smtp: SmtpDouble) -> None:
    smtp.gone.add("ada@home.example")
    error = await refused(smtp)
    assert (error.permanent, error.unreachable, error.unknown) == (True, True, False)
    assert "550 5.1.1 <ada@home.example>: Recipient address rejected: User unknown" in str(error)


@pytest.mark.parametrize(
    ("answer", "permanent", "unreachable"),
    [
        ("550 No such user here", True, True), ("553 5.1.3 Bad address syntax", True, True),
        ("552 5.2.2 Mailbox full", True, False), ("550 5.7.1 Relaying denied", True, False),
        ("554 Blocked, see our policy", True, False), ("550 Blocked by spam filter", True, False),
        ("450 4.2.0 Greylisted, try again in 5 minutes", False, False), ("451 4.3.0 Try later", False, False),
        ("452 4.2.2 Mailbox full for now", False, False), ("421 4.3.2 Service shutting down", False, False),
    ],
)
async def test_what_a_refused_recipient_means(
    smtp: SmtpDouble, answer: str, permanent: bool, unreachable: bool
) -> None:
    smtp.refuse["RCPT"] = [answer]
    error = await refused(smtp)
    assert (error.permanent, error.unreachable, error.unknown) == (permanent, unreachable, False)
    assert error.retry_after_s == (None if permanent else 180)


async def test_a_server_that_asks_to_wait_gets_the_same_mail_later(smtp: SmtpDouble) -> None:
    smtp.refuse["DATA"] = ["421 4.3.2 Try later"]
    sending = channel(smtp)
    with pytest.raises(DeliveryError) as caught:
        await sending.send(TO, HELLO, "1-2")
    assert (caught.value.permanent, caught.value.retry_after_s) == (False, 180)
    await sending.send(TO, HELLO, "1-2")
    assert [mail["Message-ID"] for mail in smtp.to("ada@home.example")] == [IDS.of("1-2")]


async def test_a_mail_that_is_too_large_ends_only_that_mail(smtp: SmtpDouble) -> None:
    error = await refused(smtp, reply=Reply("parola " * 40_000, "it"))
    assert (error.permanent, error.unreachable) == (True, False)
    assert "552" in str(error)


async def test_a_mail_that_the_server_finds_bad_ends_only_that_mail(smtp: SmtpDouble) -> None:
    smtp.refuse["DATA"] = ["554 5.7.1 Looks like spam"]
    error = await refused(smtp)
    assert (error.permanent, error.unreachable) == (True, False)


async def test_an_address_that_is_not_ours_is_said(smtp: SmtpDouble) -> None:
    sending = channel(smtp)
    smtp.senders.clear()
    with pytest.raises(DeliveryError, match="does not let us send from this address.*Check SPORTELLO_EMAIL_ADDRESS"):
        await sending.send(TO, HELLO, "1-2")


async def test_a_connection_lost_after_the_last_line_leaves_the_outcome_unknown(smtp: SmtpDouble) -> None:
    smtp.lose_answers = 1
    error = await refused(smtp)
    assert (error.unknown, error.permanent) == (True, False)
    assert len(smtp.taken) == 1


async def test_a_server_that_cannot_be_reached_took_nothing(smtp: SmtpDouble) -> None:
    sending = channel(smtp)
    sending._account = MailAccount(SHOP, Secret(PASSWORD), NOWHERE, NOWHERE)  # noqa: SLF001
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1:1 cannot be reached") as caught:
        await sending.send(TO, HELLO, "1-2")
    assert (caught.value.unknown, caught.value.permanent) == (False, False)


async def test_a_wrong_password_keeps_the_mail_and_says_what_to_do(smtp: SmtpDouble) -> None:
    sending = channel(smtp, password="wrong")
    with pytest.raises(DeliveryError, match="Check the user in SPORTELLO_EMAIL_SMTP and SPORTELLO") as caught:
        await sending.send(TO, HELLO, "1-2")
    assert (caught.value.permanent, caught.value.retry_after_s) == (False, 300)
    assert sending.problem == str(caught.value)


async def test_a_password_never_travels_in_clear_to_another_machine(smtp: SmtpDouble) -> None:
    """0.0.0.0 leads to this machine and is not known to."""
    sending = channel(smtp, host="0.0.0.0")
    with pytest.raises(DeliveryError, match=r"offers no encryption.*smtps://0\.0\.0\.0"):
        await sending.send(TO, HELLO, "1-2")
    assert (smtp.logins, smtp.taken) == ([], [])


async def test_encryption_is_used_where_it_is_offered(tmp_path: Path) -> None:
    async with SmtpDouble(tls=server_context(tmp_path)) as smtp:
        await channel(smtp).send(TO, HELLO, "1-2")
    assert smtp.was_encrypted == [True]


async def test_a_certificate_that_nobody_vouches_for_is_refused_beyond_this_machine(tmp_path: Path) -> None:
    async with SmtpDouble(tls=server_context(tmp_path)) as smtp:
        with pytest.raises(DeliveryError, match="(?i)certificate"):
            await channel(smtp, host="0.0.0.0").send(TO, HELLO, "1-2")
    assert (smtp.logins, smtp.taken) == ([], [])


async def test_an_address_beyond_ascii_is_said(smtp: SmtpDouble) -> None:
    error = await refused(smtp, Address("email", SHOP, "nicolò@home.example"))
    assert error.unreachable


async def test_after_six_automatic_mails_in_a_day_only_a_person_may_write(smtp: SmtpDouble) -> None:
    sending = channel(smtp)
    for number in range(6):
        await sending.send(TO, HELLO, f"1-{number}")
    with pytest.raises(DeliveryError, match="only a person may write now") as caught:
        await sending.send(TO, HELLO, "1-7")
    assert (caught.value.permanent, caught.value.unreachable) == (True, False)
    await sending.send(TO, Reply("Eccomi", "it", kind=OutboxKind.OPERATOR), "1-8")
    await sending.send(Address("email", SHOP, "ben@home.example"), HELLO, "2-1")


def server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*make_certificate(folder))
    return context
