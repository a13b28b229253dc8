"""What a mail becomes, whatever it is made of."""
import json
from datetime import timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.inbound import Mail
from bot.model.conversation import Attachment, Context, EventKind, Inbound
from tests.channels.email.mails import HEAD, SHOP, inbound, mail, read, reader
from tests.fakes import MONDAY_MORNING, FakeClock

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "email"


def test_a_plain_mail() -> None:
    raw = HEAD + b"Subject: Re: Costi\nContent-Language: it-IT, en\nReferences: <0@phone>\n\n"
    raw += "Dov'è il mio ordine?\n".encode()
    assert inbound(raw) == Inbound(
        channel="email", kind=EventKind.MESSAGE, key=inbound(raw).key, address="ada@home.example", account=SHOP,
        text="Dov'è il mio ordine?", sent_at=MONDAY_MORNING, locale="it-IT", name="Ada Neri",
        payload={"thread": {"message_id": "<1@phone>", "references": ["<0@phone>"], "subject": "Re: Costi"}},
        context=(Context("whole", url="/media/email/77-5-whole"),),
    )


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        (b"utf-8", "perché".encode(), "perché"), (b"iso-8859-1", "perché".encode("latin-1"), "perché"),
        (b"iso-8859-1", "50 € – così".encode("windows-1252"), "50 € – così"),
        (b"windows-1252", "l’ordine".encode("windows-1252"), "l’ordine"),
        (b"us-ascii", "perché".encode(), "perché"), (b"us-ascii", "perché".encode("latin-1"), "perché"),
        (b"utf-8", "perché".encode("latin-1"), "perché"), (b"utf-8", b"a\xff\xfeb", "aÿþb"),
        (b"koi8-r", "привет".encode("koi8-r"), "привет"), (b"iso-2022-jp", "荷物".encode("iso-2022-jp"), "荷物"),
        (b"no-such-charset", "perché".encode(), "perché"), (b"base64", b"ciao", "ciao"), (b"punycode", b"ciao", "ciao"),
        (b"x-mac-roman", "perché".encode("mac-roman"), "perché"), (b"macintosh", "città".encode("mac-roman"), "città"),
        (b"cp-850", "perché".encode("cp850"), "perché"), (b"IBM-850", "così".encode("cp850"), "così"),
        (b"x-cp1252", "l’ordine".encode("cp1252"), "l’ordine"), (b"win-1251", "привет".encode("cp1251"), "привет"),
        (b"iso-8859-8-i", "שלום".encode("iso-8859-8"), "שלום"), (b"x-sjis", "荷物".encode("cp932"), "荷物"),
        (b"windows1252", "50 €".encode("cp1252"), "50 €"), (b"utf8mb4", "perché".encode(), "perché"),
        (b"unicode-1-1-utf-7", "perché".encode("utf-7"), "perché"), (b"x-gbk", "包裹".encode("gbk"), "包裹"),
        (b'"utf-8\x00"', "perché".encode(), "perché"), (b"''", "perché".encode(), "perché"),
    ],
)
def test_charsets_true_and_claimed(charset: bytes, content: bytes, text: str) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=" + charset + b"\nContent-Transfer-Encoding: 8bit\n\n" + content
    assert inbound(raw).text == text


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        (b"=?utf-8?q?Nicol=C3=B2?= Blu <NICO@x.example>", "Nicolò Blu", "nico@x.example"),
        (b"=?iso-8859-1?Q?Nicol=F2?= =?iso-8859-1?Q?_Blu?= <nico@x.example>", "Nicolò Blu", "nico@x.example"),
        (b"nico@x.example", None, "nico@x.example"), (b'"Blu, Nico" <nico@x.example>', "Blu, Nico", "nico@x.example"),
        ("Nicolò <nico@x.example>".encode(), "Nicolò", "nico@x.example"),
        (b"a@x.example, b@x.example", None, "a@x.example"), (b"Nico <nico@x.example", "Nico", "nico@x.example"),
        (b"=?utf-8?b?!!!?= <nico@x.example>", None, "nico@x.example"),
        (b"nico@x.example <nico@x.example>", None, "nico@x.example"),
    ],
)
def test_who_wrote(value: bytes, name: str | None, address: str) -> None:
    found = inbound(b"From: " + value + b"\nMessage-ID: <1@x>\n\nciao")
    assert (found.name, found.address) == (name, address)


