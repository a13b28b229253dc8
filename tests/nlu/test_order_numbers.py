"""Order numbers are what the shop's orders look like."""
from collections.abc import Sequence

import pytest

from bot.model.order_forms import OrderForms, learn_forms
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.spoken import spoken_numbers

FORMS = {
    "prestashop": learn_forms(["XKBKNABJK", "QWEOPRTYU", "ZXIUMNBVC"]),
    "dashes": learn_forms([f"IT-2026-{number:04}" for number in range(1, 40)]),
    "slash": learn_forms([f"2026/{number}" for number in range(990, 1044)]),
    "letter": learn_forms([f"W{number}" for number in range(7001, 7050)]),
    "behind": learn_forms([f"{number}-{letter}" for number in range(7001, 7050) for letter in "AB"]),
    "mixed": learn_forms(["A7F3K9", "B2D8Q1", "K9Z4M7", "7HT6R2"]),
    "long": learn_forms([str(number) for number in range(100000000041, 100000000060)]),
    "plain": learn_forms([str(number) for number in range(1001, 1021)], ["ORD-", "PASSO-"]),
}
READER = EntityReader(["Vento Trail"])


def numbers(text: str, forms: OrderForms, expected: str | None = None) -> Sequence[str]:
    found = READER.read(text, "it", expected=expected, forms=forms)
    assert all(text[one.start : one.end] == one.text for one in found)
    return [one.value for one in found if one.kind == "order_number"]


@pytest.mark.parametrize(
    ("shop", "text", "found"),
    [
        ("prestashop", "dov'è il mio ordine QZKWXAPLM?", ["QZKWXAPLM"]),
        ("prestashop", "buongiorno, qzkwxaplm non è arrivato", ["QZKWXAPLM"]),
        ("dashes", "a che punto è IT-2026-0107?", ["IT-2026-0107"]),
        ("dashes", "it20260107 lia@mail.example", ["IT20260107"]),
        ("dashes", "ＩＴ－２０２６－０１０７", ["IT-2026-0107"]),
        ("slash", "2026/1044 e 2026/1045 non arrivano", ["2026/1044", "2026/1045"]),
        ("letter", "ho comprato w7104 ieri", ["W7104"]),
        ("letter", "where are W7004, W-7005?", ["W7004", "W-7005"]),
        ("behind", "order 7105-a please", ["7105-A"]),
        ("mixed", "il mio è c4d5e6", ["C4D5E6"]),
        ("long", "100000000052 a che punto è", ["100000000052"]),
        ("plain", "PASSO-1004 dov'è", ["PASSO-1004"]),
        ("plain", "passo 1004", ["PASSO1004"]),
        ("plain", "1004 e 1005 dove sono?", ["1004", "1005"]),
        ("plain", "ordine １００４", ["1004"]),
        ("plain", "ordine ١٠٠٤", ["1004"]),
        ("plain", "ordine mille quarantadue", ["1042"]),
        ("plain", "my order is ten forty two", ["1042"]),
        ("plain", "ordine 1 0 4 2", ["1042"]),
        ("plain", "lia@mail.example, il numero sarebbe 1042", ["1042"]),
    ],
)
def test_a_number_is_read_in_any_sentence(shop: str, text: str, found: list[str]) -> None:
    assert numbers(text, FORMS[shop]) == found


@pytest.mark.parametrize(
    ("shop", "text", "found"),
    [
        ("dashes", "it 2026 0107", ["IT-2026-0107".replace("-", "")]),
        ("slash", "2026-1044", ["2026-1044"]),
        ("plain", "1004 1005", ["1004", "1005"]),
        ("plain", "1004-1005", ["1004", "1005"]),
        ("plain", "1004/1005", ["1004", "1005"]),
        ("plain", "10 04", ["1004"]),
        ("plain", "1 0 4 2", ["1042"]),
        ("plain", "dieci quarantadue", ["1042"]),
        ("plain", "one oh four two", ["1042"]),
        ("plain", "3471234567", []),
        ("plain", "347 123 4567", []),
        ("plain", "CAP 20144", []),
        ("plain", "084730251196", []),
        ("plain", "mille grazie", []),
        ("prestashop", "buonasera", []),
        ("prestashop", "Francesca", []),
    ],
)
def test_the_form_reads_it_too(shop: str, text: str, found: list[str]) -> None:
    assert numbers(text, FORMS[shop], "order_number") == found


@pytest.mark.parametrize("shop", list(FORMS))
@pytest.mark.parametrize(
    "text",
    [
        "buonasera, volevo sapere quando arriva la spedizione", "DOVE SI TROVA LA SPEDIZIONE", "nel 2026 aprite?",
        "costa 1005 €", "il 12/05/2026 alle 10:30", "chiamatemi al 347 123 4567", "tel 0255550123",
        "tracking 084730251196", "tracking code 1234567", "avete la taglia 42?", "scrivo a lia1004@mail.example",
        "https://shop.example/p/1004", "where is the complaint department", "ho due scarpe e mille idee",
    ],
)  # fmt: skip
def test_what_is_no_order_number(shop: str, text: str) -> None:
    assert numbers(text, FORMS[shop]) == []


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("millequarantadue", "1042"), ("mille e quattro", "1004"), ("uno zero quattro due", "1042"),
        ("venti ventisei", "2026"), ("centotrentadue", "132"), ("diecimilacinque", "10005"),
        ("one thousand and forty-two", "1042"), ("two hundred and five", "205"), ("double four one seven", "4417"),
        ("twelve thirty four", "1234"),
    ],
)  # fmt: skip
def test_a_number_in_words(said: str, digits: str) -> None:
    assert list(spoken_numbers(said)) == [(0, len(said), digits)]
