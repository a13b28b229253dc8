"""Who wrote a mail: the shopper behind a form, a list, a colleague; and what makes two mails the same one."""
import pytest

from tests.channels.email.mails import SHOP, inbound, mail, read

ADA = {"Reply_To": "Ada Neri <ada@home.example>"}
FORMS = {
    "wordpress at the shop": {"From": "WordPress <wordpress@passo.example>"},
    "the shop's own address": {"From": f"Passo <{SHOP}>"},
    "the shop's login": {"From": "login@passo.example"},
    "noreply": {"From": "Modulo contatti <noreply@forms.example>"},
    "non rispondere": {"From": "non-rispondere@negozio.example"},
    "a service for forms": {"From": "Shopify <mailer@shopify.example>"},
    "a web server": {"From": "www-data@host.example"},
    "another address of the shop": {"From": "info@passo.example"},
    "a script": {"From": "info@altro.example", "X_PHP_Originating_Script": "33:PHPMailer.php"},
    "a mailer of scripts": {"From": "info@altro.example", "X_Mailer": "PHPMailer 6.8"},
    "a list that hides the writer": {"From": "'Ada' via Assistenza <aiuto@lists.example>",
                                     "List_Post": "<mailto:aiuto@lists.example>"},
    "form submissions": {"From": "form-submission@squarespace.example"},
    "several to answer": {"From": "wordpress@passo.example",
                          "Reply_To": f"{SHOP}, noreply@x.example, Ada Neri <ADA@home.example>"},
}


@pytest.mark.parametrize("case", FORMS)
def test_a_form_writes_in_a_shoppers_name(case: str) -> None:
    headers = ADA | FORMS[case]
    found = inbound(mail("Dov'è il mio ordine?", **headers).as_bytes())
    assert (found.address, found.name) == ("ada@home.example", "Ada Neri")
    assert "aside" not in found.payload
    assert [one.text for one in found.context if one.kind == "via"] != []


def test_two_shoppers_of_one_form_are_two() -> None:
    first, second = (
        inbound(mail(From="wordpress@passo.example", Reply_To=f"{who}@home.example").as_bytes())
        for who in ("ada", "bruno")
    )
    assert (first.address, second.address) == ("ada@home.example", "bruno@home.example")
    assert first.key != second.key


def test_a_form_without_a_header_is_known_by_what_was_filled_in() -> None:
    text = "Nome: Ada\nE-mail: ada@home.example\nMessaggio: dov'è il pacco?"
    found = inbound(mail(text, From="sistema@agenzia.example", Reply_To="ada@home.example").as_bytes())
    assert found.address == "ada@home.example"


@pytest.mark.parametrize(
    "headers",
    [
        {"Reply_To": "ada.altra@home.example"}, {"Reply_To": SHOP}, {"Reply_To": "noreply@x.example"},
        {"Reply_To": "nonsense"}, {"Reply_To": "Ada <ada@home.example>"},
        {"Reply_To": "<aiuto@lists.example>", "List_Post": "<mailto:aiuto@lists.example>"},
    ],
)
def test_a_shopper_who_writes_themselves_is_the_sender(headers: dict[str, str]) -> None:
    assert inbound(mail(**headers).as_bytes()).address == "ada@home.example"


@pytest.mark.parametrize(
    "other",
    [
        {"From": "Bruno <bruno@home.example>"}, {"Date": "Tue, 24 Nov 2026 10:00:00 +0100"}, {"text": "e il reso?"},
    ],
)
def test_a_message_id_that_is_used_again_is_no_repetition(other: dict[str, str]) -> None:
    usual = {"text": "spedizione?", "Date": "Mon, 23 Nov 2026 10:00:00 +0100"}
    first, again, second = (mail(**one).as_bytes() for one in (usual, usual, usual | other))
    assert inbound(first).key == inbound(again).key != inbound(second).key


FORWARDS = {
    "gmail": "---------- Forwarded message ---------\nDa: Ada Neri <ada@home.example>\nDate: lun 23 nov 2026 alle ore "
             "10:00\nSubject: Reso\nTo: <info@passo.example>\n\nCome faccio il reso?",
    "outlook": "______________________\nDa: Ada Neri <ada@home.example>\nInviato: lun 23 novembre 2026 "
               "10:00\nA: info@passo.example\nOggetto: Reso\n\nCome faccio il reso?\n\nCordiali saluti\nAda",
    "apple": "Inizio messaggio inoltrato:\n\nDa: Ada Neri <ada@home.example>\nOggetto: Reso\nData: 23 novembre 2026 "
             "alle ore 10:00:00 CET\nA: info@passo.example\n\nCome faccio il reso?",
    "apple, quoted": "Inizio messaggio inoltrato:\n\n> Da: Ada Neri <ada@home.example>\n> Oggetto: Reso\n> Data: 23 "
                     "novembre 2026 10:00\n> A: info@passo.example\n>\n> Come faccio il reso?",
    "thunderbird": "-------- Messaggio Inoltrato --------\nOggetto: \tReso\nData: \tMon, 23 Nov 2026 10:00:00 +0100\n"
                   "Mittente: \tAda Neri <ada@home.example>\nA: \tinfo@passo.example\n\nCome faccio il reso?",
    "old outlook": "-----Messaggio originale-----\nDa: Ada Neri [mailto:ada@home.example]\nInviato: lunedì 23 novembre "
                   "2026 10:00\nA: info@passo.example\nOggetto: Reso\n\nCome faccio il reso?",
}


