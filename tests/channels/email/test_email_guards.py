"""Which mail a machine never answers."""
import pytest

from tests.channels.email.mails import IDS, bounce, inbound, mail, read

ASIDE = {
    "auto-replied": {"Auto_Submitted": "auto-replied"},
    "auto-generated with a comment": {"Auto_Submitted": "Auto-Generated (vacation)"},
    "auto-notified with a parameter": {"Auto_Submitted": 'auto-notified; owner-email="a@b.example"'},
    "a null return path": {"Return_Path": "<>"},
    "the mail system": {"From": "Mail Delivery System <MAILER-DAEMON@mx.example>"},
    "the postmaster": {"From": "postmaster@mx.example"},
    "bulk": {"Precedence": "Bulk"}, "junk": {"Precedence": "junk"}, "list": {"Precedence": "list"},
    "auto_reply": {"Precedence": "auto_reply"},
    "a mailing list": {"List_Id": "<news.shop.example>"}, "a newsletter": {"List_Unsubscribe": "<mailto:x@y.example>"},
    "exchange asks not to": {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
    "exchange asks not to at all": {"X_Auto_Response_Suppress": "All"},
    "x-autoreply": {"X_Autoreply": "yes"}, "x-autorespond": {"X_Autorespond": "1"}, "x-loop": {"X_Loop": "a@b.example"},
    "ourselves": {"From": "Passo <Assistenza@passo.example>"}, "our login": {"From": "login@passo.example"},
    "noreply": {"From": "noreply@x.example"}, "no-reply": {"From": "Negozio <no-reply@x.example>"},
    "do_not_reply": {"From": "do_not_reply@x.example"}, "non rispondere": {"From": "non-rispondere@x.example"},
    "no-reply with a tag": {"From": "no-reply+123@x.example"}, "bounces": {"From": "bounces+1-2@x.example"},
    "ne pas répondre": {"From": "ne-pas-repondre@x.example"},
}
SUBJECTS = [
    "Automatic reply: Re: Costi", "Auto reply: Costi", "AUTO-REPLY", "Out of Office: back on Monday",
    "Out of the office", "[Automatic reply] x",
    "Risposta automatica: Costi", "Fuori ufficio: ferie", "Automatische Antwort: x", "Abwesenheitsnotiz: x",
    "Réponse automatique : x", "Respuesta automática: x", "Resposta automática: x", "Automatisch antwoord: x",
    "Automatiskt svar: x", "Autosvar: x", "Odpowiedź automatyczna: x", "Автоответ: x", "自動応答: x",
    "Undelivered Mail Returned to Sender", "Undeliverable: Costi", "Mail delivery failed: returning message to sender",
    "Delivery Status Notification (Failure)", "=?utf-8?q?R=C3=A9ponse_automatique?= : x", "Mancato recapito",
]
ANSWERED = {
    "nothing special": {}, "auto-submitted no": {"Auto_Submitted": "no"}, "a return path": {"Return_Path": "<a@b.c>"},
    "a person's precedence": {"Precedence": "first-class"}, "suppress none": {"X_Auto_Response_Suppress": "None"},
    "nora": {"From": "nora@x.example"}, "noemi": {"From": "noemi.replica@x.example"}, "no": {"From": "no@x.example"},
    "nonna": {"From": "nonna@x.example"}, "notaio": {"From": "notaio-rossi@x.example"}, "n": {"From": "no.rossi@x.it"},
    "answers an automatic mail": {"Subject": "Re: Risposta automatica: Costi"},
    "the office": {"Subject": "Il pacco è fuori dall'ufficio postale?"}, "auto": {"Subject": "Automatico o manuale?"},
    "return": {"Subject": "Returned maillot"}, "our domain": {"From": "giulia@passo.example"},
}


@pytest.mark.parametrize("case", ASIDE)
def test_a_machine_is_not_answered(case: str) -> None:
    raw = mail(**ASIDE[case]).as_bytes()
    reading = read(raw)
    assert reading.left_alone
    assert reading.inbound is None


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_that_only_machines_write_is_not_answered(subject: str) -> None:
    raw = b"From: ada@home.example\nMessage-ID: <1@x>\nSubject: " + subject.encode() + b"\n\nSono via."
    assert read(raw).left_alone.startswith("the subject ")


@pytest.mark.parametrize("case", ANSWERED)
def test_a_person_is_answered(case: str) -> None:
    assert inbound(mail(**ANSWERED[case]).as_bytes()).text


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(
    ("status", "unreachable"), [("5.1.1", True), ("5.1.10", True), ("5.2.1", True), ("5.2.2", False), ("5.7.1", False)]
)
def test_a_bounce_of_ours_tells_what_became_of_it(status: str, unreachable: bool, original: str) -> None:
    found = inbound(bounce(message_id=IDS.of("12-3"), status=status, original=original))
    assert (found.kind, found.address, found.key) == ("status", "ada@home.example", "<bounce@mx.example>")
    assert found.payload == {
        "delivery": "failed", "reply": "12-3", "unreachable": unreachable,
        "why": f"The mail server of ada@home.example sent it back: 550 {status} No such user here",
    }


@pytest.mark.parametrize(
    "raw",
    [
        bounce(message_id="<12-3@passo.example>"), bounce(message_id=IDS.of("12-3").replace("12-3", "12-4")),
        bounce(message_id=IDS.of("12-3").replace("passo", "other")),
        bounce(message_id=IDS.of("12-3"), action="delayed"),
        bounce(message_id=IDS.of("12-3"), action="delivered"), bounce(message_id=""),
        bounce(message_id=IDS.of("12-3"), original="text/plain"),
    ],
    ids=["unsigned", "another key", "another domain", "only late", "delivered", "no id", "no original"],
)
def test_any_other_report_is_left_alone(raw: bytes) -> None:
    assert read(raw).inbound is None
    assert read(raw).left_alone


def test_a_message_id_is_the_same_at_every_retry_and_gives_back_its_key() -> None:
    assert IDS.of("12-3") == IDS.of("12-3") != IDS.of("12-4")
    assert IDS.find_key(IDS.of("12-3")) == "12-3"