@pytest.mark.parametrize("value", [b"", b"nobody", b"<>", b"a@b@c", b"undisclosed-recipients:;", b"x" * 300 + b"@y.z"])
def test_a_mail_without_a_sender_joins_no_conversation(value: bytes) -> None:
    found = read(b"From: " + value + b"\n\nciao")
    assert "holds no address to answer" in found.left_alone
    assert found.inbound.payload["aside"] == found.left_alone


HTML = """\
<html><head><style>p {color: red}</style><title>x</title></head><body>
<p>Buongiorno,<br>dov'&egrave; il <b>mio&nbsp;pacco</b>?</p><ul><li>ordine 1004</li><li>ordine 1005</li></ul>
<script>alert(1)</script>
"""
READ = "Buongiorno,\ndov'è il mio pacco?\n\n• ordine 1004\n• ordine 1005"
QUOTES = {
    "gmail": '<div class="gmail_quote">Il giorno lun ha scritto:<blockquote>vecchio<div>x</div></blockquote></div>',
    "apple": '<blockquote type="cite"><div>vecchio</div></blockquote>',
    "outlook": '<hr><div id="divRplyFwdMsg">Da: Passo</div><div>vecchio</div>',
    "thunderbird": '<div class="moz-cite-prefix">Il 23/11:</div><blockquote type="cite">vecchio</blockquote>',
    "signature": '<div class="gmail_signature">Ada Neri<br>vecchio</div>',
    "unclosed": '<div class="gmail_quote"><p>vecchio',
    "nothing": "",
}


@pytest.mark.parametrize("quote", QUOTES)
def test_html_alone_is_read_without_what_it_quotes(quote: str) -> None:
    raw = HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + (HTML + QUOTES[quote] + "</body></html>").encode()
    assert inbound(raw).text == READ


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div class="gmail_quote">tutto qui</div>', "tutto qui"), ("<![broken <p>ciao", "ciao"),
        ("a<br/>b", "a\nb"), ("<td>a</td><td>b</td>", "a b"), ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<!--[if mso]><p>no</p><![endif]-->sì", "sì"), ("1 &lt; 2 &amp;&amp; 3", "1 < 2 && 3"),
        ("<div/>ciao<script/>x</script> sì", "ciao sì"), ("  a \n\n\n b  ", "a b"),
    ],
)
def test_strange_html(html: str, text: str) -> None:
    assert inbound(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + html.encode()).text == text


def alternative(plain: str, html: str) -> EmailMessage:
    made = mail(plain)
    made.add_alternative(html, subtype="html")
    return made


def test_of_two_texts_the_plain_one_is_read_unless_it_is_empty() -> None:
    assert inbound(alternative("semplice", "<p>bello</p>").as_bytes()).text == "semplice"
    assert inbound(alternative(" \n", "<p>bello</p>").as_bytes()).text == "bello"


def test_files_stand_beside_the_text() -> None:
    made = alternative("ecco la foto", "<p>ecco la foto</p>")
    made.add_attachment(b"\xff\xd8 a photo", maintype="image", subtype="jpeg", filename="scarpa è.jpg")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="fattura.pdf")
    made.add_attachment(b"nota", maintype="audio", subtype="ogg", filename="")
    found = inbound(made.as_bytes())
    assert found.text == "ecco la foto"
    assert found.attachments == (
        Attachment("image", "scarpa è.jpg", "image/jpeg", "/media/email/77-5-4", 10),
        Attachment("document", "fattura.pdf", "application/pdf", "/media/email/77-5-5", 4),
        Attachment("audio", "", "audio/ogg", "/media/email/77-5-6", 4),
    )