@pytest.mark.parametrize("program", FORWARDS)
def test_a_colleague_who_passes_a_mail_on_is_not_the_customer(program: str) -> None:
    made = mail(f"Ci pensi tu? Grazie\n\n{FORWARDS[program]}", From="Giulia <giulia@passo.example>", Subject="I: Reso")
    found = inbound(made.as_bytes())
    assert (found.address, found.name, found.text) == ("ada@home.example", "Ada Neri", "Come faccio il reso?")
    assert found.payload["unanswered"] == "a colleague passed it on"
    told = [one.text for one in found.context if one.kind == "passed_on"]
    assert told == ["giulia@passo.example: Ci pensi tu? Grazie"]


def test_a_mail_passed_on_as_a_file_is_the_shoppers() -> None:
    made = mail("eccola", From="giulia@passo.example", Subject="Fwd: Reso")
    made.add_attachment(mail("Come faccio il reso?", Subject="Re: Reso"))
    found = inbound(made.as_bytes())
    assert (found.address, found.text) == ("ada@home.example", "Come faccio il reso?")


@pytest.mark.parametrize("program", FORWARDS)
def test_what_a_shopper_passes_on_does_not_vanish(program: str) -> None:
    whole = FORWARDS[program]
    made = mail(f"Non mi avete risposto\n\n{whole}", From="bruno@casa.example", Subject="Fwd: Reso")
    found = inbound(made.as_bytes())
    assert (found.address, found.text) == ("bruno@casa.example", "Non mi avete risposto")
    assert "Come faccio il reso?" in next(one.text for one in found.context if one.kind == "forward")
    alone = inbound(mail(whole, From="bruno@casa.example", Subject="Fwd: Reso").as_bytes())
    assert alone.text == "Come faccio il reso?"


def test_a_colleague_who_writes_themselves_is_one_who_writes() -> None:
    assert inbound(mail(From="giulia@passo.example").as_bytes()).address == "giulia@passo.example"


def test_of_the_free_providers_nobody_is_a_colleague() -> None:
    made = mail(f"vedi\n\n{FORWARDS['gmail']}", From="bruno@gmail.com", To="passo@gmail.com", Subject="Fwd: Reso")
    assert read(made.as_bytes()).inbound.address == "bruno@gmail.com"


@pytest.mark.parametrize("label", ["E-mail: ", "Email: ", "Da: Ada ", "From: ", "email:"])
@pytest.mark.parametrize("who", ["wordpress@passo.example", SHOP, "www-data@host.example"])
def test_a_form_that_names_the_shopper_only_in_its_text_is_for_people(label: str, who: str) -> None:
    found = inbound(mail(f"Nome: Ada\n{label}ada@home.example\n\nDov'è il pacco?", From=who).as_bytes())
    assert found.address == "ada@home.example"
    assert found.payload["unanswered"] == "the form names the shopper only in its text"


@pytest.mark.parametrize("text", ["Dov'è il pacco?", "E-mail: ada@home.example\nE-mail: bruno@home.example"])
def test_a_form_that_names_no_shopper_is_for_people(text: str) -> None:
    found = inbound(mail(text, From="wordpress@negozio.example").as_bytes())
    assert found.payload["unanswered"] == "a form that names no shopper"


@pytest.mark.parametrize(
    "below",
    [
        "Da: Ada Neri\nInviato: lun 23 novembre 2026 10:00\nA: info\nOggetto: Reso\n\nil mio reso?",
        "---------- Forwarded message ---------\nDa: <info@passo.example>\nDate: 23 nov 2026 10:00\nSubject: x\n\nx",
        "nessuna intestazione",
    ],
)
def test_what_a_colleague_passes_on_without_an_address_is_for_people(below: str) -> None:
    found = inbound(mail(f"guarda\n\n{below}", From="giulia@passo.example", Subject="I: Reso").as_bytes())
    assert found.payload["unanswered"] == "a colleague passed on a mail that names no shopper's address"
