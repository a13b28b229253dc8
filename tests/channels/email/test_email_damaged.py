"""Mails that are none, or that were made to do harm: they read, or they are an InboundError, and soon."""
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.errors import InboundError
from tests.channels.email.mails import HEAD, inbound, read

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


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=30), max_size=25), st.sampled_from([b"\n", b"\r\n"]))
def test_any_arrangement_of_a_mails_parts_reads_or_is_an_inbound_error(lines: list[bytes], end: bytes) -> None:
    _reads_or_is_refused(end.join(lines))


@settings(max_examples=2000, deadline=None)
@given(raw=st.binary(max_size=400))
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


@settings(max_examples=300, deadline=None)
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
