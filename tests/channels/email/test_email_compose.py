"""How a reply looks as a mail."""
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.email.compose import From, compose
from bot.channels.email.threads import ids_in
from bot.channels.text import clean
from bot.model.conversation import Choice, OutboxKind, Reply
from tests.channels.email.mails import IDS, inbound, mail
from tests.fakes import MONDAY_MORNING
from tests.providers.mail_shopper import html_of, plain_text

SHOP = From("Passo Calzature & C.", "assistenza@passo.example")


def sent(reply: Reply) -> EmailMessage:
    """The mail as the shopper's program reads it."""
    made = compose(reply, sender=SHOP, to="ada@home.example", message_id=IDS.of("1-2"), at=MONDAY_MORNING)
    assert made is not None
    raw = made.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = BytesParser(policy=default).parsebytes(raw)
    assert isinstance(read, EmailMessage)
    return read


def in_thread(**thread: Any) -> EmailMessage:
    return sent(Reply("Ciao", "it", thread=thread))


def test_the_same_words_as_plain_text_and_as_html() -> None:
    made = sent(Reply("Costa **4,90 €**.\n\n- a\n- [Resi](https://shop.example/?a=1&b=2)\n\n1 < 2", "it"))
    assert made.get_content_type() == "multipart/alternative"
    assert plain_text(made) == "Costa 4,90 €.\n\n• a\n• Resi: https://shop.example/?a=1&b=2\n\n1 < 2"
    html = html_of(made)
    assert '<html lang="it">' in html
    assert "<p>Costa <b>4,90 €</b>.</p>" in html
    assert '<p>• a<br>• <a href="https://shop.example/?a=1&amp;b=2">Resi</a></p>' in html
    assert "<p>1 &lt; 2</p>" in html


def test_who_writes_to_whom() -> None:
    made = sent(Reply("Ciao", "it"))
    assert str(made["From"]) == '"Passo Calzature & C." <assistenza@passo.example>'
    assert (made["To"], made["Message-ID"]) == ("ada@home.example", IDS.of("1-2"))
    assert made["Date"].datetime == MONDAY_MORNING
    assert made["Content-Language"] == "it"


def test_choices_are_numbered_lines() -> None:
    choices = (Choice("Resi", "faq:x", "3.1"), Choice("Nessuna", "none", "3.2"))
    made = sent(Reply("Quale?", "it", choices=choices))
    assert plain_text(made) == "Quale?\n\n1. Resi\n2. Nessuna"
    assert "<p>1. Resi<br>2. Nessuna</p>" in html_of(made)


def test_an_image_is_shown_and_linked() -> None:
    made = sent(Reply("La scarpa", "it", image="https://shop.example/a.jpg?x=1&y=2"))
    assert plain_text(made) == "La scarpa\n\nhttps://shop.example/a.jpg?x=1&y=2"
    assert '<img src="https://shop.example/a.jpg?x=1&amp;y=2"' in html_of(made)


def test_nothing_to_say_is_no_mail() -> None:
    assert compose(Reply(" ", "it"), sender=SHOP, to="a@b.c", message_id="<x@y>", at=MONDAY_MORNING) is None


@pytest.mark.parametrize("kind", OutboxKind)
def test_all_but_an_operators_mail_say_that_they_are_automatic(kind: OutboxKind) -> None:
    made = sent(Reply("Ciao", "it", kind=kind))
    marked = ("auto-replied", "All") if kind is not OutboxKind.OPERATOR else (None, None)
    assert (made["Auto-Submitted"], made["X-Auto-Response-Suppress"]) == marked


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Costi", "Re: Costi"), ("Re: Costi", "Re: Costi"), ("R: Costi", "R: Costi"),
        ("RE: RE: Costi", "RE: RE: Costi"), ("AW: Costi", "AW: Costi"), ("re[2]: Costi", "re[2]: Costi"),
        ("Reso", "Re: Reso"), ("Ri-ordine", "Re: Ri-ordine"),
        ("Perché così?", "Re: Perché così?"), ("", "Passo Calzature & C."), (None, "Passo Calzature & C."),
    ],
)
def test_the_subject_is_kept(subject: str | None, answered: str) -> None:
    assert in_thread(message_id="<1@x>", subject=subject)["Subject"] == answered


def test_an_answer_hangs_below_what_it_answers() -> None:
    made = in_thread(message_id="<3@x>", references=["<1@x>", "<2@x>"], subject="Re: Costi")
    assert (made["In-Reply-To"], made["References"]) == ("<3@x>", "<1@x> <2@x> <3@x>")


def test_without_a_thread_there_is_nothing_to_hang_below() -> None:
    made = in_thread()
    assert (made["In-Reply-To"], made["References"]) == (None, None)


def test_a_long_thread_keeps_its_first_mail_and_its_last_ones() -> None:
    ids = [f"<{number}@x>" for number in range(50)]
    thread = inbound(mail(References=" ".join(ids)).as_bytes()).payload["thread"]
    assert thread["references"] == ["<0@x>", *ids[-9:]]
    assert str(in_thread(**thread)["References"]).split() == ["<0@x>", *ids[-8:], "<1@phone>"]


def test_a_mail_without_references_hangs_below_what_it_answers() -> None:
    thread = inbound(mail(In_Reply_To="<our@passo.example>").as_bytes()).payload["thread"]
    assert thread["references"] == ["<our@passo.example>"]


def test_long_ids_come_back_as_they_were() -> None:
    ids = [f"<{'x' * 240}{number}@x>" for number in range(12)]
    made = in_thread(message_id=ids[-1], references=ids[:-1], subject="Costi")
    assert made["In-Reply-To"] == ids[-1]
    assert ids_in(" ".join(str(made["References"]).split())) == [ids[0], *ids[-9:]]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Language",
]


@settings(max_examples=500, deadline=None)
@given(text=WORDS, subject=WORDS)
def test_no_words_of_anybody_become_a_header(text: str, subject: str) -> None:
    thread = {"message_id": "<1@x>", "references": [], "subject": clean(subject).replace("\n", " ")}
    made = sent(Reply(f"a{text}", "it", thread=thread))
    assert sorted(made.keys()) == sorted(HEADERS)