def test_an_image_inside_html_is_a_file_unless_it_is_a_logo() -> None:
    made = mail("x")
    made.set_content("<p>guardi <img src='cid:a'></p>", subtype="html")
    made.add_related(b"x" * 20_000, "image", "png", cid="<a>")
    made.add_related(b"x" * 200, "image", "gif", cid="<b>")
    found = inbound(made.as_bytes())
    assert [(one.kind, one.size) for one in found.attachments] == [("image", 20_000)]


def test_a_mail_inside_the_mail_is_a_file() -> None:
    made = mail("inoltro")
    made.add_attachment(mail("vecchia", Subject="Ordine 1004"))
    found = inbound(made.as_bytes())
    assert found.text == "inoltro"
    assert [(one.kind, one.name, one.mime_type) for one in found.attachments] == [
        ("document", "Ordine 1004.eml", "message/rfc822")
    ]


def test_a_broken_mail_inside_the_mail_costs_nothing_else() -> None:
    inner = b"Content-Type: message/rfc822\n\nFrom: x\nContent-Type: text/plain; name=\xff\nX: \xff\xfe\n\n\xff\n"
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nciao\n--b\n" + inner + b"--b--\n"
    found = inbound(raw)
    assert (found.text, len(found.attachments)) == ("ciao", 1)


def test_text_around_a_photo_is_read_in_order() -> None:
    raw = HEAD + b"""\
Content-Type: multipart/mixed; boundary=b

--b

prima
--b
Content-Type: image/png; name="=?utf-8?q?citt=C3=A0=2Epng?="
Content-Transfer-Encoding: base64

AAAA
--b
Content-Type: text/plain

dopo
--b--
"""
    found = inbound(raw)
    assert (found.text, [one.name for one in found.attachments]) == ("prima\n\ndopo", ["città.png"])


def test_lines_that_the_mail_program_broke_are_joined() -> None:
    raw = HEAD + b"Content-Type: text/plain; format=flowed\n\nuna riga \nche continua\nun'altra\n-- \nAda\n"
    assert inbound(raw).text == "una riga che continua\nun'altra"


@pytest.mark.parametrize(
    ("subject", "body", "text"),
    [
        ("Ordine 1004", "dov'è?", "Ordine 1004\n\ndov'è?"), ("Re: Ordine 1004", "dov'è?", "dov'è?"),
        ("R: Ordine 1004", "dov'è?", "dov'è?"), ("Ordine 1004", "", "Ordine 1004"),
        ("Richiesta informazioni", "dov'è?", "dov'è?"), ("", "dov'è?", "dov'è?"),
        ("dov'è il pacco", "Dov'è il pacco?", "Dov'è il pacco?"), ("Re: Costi", "", "Re: Costi"),
    ],
)
def test_a_first_mail_says_part_of_it_in_its_subject(subject: str, body: str, text: str) -> None:
    assert inbound(mail(body, Subject=subject).as_bytes()).text == text


def test_a_photo_alone_has_no_text() -> None:
    made = mail("")
    made.replace_header("Subject", "Foto")
    del made["Subject"]
    made.add_attachment(b"a photo", maintype="image", subtype="jpeg")
    found = inbound(made.as_bytes())
    assert (found.text, len(found.attachments)) == ("", 1)


def test_an_empty_mail_is_left_alone() -> None:
    assert read(HEAD + b"\n \n").left_alone == "there is nothing in it"


def test_without_a_message_id_the_headers_are_the_key() -> None:
    head = b"From: ada@home.example\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n"
    one, again, other = (inbound(raw) for raw in (head + b"\nciao", head + b"\nciao", b"X: 1\n" + head + b"\nciao"))
    assert one.key == again.key != other.key
    assert one.key.startswith("headers:")
    assert one.payload["thread"]["message_id"] == ""


