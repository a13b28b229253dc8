"""Mails that are none, or that were made to do harm: they read, or they are an InboundError, and soon."""
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import InboundError
from tests.channels.damaged import bitten
from tests.channels.email.mails import HEAD, inbound, read
from tests.channels.fuzzing import fuzz

PARTS = [
    b"From: Ada <ada@home.example>", b"From:", b"Message-ID: <1@x>", b"Subject: =?utf-8?q?=C3?=", b"MIME-Version: 1.0",
    b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: multipart/alternative; boundary=\"b\"",
    b"Content-Type: text/html; charset=utf-8", b"Content-Type: multipart/report; boundary=b", b"From: x <",
    b"Content-Type: message/rfc822", b"Content-Type: message/delivery-status",
    b"Content-Type: text/plain; format=flowed",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Content-ID: <a>",
    b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*1=x", b"References: <a> <b", b"Precedence: x",
    b"Content-Transfer-Encoding: x-uuencode", b"Action: failed", b"Final-Recipient: rfc822; a@b.c", b"Date: x",
    b"", b"", b"--b", b"--b", b"--b--", b"> cit", b"On Mon wrote:", b"-- ", b"<p>x<div class=gmail_quote>", b"AAAA",
    b"=C3=A8", b"begin 644 x", b"Il giorno lun ha scritto:", b"<![x", b"<!--", b"Cordiali saluti",
]
#: Good mails, for their bytes to be bitten.
WHOLE = [
    HEAD + b"Subject: =?utf-8?q?Perch=C3=A9?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    b"Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain; charset=iso-8859-1\n"
    b"Content-Transfer-Encoding: quoted-printable\n\nperch=E9 =\nno?\n--c\nContent-Type: text/html\n\n"
    b"<p>perch&eacute;<blockquote type=cite>x</blockquote>\n--c--\n--b\nContent-Type: image/png; name=a.png\n"
    b"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n",
    HEAD + b"Subject: Re: ordine\nReferences: <a@b> <c@d>\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
    b"va bene \ncosi\n\nIl giorno lun 23 nov 2026 alle ore 10:12 Passo <a@b.c> ha scritto:\n> 1. Resi\n> 2. Altro\n",
    b"From: MAILER-DAEMON@x\nTo: a@b.c\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: x\n\nFinal-Recipient: rfc822; ada@home.example\n"
    b"Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1-2.0@b.c>\n\n--b--\n",
]


@fuzz(2000)
@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=30), max_size=25), st.sampled_from([b"\n", b"\r\n"]))
def test_any_arrangement_of_a_mails_parts_reads_or_is_an_inbound_error(lines: list[bytes], end: bytes) -> None:
    _reads_or_is_refused(end.join(lines))


@fuzz(2000)
@given(raw=st.binary(max_size=400) | bitten(WHOLE))
def test_any_bytes_read_or_are_an_inbound_error(raw: bytes) -> None:
    _reads_or_is_refused(raw)
    _reads_or_is_refused(HEAD + raw)


def _reads_or_is_refused(raw: bytes) -> None:
    try:
        reading = read(raw)
    except InboundError:
        return
    if reading.inbound is not None:
        json.dumps(dict(reading.inbound.payload))
        f"{reading.inbound.text}{reading.inbound.name}{reading.inbound.key}".encode()


@fuzz(300)
@given(st.from_regex(r"X-Future-[A-Za-z]{1,9}", fullmatch=True), st.text(st.characters(codec="ascii"), max_size=40))
def test_unknown_headers_change_nothing(name: str, value: str) -> None:
    line = f"{name}: {' '.join(value.split())}\n".encode()
    assert inbound(line + HEAD + b"Subject: Re: x\n\nciao") == inbound(HEAD + b"Subject: Re: x\n\nciao")


MANY = [
    b"<" * 300_000, b"<!" * 150_000, b"<div>" * 60_000, b"<a href='" * 40_000, b"<!--" * 100_000,
    b"&#" + b"9" * 400_000, b"<a " + b"class " * 60_000 + b">", b"&" * 300_000, b"<p>\n" * 100_000,
]
SLOW = [
    *(b"Content-Type: text/html\n\n" + html for html in MANY),
    b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 2000,
    b"\n" + b"Il " * 100_000, b"\n" + b"On x\n" * 20_000, b"\n" + b"From: " * 3_000, b"\n" + b"> " * 50_000,
    b"\n" + b"\n" * 100_000 + b"x", b"Subject: " + b"=?utf-8?q?a?=" * 20_000 + b"\n\nx",
    b"References: " + b"<a@b> " * 50_000 + b"\n\nx", b"\n" + (b"Il " + b"x " * 240 + b"\n") * 40,
    b"\n" + b"Disclaimer: mail" * 30 + b"\n" + b"From:\n" * 3_000, b"\n" + b"-- \n" * 5_000,
    b"\n" + (b"1:11 " * 90 + b"\n") * 40, b"\n" + b"From: a\nA: b\n" * 1_500,
]


@pytest.mark.parametrize("raw", SLOW, ids=range(len(SLOW)))
def test_a_mail_made_to_take_long_does_not(raw: bytes) -> None:
    """Seconds, not minutes: other shoppers' mail waits behind it."""
    _reads_or_is_refused(b"From: ada@home.example\n" + raw)
