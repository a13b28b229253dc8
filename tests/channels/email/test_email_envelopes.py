"""Mails inside mails: signed ones, winmail.dat, certified mail, answers of calendars, very large ones."""
import asyncio
import base64
import struct
from email.message import EmailMessage

import pytest

from bot.channels.email.envelopes import calendar_of
from bot.channels.email.mailbox import Mailbox
from bot.channels.email.media import MediaReader
from bot.channels.email.opening import parse
from bot.model.errors import DeliveryError
from tests.channels.email.conftest import Line
from tests.channels.email.mails import HEAD, inbound, mail, read

SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")


def tlv(tag: int, content: bytes, *, open_ended: bool = False) -> bytes:
    if open_ended:
        return bytes([tag, 0x80]) + content + b"\0\0"
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + content


def signed(content: bytes, *, in_pieces: bool) -> bytes:
    octets = tlv(0x04, content)
    if in_pieces:
        pieces = [tlv(0x04, content[at : at + 100]) for at in range(0, len(content), 100)]
        octets = tlv(0x24, b"".join(pieces), open_ended=True)
    held = tlv(0x30, DATA + tlv(0xA0, octets, open_ended=in_pieces), open_ended=in_pieces)
    inside = tlv(0x30, b"\x02\x01\x01" + tlv(0x31, b"") + held + tlv(0x31, b""), open_ended=in_pieces)
    return tlv(0x30, SIGNED + tlv(0xA0, inside, open_ended=in_pieces), open_ended=in_pieces)


def smime(content: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> bytes:
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n"
    head += "Content-Disposition: attachment; filename=smime.p7m"
    return HEAD + b"Subject: Re: Reso\n" + head.encode() + b"\n\n" + base64.encodebytes(content)


@pytest.mark.parametrize("in_pieces", [False, True])
def test_a_signed_mail_is_read(in_pieces: bool) -> None:
    inner = mail("Come faccio il reso?\n" * 3)
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="scontrino.pdf")
    for name in ("From", "To", "Subject", "Message-ID"):
        del inner[name]
    raw = smime(signed(inner.as_bytes(), in_pieces=in_pieces))
    found = inbound(raw)
    assert found.text.startswith("Come faccio il reso?")
    assert [one.name for one in found.attachments] == ["scontrino.pdf"]
    place = int(found.attachments[0].url.rpartition("-")[2])
    assert list(parse(raw).walk())[place].get_payload(decode=True) == b"%PDF"


def test_a_clear_signature_is_no_file() -> None:
    raw = HEAD + (
        b"Content-Type: multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"\n\n--b\n\n"
        b"ciao, il reso?\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n"
        b"Content-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
    )
    assert (inbound(raw).text, inbound(raw).attachments) == ("ciao, il reso?", ())


def test_an_encrypted_mail_goes_to_a_person_and_says_why() -> None:
    found = inbound(smime(tlv(0x30, ENVELOPED + tlv(0xA0, b"x" * 200))))
    assert found.payload["choice"] == "hand_off"
    assert "encrypted" in [one.kind for one in found.context]


@pytest.mark.parametrize("cut", range(0, 300, 7))
def test_a_broken_signature_costs_only_itself(cut: int) -> None:
    raw = smime(signed(b"Content-Type: text/plain\n\nciao " + b"x" * 250, in_pieces=bool(cut % 2))[:cut])
    assert read(raw).inbound.attachments or read(raw).left_alone or read(raw).inbound.text


def attribute(level: int, kind: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) % 65536)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    made = struct.pack("<I", len(values))
    for kind, name, content in values:
        made += struct.pack("<HH", kind, name)
        padded = content + b"\0" * (-len(content) % 4)
        made += content if kind == 3 else struct.pack("<II", 1, len(content)) + padded
    return made


def winmail(*, body: bool = True) -> bytes:
    mapi = properties((3, 0x0E07, b"\1\0\0\0"), (0x1F, 0x1000, "Perché non arriva?\0".encode("utf-16-le")))
    name = properties((0x1F, 0x3707, "foto della scarpa.jpg\0".encode("utf-16-le")), (0x1E, 0x370E, b"image/jpeg\0"))
    return b"\x78\x9f\x3e\x22\x01\x00" + (attribute(1, 0x69003, mapi) if body else b"") + (
        attribute(2, 0x69002, b"\0" * 14) + attribute(2, 0x18010, b"FOTO~1.JPG\0") + attribute(2, 0x6800F, b"a photo")
        + attribute(2, 0x69005, name)
    )


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_winmail_dat_is_opened(kind: str) -> None:
    made = mail("")
    made.add_attachment(winmail(), *kind.split("/"), filename="winmail.dat")
    found = inbound(made.as_bytes())
    assert found.text == "Perché non arriva?"
    assert [(one.kind, one.name, one.size) for one in found.attachments] == [("image", "foto della scarpa.jpg", 7)]


def test_beside_a_text_winmail_dat_gives_only_its_files() -> None:
    made = mail("ecco la foto")
    made.add_attachment(winmail(), "application", "ms-tnef", filename="winmail.dat")
    assert inbound(made.as_bytes()).text == "ecco la foto"


