"""What a shopper has just written, and what only hangs below it."""
import pytest

from bot.channels.email.stripping import strip_reply

QUOTED = "> Costa 4,90 €\n>\n> Passo"
OWN = "Grazie!\nE in Francia?"


@pytest.mark.parametrize(
    "below",
    [
        f"Il giorno lun 23 nov 2026 alle ore 10:00 Passo <a@passo.example> ha scritto:\n\n{QUOTED}",
        f"Il giorno lun 23 nov 2026 alle ore 10:00 Passo\n<a@passo.example> ha scritto:\n{QUOTED}",
        f"On Mon, Nov 23, 2026 at 10:00 AM Passo <a@passo.example> wrote:\n\n{QUOTED}",
        f"Am 23.11.2026 um 10:00 schrieb Passo:\n\n{QUOTED}", f"Le 23 nov. 2026 à 10:00, Passo a écrit :\n\n{QUOTED}",
        f"23.11.2026 10:00 пользователь Passo написал:\n{QUOTED}",
        "Da: Passo <a@passo.example>\nInviato: lunedì 23 novembre 2026 10:00\nA: Ada\nOggetto: Costi\n\nCosta 4,90 €",
        "From: Passo <a@passo.example>\nSent: Monday\nTo: Ada\nSubject: Costi\n\nCosta 4,90 €",
        "-----Original Message-----\nCosta 4,90 €", QUOTED, "Inviato da iPhone", "Sent from my Galaxy",
        "-- \nAda Neri\nvia Po 1", "Cordiali saluti,\nAda", "Distinti saluti\nAda Neri\n+39 333 1234567",
        "Cordialmente,", "Saluti\nAda", "Kind regards,\nAda",
        f"Inviato da iPhone\n\nIl giorno lun ha scritto:\n{QUOTED}",
    ],
)
def test_what_hangs_below_is_not_read(below: str) -> None:
    assert strip_reply(f"{OWN}\n\n{below}") == OWN


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (QUOTED, QUOTED), ("Inviato da iPhone", "Inviato da iPhone"), ("Saluti", "Saluti"), ("", ""), (" \n ", ""),
        ("Saluti a tutti, dov'è il pacco?", "Saluti a tutti, dov'è il pacco?"),
        ("- scarpe rosse\n- scarpe blu", "- scarpe rosse\n- scarpe blu"),
        ("Da: Milano\nposso ritirare?", "Da: Milano\nposso ritirare?"),
        ("Il pacco non c'è.\nMi ha scritto: domani", "Il pacco non c'è.\nMi ha scritto: domani"),
        ("x" * 3000, "x" * 3000), ("y" * 3000 + f"\n{QUOTED}", "y" * 3000), ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)
def test_the_shoppers_words_stay(text: str, kept: str) -> None:
    assert strip_reply(text) == kept


def test_an_answer_below_or_between_the_quotes_is_read() -> None:
    assert strip_reply(f"Il giorno lun 23 nov 2026 alle ore 10:00 Passo ha scritto:\n{QUOTED}\n\n{OWN}") == OWN
    assert strip_reply("> Taglia?\n42\n> Colore?\nrosso") == "42\nrosso"
