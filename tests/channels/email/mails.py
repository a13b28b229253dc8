"""Mails as bytes, and a reader for them."""
from email.message import EmailMessage
from email.policy import SMTP

from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.inbound import Mail, Reader, Reading
from bot.channels.email.message_ids import MessageIds
from bot.model.conversation import Inbound
from tests.fakes import MONDAY_MORNING, FakeClock

SHOP = "assistenza@passo.example"
IDS = MessageIds("passo.example", "a secret of the desk")
HEAD = b"From: Ada Neri <Ada@Home.example>\nTo: assistenza@passo.example\nMessage-ID: <1@phone>\n"


def reader(cap: AnswerCap | None = None) -> Reader:
    return Reader(SHOP, {SHOP, "login@passo.example"}, IDS, cap or AnswerCap(FakeClock()))


def read(raw: bytes) -> Reading:
    return reader().read(Mail(77, 5, raw, MONDAY_MORNING))


def inbound(raw: bytes) -> Inbound:
    found = read(raw).inbound
    assert found is not None
    return found


def mail(text: str = "spedizione?", **headers: str) -> EmailMessage:
    """``headers`` with underscores for hyphens; '' leaves one out."""
    made = EmailMessage(SMTP)
    values = {"From": "Ada Neri <ada@home.example>", "To": SHOP, "Subject": "Re: Costi", "Message-ID": "<1@phone>"}
    for name, value in (values | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            made[name] = value
    made.set_content(text)
    return made


def bounce(
    message_id: str, *, to: str = "Ada@Home.example", action: str = "failed", status: str = "5.1.1",
    original: str = "message/rfc822",
) -> bytes:
    """What a mail server sends back for a message that it could not deliver."""
    return f"""\
From: MAILER-DAEMON@mx.example
Message-ID: <bounce@mx.example>
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Original-Recipient: rfc822;{to}
Final-Recipient: rfc822; other@home.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user
 here

--b
Content-Type: {original}

From: assistenza@passo.example
Message-ID: {message_id}

--b--
""".encode()