@pytest.mark.parametrize("value", [b"<>", b"no id", b"<a b@c>", b"<" + b"x" * 300 + b">", "<è@x>".encode()])
def test_what_is_no_message_id_is_none(value: bytes) -> None:
    found = inbound(b"From: ada@home.example\nMessage-ID: " + value + b"\n\nciao")
    assert found.key.startswith("headers:")


def test_a_sender_who_was_answered_often_gets_a_person() -> None:
    clock = FakeClock()
    cap = AnswerCap(clock)
    raw = mail().as_bytes()
    for _ in range(5):
        assert "choice" not in _payload(cap, raw)
        cap.count("ada@home.example")
    assert _payload(cap, raw)["choice"] == "hand_off"
    clock.advance(hours=24)
    assert "choice" not in _payload(cap, raw)


def test_a_person_who_wrote_ends_the_count() -> None:
    cap = AnswerCap(FakeClock())
    for _ in range(6):
        cap.count("ada@home.example")
    assert cap.is_passed("ada@home.example")
    cap.forget("ada@home.example")
    assert not cap.is_reached("ada@home.example")


def _payload(cap: AnswerCap, raw: bytes) -> dict[str, object]:
    found = reader(cap).read(Mail(77, 5, raw, None)).inbound
    assert found is not None
    return dict(found.payload)


def test_a_servers_time_in_any_zone_is_utc() -> None:
    rome = MONDAY_MORNING.astimezone(timezone(timedelta(hours=1)))
    found = reader().read(Mail(77, 5, mail().as_bytes(), rome)).inbound
    assert found is not None
    assert found.sent_at == MONDAY_MORNING
    assert found.sent_at is not None
    assert found.sent_at.utcoffset() == timedelta()


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="captured payloads are not part of this repository")
def test_captured_replies_read_without_what_they_quote() -> None:
    expected = json.loads((PAYLOADS / "expected_replies.json").read_text(encoding="utf-8"))
    found = {name: inbound((PAYLOADS / name).read_bytes()).text for name in expected}
    assert all(text.removeprefix("Test\n\n") == "Hello" for text in found.values()), found


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="captured payloads are not part of this repository")
def test_captured_automatic_mails_are_left_alone() -> None:
    names = sorted([*PAYLOADS.glob("autoreply_*.eml"), *PAYLOADS.glob("bounce_*.eml")])
    assert [bool(read(file.read_bytes()).left_alone) for file in names] == [True] * 5
    assert inbound((PAYLOADS / "not_bounce_01.eml").read_bytes()).text != ""


BELOW = "Il giorno lun 23 nov 2026 alle ore 10:00 Passo <a@passo.example> ha scritto:\n> Costa 4,90 €\n"


@pytest.mark.parametrize(
    ("content", "subtype", "said"),
    [
        (BELOW, "plain", ""), (f"Inviato da iPhone\n\n{BELOW}", "plain", ""),
        ("> Costa 4,90 €\n" + "> x" * 300, "plain", ""),
        ("<br><blockquote type=cite>Costa 4,90 €</blockquote>", "html", ""), ("Inviato da iPhone", "plain", ""),
        (f"è arrivata così\n\n{BELOW}", "plain", "è arrivata così"),
        ("<p>così</p><blockquote type=cite>Costa 4,90 €</blockquote>", "html", "così"),
    ],
)
def test_a_photo_that_answers_a_mail_does_not_say_what_that_mail_said(content: str, subtype: str, said: str) -> None:
    sent = mail(In_Reply_To="<9@passo.example>")
    sent.set_content(content, subtype=subtype)
    sent.add_attachment(b"a picture", "image", "jpeg", filename="a.jpg")
    found = inbound(sent.as_bytes())
    assert (found.text, [one.kind for one in found.attachments]) == (said, ["image"])


def test_an_answer_that_holds_only_a_file_does_not_say_its_subject() -> None:
    answer = mail("", Subject="Re: Costi", In_Reply_To="<0@shop>")
    answer.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="scarpa.jpg")
    found = inbound(answer.as_bytes())

    assert found.text == ""
    assert [one.kind for one in found.attachments] == ["image"]
