"""A written answer to numbered choices."""
import pytest

from bot.channels.pick import pick

TITLES = ["Quanto costa la spedizione?", "Resi", "Nessuna di queste"]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("2", 1), ("2.", 1), (" n. 2 ", 1), ("2️⃣", 1), ("la 2", 1), ("la seconda", 1), ("Secondo!", 1),
        ("due", 1),
        ("opzione 2, grazie", 1), ("two", 1), ("second", 1), ("the second one", 1), ("number two please", 1),
        ("2nd", 1),
        ("one", 0), ("the first one", 0), ("La prima per favore", 0), ("l'ultima", 2), ("the last one", 2),
        ("resi", 1), ("RESI.", 1), ("quanto costa la spedizione", 0), ("nessuna di queste", 2),
    ],
)
def test_an_answer_picks(text: str, index: int) -> None:
    assert pick(text, TITLES) == index


@pytest.mark.parametrize(
    "text",
    ["4", "0", "1004", "", "?", "ok", "sì", "no", "1 2", "la seconda scarpa è rotta", "voglio fare un reso",
     "ho comprato due paia", "i want a person", "la quarta", "one two", "2 giorni fa"],
)
def test_anything_else_is_a_message(text: str) -> None:
    assert pick(text, TITLES) is None


def test_without_choices_nothing_is_picked() -> None:
    assert pick("1", []) is None
    assert pick("", [""]) is None
