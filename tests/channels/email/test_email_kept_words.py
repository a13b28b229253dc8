"""The shopper's own words stay: when in doubt, a line is theirs."""
import pytest

from bot.channels.email.stripping import strip_reply
from tests.channels.email.mails import HEAD, inbound, mail


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Quanto costa?\n\nCordiali saluti\nAda\n\nP.S. l'ordine è il 1004",
         "Quanto costa?\n\nP.S. l'ordine è il 1004"),
        ("Ciao\nSaluti\nAda Neri\n+39 333 1234567\nPS: va bene anche sabato", "Ciao\nPS: va bene anche sabato"),
        ("Il pacco?\n\nKind regards,\nAda\n\nAnd where is my refund?", "Il pacco?\n\nAnd where is my refund?"),
        ("In attesa di riscontro, vi chiedo: posso cambiare?", "In attesa di riscontro, vi chiedo: posso cambiare?"),
        ("Buonasera\n\nIn attesa di un vostro riscontro, vi chiedo:\nposso cambiare taglia?",
         "Buonasera\n\nIn attesa di un vostro riscontro, vi chiedo:\nposso cambiare taglia?"),
        ("Salve\nresto in attesa di riscontro\nCordiali saluti\nAda", "Salve"),
        ("Spedire\nDa: via Po 1\nA: via Roma 3", "Spedire\nDa: via Po 1\nA: via Roma 3"),
        ("Da: Milano\nA: Roma\nData: 3 marzo\nOggetto: trasloco",
         "Da: Milano\nA: Roma\nData: 3 marzo\nOggetto: trasloco"),
        ("From: Milan\nTo: Rome\nhow much?", "From: Milan\nTo: Rome\nhow much?"),
        ("Ordine 1004\n--\nil pacco è rotto, cosa faccio?", "Ordine 1004\n\nil pacco è rotto, cosa faccio?"),
        ("Prima\n-- \nAda Neri\nvia Po 1, Torino\n\nDimenticavo: la taglia è la 42",
         "Prima\nDimenticavo: la taglia è la 42"),
        ("Ciao\n--\nAda Neri", "Ciao"),
        ("Inviato da Milano il 3 marzo, mai arrivato", "Inviato da Milano il 3 marzo, mai arrivato"),
        ("Inviato da casa mia\nperso?", "Inviato da casa mia\nperso?"),
        ("Grazie\nDistinti saluti\nil numero è 1004", "Grazie\nDistinti saluti\nil numero è 1004"),
        ("Il giorno 3 il corriere mi ha scritto:\nconsegna impossibile. Cosa faccio?",
         "Il giorno 3 il corriere mi ha scritto:\nconsegna impossibile. Cosa faccio?"),
        ("Thanks,\nbut where is it?", "Thanks,\nbut where is it?"),
        ("Messaggio originale: non l'ho più", "Messaggio originale: non l'ho più"),
        ("Salve,\nQuesto messaggio è apparso sul sito. Che vuol dire?",
         "Salve,\nQuesto messaggio è apparso sul sito. Che vuol dire?"),
    ],
)
def test_what_a_shopper_says_below_a_greeting_or_like_a_header_stays(text: str, kept: str) -> None:
    assert " ".join(strip_reply(text).split()) == " ".join(kept.split())


@pytest.mark.parametrize(
    "below",
    [
        "-----Messaggio originale-----\nDa: Passo\nvecchio", "----- Original Message -----\nvecchio",
        "Ottieni Outlook per iOS<https://aka.ms/o0ukef>", "Get Outlook for Android", "Scarica Outlook per Android",
        "Inviato da Outlook per iOS", "Inviato dal mio dispositivo Samsung Galaxy", "Sent from my iPhone",
        "Inviato da Libero Mail per Android", "Sent from Yahoo Mail on Android", "Inviata da iPad",
        "Inizio messaggio inoltrato:\n\nDa: Passo <a@passo.example>\nOggetto: x\n\nvecchio",
        "Begin forwarded message:\n\nFrom: Passo <a@passo.example>\nSubject: x\n\nvecchio",
        "____________________\nDa: Passo <a@passo.example>\nInviato: lun 23 novembre 2026 10:00\n"
        "A: Ada\nOggetto: Costi\n\nvecchio",
        "*Da:* Passo <a@passo.example>\n*Inviato:* lun 23 novembre 2026 10:00\n*A:* Ada\n*Oggetto:* Costi\n\nvecchio",
        "Il giorno lun 23 nov 2026 alle ore 10:00 Passo <a@passo.example> ha scritto:\n\nvecchio senza segni",
        "Questo messaggio e i suoi allegati sono riservati ai destinatari. Se lo avete ricevuto per errore, "
        "cancellatelo e avvisate il mittente.",
        "Ai sensi del Regolamento UE 679/2016 le informazioni contenute in questa mail sono riservate al destinatario.",
        "AVVISO DI RISERVATEZZA\nLe informazioni contenute in questo messaggio sono confidenziali.",
        "This e-mail and any files transmitted with it are confidential and intended solely for the recipient.",
        "CONFIDENTIALITY NOTICE: The contents of this message are intended only for the recipient.",
        "Prima di stampare, pensa all'ambiente", "Please consider the environment before printing this email.",
        "In attesa di un Vostro cortese riscontro porgo cordiali saluti\nAda Neri", "Un caro saluto,\nAda",
        "Grazie e cordiali saluti\nAda Neri\nResponsabile acquisti\nNeri S.r.l.\nTel. 011 123456\nwww.neri.example",
    ],
)
def test_what_programs_and_companies_add_goes(below: str) -> None:
    assert strip_reply(f"Dov'è il pacco?\n\n{below}") == "Dov'è il pacco?"


@pytest.mark.parametrize(
    "headers",
    [
        b'Content-Type: text/plain; charset=utf-8; name="mail.txt"\n',
        b"Content-Type: text/plain; name=body\nContent-Disposition: inline\n",
    ],
)
def test_a_text_with_a_name_is_still_the_text(headers: bytes) -> None:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    found = inbound(head + headers + b"\nDov'e il pacco?\n--b--\n")
    assert (found.text, found.attachments) == ("Dov'e il pacco?", ())


def test_a_text_given_as_a_file_is_a_file() -> None:
    made = mail("ecco")
    made.add_attachment("tutto il registro", filename="log.txt")
    found = inbound(made.as_bytes())
    assert (found.text, [one.name for one in found.attachments]) == ("ecco", ["log.txt"])


def test_a_forward_of_html_alone_does_not_vanish() -> None:
    html = (
        '<div>Guardate</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "Da: <b>Passo</b> &lt;a@passo.example&gt;<br>Date: lun 23 nov 2026 10:00<br>Subject: Costi<br>To: Ada</div>"
        "<div>Costa 4,90 €</div></div>"
    )
    made = mail("x", Subject="Fwd: Costi")
    made.set_content(html, subtype="html")
    found = inbound(made.as_bytes())
    assert found.text == "Guardate"
    assert "Costa 4,90" in next(one.text for one in found.context if one.kind == "forward")


def test_the_whole_mail_can_always_be_opened() -> None:
    assert [one.url for one in inbound(mail().as_bytes()).context if one.kind == "whole"] == ["/media/email/77-5-whole"]