@pytest.mark.parametrize("cut", range(0, 250, 9))
def test_a_broken_winmail_dat_costs_only_itself(cut: int) -> None:
    made = mail("ciao")
    made.add_attachment(winmail()[:cut], "application", "ms-tnef", filename="winmail.dat")
    assert inbound(made.as_bytes()).text == "ciao"


def pec(inner: EmailMessage, **headers: str) -> bytes:
    provider = {"From": '"Per conto di: ada@pec.example" <posta-certificata@pec.gestore.example>',
                "Reply_To": "ada@pec.example", "Subject": "POSTA CERTIFICATA: Reso", "Message_ID": "<env@gestore>"}
    made = mail("Messaggio di posta certificata\nIl giorno 23/11/2026 alle ore 10:00:00 il messaggio ...",
                **(provider | headers))
    made.add_attachment(inner, filename="postacert.eml")
    made.add_attachment(b"<xml/>", "application", "xml", filename="daticert.xml")
    return made.as_bytes()


@pytest.mark.parametrize("headers", [{"X_Trasporto": "posta-certificata"}, {}, {
    "X_Trasporto": "errore", "Subject": "ANOMALIA MESSAGGIO: Reso"}])
def test_of_certified_mail_the_inner_one_counts(headers: dict[str, str]) -> None:
    inner = mail("Come faccio il reso?", From="Ada Neri <ada@pec.example>", Message_ID="<in@pec>")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="scontrino.pdf")
    raw = pec(inner, **headers)
    found = inbound(raw)
    assert (found.address, found.name, found.text) == ("ada@pec.example", "Ada Neri", "Come faccio il reso?")
    assert found.payload["thread"]["message_id"] == "<in@pec>"
    assert "unanswered" not in found.payload
    place = int(found.attachments[0].url.rpartition("-")[2])
    assert list(parse(raw).walk())[place].get_payload(decode=True) == b"%PDF"


@pytest.mark.parametrize("headers", [
    {"X_Ricevuta": "accettazione", "Subject": "ACCETTAZIONE: Re: Reso"},
    {"X_Ricevuta": "avvenuta-consegna", "Subject": "CONSEGNA: Re: Reso"},
    {"Subject": "AVVISO DI MANCATA CONSEGNA: Re: Reso"}, {"Subject": "ACCETTAZIONE: Re: Reso"},
])
def test_receipts_of_certified_mail_are_not_answered(headers: dict[str, str]) -> None:
    made = mail("Il messaggio è stato accettato", From="posta-certificata@pec.gestore.example", **headers)
    assert read(made.as_bytes()).left_alone == "a receipt of certified mail"


CALENDAR = (
    "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nSUMMARY:Ritiro scarpe\nDTSTART:20261124T100000Z\nEND:VEVENT\n"
    "END:VCALENDAR"
)


@pytest.mark.parametrize(("method", "by_hand"), [("REPLY", True), ("REQUEST", False)])
def test_an_invitation_is_explained_and_its_answer_not_answered(method: str, by_hand: bool) -> None:
    made = mail("", Subject="Accettata: Ritiro scarpe" if by_hand else "Ritiro scarpe")
    made.add_attachment(CALENDAR.format(method).encode(), "text", "calendar", filename="invite.ics",
                        params={"method": method})
    found = inbound(made.as_bytes())
    assert found.text == made["Subject"]
    assert ("unanswered" in found.payload) is by_hand
    assert f"{method} · Ritiro scarpe · 20261124T100000Z" in [one.text for one in found.context]


def test_a_mail_without_a_calendar_has_none() -> None:
    assert calendar_of(parse(mail().as_bytes())) == ("", "")


def large() -> bytes:
    return HEAD + b"".join([
        b"Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\nContent-Type: application/zip; name=big.zip\n",
        b"Content-Transfer-Encoding: base64\n\n", base64.encodebytes(b"x" * 300_000),
        b"--a b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\nE la domanda?\n",
        b"--c\nContent-Type: text/html\n\n<p>E la domanda?</p>\n--c--\n",
        b"--a b\nContent-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: base64\n\n",
        base64.encodebytes(b"y" * 10_000), b"--a b--\n",
    ])


async def test_text_behind_a_very_large_file_is_read(line: Line) -> None:
    line.arrives(large())
    mailbox = Mailbox(line.account, most_bytes=100_000, most_file=50_000)
    await asyncio.to_thread(mailbox.open)
    (uid,) = await asyncio.to_thread(mailbox.uids_after, 0)
    found = await asyncio.to_thread(mailbox.fetch, uid)
    await asyncio.to_thread(mailbox.close)
    assert found is not None
    read_mail = inbound(found.raw)
    assert read_mail.text == "E la domanda?"
    assert [(one.name, one.size > 290_000) for one in read_mail.attachments] == [("big.zip", True), ("a.jpg", False)]
    assert len(found.raw) < 60_000


async def test_the_whole_mail_is_opened_as_text(line: Line) -> None:
    line.arrives(mail("spedizione?\n\n> vecchio", Subject="Costi").as_bytes())
    await line.moves()
    (message, *_) = await line.messages()
    url = next(one.url for one in message.context if one.kind == "whole")
    media = await MediaReader(line.account).media(url.rpartition("/")[2])
    assert media.mime_type == "text/plain"
    assert "Subject: Costi" in media.content.decode()
    assert "> vecchio" in media.content.decode()
    with pytest.raises(DeliveryError):
        await MediaReader(line.account).media("1-1-whole")
