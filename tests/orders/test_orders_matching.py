"""When a number and an e-mail are those of an order."""
import pytest

from bot.model.orders import Order, OrderStatus
from bot.orders.matching import emails_match, normalise_number


@pytest.mark.parametrize(
    "typed",
    [
        "1004", " 1004 ", "#1004", "# 1004", "n. 1004", "N°1004", "n° 1004", "nr. 1004", "no. 1004", "n1004",
        "numero 1004", "ordine 1004", "Ordine n. 1004", "order #1004", "order-1004", "ORD-1004", "ord-1004",
        "#ORD-1004", "ordine n. ORD-1004", "10 04",
    ],
)  # fmt: skip
def test_one_number_in_many_spellings(typed: str) -> None:
    assert normalise_number(typed, ["ORD-", "ORD-IT-"]) == "1004"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("A-17", "A17"), ("0042", "0042"), ("NORD7", "NORD7"), ("ORD-", "ORD"), ("", ""), ("#", "")],
)
def test_what_belongs_to_a_number_stays(typed: str, number: str) -> None:
    assert normalise_number(typed, ["ORD-"]) == number


def test_the_longest_prefix_goes_first() -> None:
    assert normalise_number("ord-it-7", ["ORD-", "ORD-IT-"]) == "7"


def order_of(email: str) -> Order:
    return Order("1004", email, "", "", "", OrderStatus.PAID, None)


@pytest.mark.parametrize("typed", ["anna@mail.example", " Anna@Mail.Example ", "ANNA@MAIL.EXAMPLE"])
def test_an_email_matches_but_for_case_and_spaces(typed: str) -> None:
    assert emails_match(order_of("Anna@mail.example "), typed)


@pytest.mark.parametrize("typed", ["anne@mail.example", "anna@mail.example.org", "", "ànna@mail.example"])
def test_another_email_does_not(typed: str) -> None:
    assert not emails_match(order_of("anna@mail.example"), typed)


def test_an_order_without_email_opens_for_nobody() -> None:
    assert not emails_match(order_of(""), "")
