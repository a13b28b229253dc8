"""Order files as shops and their systems really write them: a bad row costs itself alone."""
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model.errors import OrderSourceError
from bot.model.orders import Order, OrderStatus
from bot.orders.csv_source import CsvOrders
from bot.orders.states import known_status
from bot.settings import Orders

ROME = ZoneInfo("Europe/Rome")


def orders_of(folder: Path, text: str, **settings: object) -> CsvOrders:
    (folder / "orders.csv").write_text(text, encoding="utf-8")
    return CsvOrders(folder, Orders(**settings), ROME)  # type: ignore[arg-type]


async def one(folder: Path, text: str, number: str) -> Order:
    found = await orders_of(folder, text).find(number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("annullato", OrderStatus.CANCELLED), ("Annullata", OrderStatus.CANCELLED), ("CANCELED", OrderStatus.CANCELLED),
        ("rimborsato", OrderStatus.REFUNDED), ("wc-refunded", OrderStatus.REFUNDED),
        ("wc-completed", OrderStatus.SHIPPED), ("completed", OrderStatus.SHIPPED), ("wc-failed", OrderStatus.ON_HOLD),
        ("wc-on-hold", OrderStatus.RECEIVED), ("on-hold", OrderStatus.ON_HOLD),
        ("wc-processing", OrderStatus.PREPARING),
        ("Pagamento accettato", OrderStatus.PAID), ("Preparazione in corso", OrderStatus.PREPARING),
        ("In attesa di pagamento con bonifico bancario", OrderStatus.RECEIVED), ("in giacenza", OrderStatus.FAILED),
        ("Fulfilled", OrderStatus.SHIPPED), ("partially_fulfilled", OrderStatus.PARTIALLY_SHIPPED),
        ("Pronto per il ritiro", OrderStatus.READY_FOR_PICKUP), ("In consegna", OrderStatus.OUT_FOR_DELIVERY),
    ],
)  # fmt: skip
def test_the_usual_words_of_states_are_known(word: str, status: OrderStatus) -> None:
    assert known_status(word) is status


@pytest.mark.parametrize("word", ["Fase 3", "waiting for Godot", "", "wc-", "✓"])
async def test_a_state_that_nobody_explained_is_unknown_and_listed(tmp_path: Path, word: str) -> None:
    orders = orders_of(tmp_path, f"number,email,status\n1004,a@b.example,{word}\n1005,a@b.example,paid\n")
    order = await orders.find("1004")
    assert order is not None and order.status is OrderStatus.UNKNOWN
    assert orders.unknown_states == {word: 1}
    assert f"unknown order states: '{word}' (1)" in orders.notices()[0]


@pytest.mark.parametrize(
    "row",
    [
        "1004,a@b.example,paid,prima o poi,", "1004,a@b.example,paid,31/02/2026,", "1004,a@b.example,paid,,dodici",
        "1004,a@b.example", "1004,a@b.example,paid,,,,,7", '1004,"a@b.example,paid', ",a@b.example,paid,,",
        '1.23E+11,a@b.example,paid,,',
    ],
)  # fmt: skip
async def test_a_bad_row_is_set_aside_with_its_line_and_the_others_serve(tmp_path: Path, row: str) -> None:
    good = "1001,a@b.example,paid,2026-12-01,10\n"
    orders = orders_of(tmp_path, f"number,email,status,eta,total\n{good}{row}\n{good.replace('1001', '1006')}")
    assert await orders.find("1001") is not None
    assert await orders.find("1006") is not None
    assert await orders.find("1004") is None
    assert [problem.line for problem in orders.problems] == [3]
    assert orders.problem is None


@pytest.mark.parametrize(
    ("eta", "day"),
    [("0000-00-00", None), ("0000-00-00 00:00:00", None), ("20/11/2026 9:05", date(2026, 11, 20)),
     ("5.1.2027", date(2027, 1, 5)), ("2026-1-5", date(2026, 1, 5)), ("2026-11-20T09:05:00.000Z", date(2026, 11, 20)),
     ("2026-11-20 10:12:33 +0100", date(2026, 11, 20)), ("-", None)],
)  # fmt: skip
async def test_dates_of_databases_and_spreadsheets(tmp_path: Path, eta: str, day: date | None) -> None:
    assert (await one(tmp_path, f"number,email,status,eta\n7,a@b.example,paid,{eta},\n", "7")).eta == day


async def test_a_time_with_one_digit_is_the_shops(tmp_path: Path) -> None:
    order = await one(tmp_path, "number,email,status,placed_at\n7,a@b.example,paid,20/11/2026 9:05\n", "7")
    assert order.placed_at == datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("118.900000", "118.90"), ("1250.000000", "1250.00"), ("0.500000", "0.50"), ("€ 1.234,50", "1234.50"),
     ("1.234.567", "1234567"), ("1'234.50 CHF", "1234.50"), ("12,5", "12.5"), ("0.125", "0.12")],
)  # fmt: skip
async def test_amounts(tmp_path: Path, written: str, amount: str) -> None:
    order = await one(tmp_path, f"number;email;status;total\n7;a@b.example;paid;{written}\n", "7")
    assert order.total == Decimal(amount)


@pytest.mark.parametrize("cell", ['"=""1004"""', "1004.0", "1004,00", "'1004", " 1004 ", "#1004", "１００４"])
async def test_a_number_as_spreadsheets_write_it(tmp_path: Path, cell: str) -> None:
    order = await one(tmp_path, f"number;email;status\n{cell};a@b.example;paid\n", "1004")
    assert order.status is OrderStatus.PAID


async def test_one_row_an_article_is_one_order(tmp_path: Path) -> None:
    rows = "".join(
        f"1004,{email},shipped,{line}\n"
        for email, line in (("a@b.example", "Corsa|42|1"), ("A@B.example", "Calze|M|2"), ("a@b.example", "Corsa|42|1"))
    )
    order = await one(tmp_path, f"number,email,status,lines\n{rows}", "1004")
    assert [(line.title, line.quantity) for line in order.lines] == [("Corsa", 1), ("Calze", 2)]


@pytest.mark.parametrize(
    ("states", "status"),
    [(("shipped", "preparing"), OrderStatus.PARTIALLY_SHIPPED), (("paid", "delivered"), OrderStatus.PARTIALLY_SHIPPED),
     (("shipped", "cancelled"), OrderStatus.UNKNOWN), (("paid", ""), OrderStatus.PAID)],
)  # fmt: skip
async def test_rows_that_stand_differently(tmp_path: Path, states: tuple[str, str], status: OrderStatus) -> None:
    rows = "".join(f"1004,a@b.example,{state},{number}\n" for number, state in enumerate(states))
    assert (await one(tmp_path, f"number,email,status,lines\n{rows}", "1004")).status is status


@pytest.mark.parametrize("text", ["number,email,status\n", "", "questo non è un elenco\n", "number,email,status\n,,\n"])
async def test_no_orders_start_all_the_same_and_are_no_unknown_numbers(tmp_path: Path, text: str) -> None:
    with pytest.raises(OrderSourceError):
        await orders_of(tmp_path, text).find("1004")


async def test_a_missing_file_starts_all_the_same(tmp_path: Path) -> None:
    orders = CsvOrders(tmp_path, Orders(), ROME)
    assert "cannot be read" in orders.notices()[0]
    with pytest.raises(OrderSourceError):
        await orders.find("1004")


SHOPIFY = """Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Total,\
Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Shipping Name,Shipping Zip,Cancelled at,Phone
#2001,lia@mail.example,paid,2026-11-02 10:00:00 +0100,fulfilled,2026-11-03 09:00:00 +0100,EUR,40.00,5.00,45.00,\
2026-11-02 09:59:00 +0100,2,Vaso blu,15.00,Lia Po,Lia Po,'20144,,+39333
#2001,lia@mail.example,,,,,,,,,2026-11-02 09:59:00 +0100,1,Sottovaso,10.00,,,,,
#2002,ugo@mail.example,paid,,unfulfilled,,EUR,9.00,0,9.00,2026-11-04 09:59:00 +0100,1,Terra,9.00,Ugo,Ugo,1,,
#2003,ugo@mail.example,refunded,,fulfilled,,EUR,9.00,0,9.00,2026-11-04 09:59:00 +0100,1,Terra,9.00,Ugo,Ugo,1,,
#2004,ugo@mail.example,voided,,,,EUR,9.00,0,9.00,2026-11-04 09:59:00 +0100,1,Terra,9.00,Ugo,Ugo,1,2026-11-05,
#2005,ugo@mail.example,pending,,partial,,EUR,9.00,0,9.00,2026-11-04 09:59:00 +0100,1,Terra,9.00,Ugo,Ugo,1,,
"""


async def test_an_export_of_shopify(tmp_path: Path) -> None:
    orders = orders_of(tmp_path, SHOPIFY)
    order = await orders.find("2001")
    assert order is not None and orders.notices() == []
    assert (order.status, order.total, order.postcode) == (OrderStatus.SHIPPED, Decimal("45.00"), "20144")
    assert [(line.title, line.quantity) for line in order.lines] == [("Vaso blu", 2), ("Sottovaso", 1)]
    found = [await orders.find(str(number)) for number in range(2002, 2006)]
    assert [one.status for one in found if one] == [
        OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.CANCELLED, OrderStatus.PARTIALLY_SHIPPED,
    ]  # fmt: skip


async def test_an_export_of_woocommerce(tmp_path: Path) -> None:
    text = (
        "Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),Email (Billing),Phone (Billing),"
        "Postcode (Billing),Order Total Amount,Item #,Item Name,Quantity\n"
        "731,Completed,2026-11-02 10:00,Lia,Po,lia@mail.example,333,20144,45,1,Vaso blu,2\n"
        "731,Completed,2026-11-02 10:00,Lia,Po,lia@mail.example,333,20144,45,2,Terra,1\n"
    )
    order = await one(tmp_path, text, "731")
    assert (order.customer_name, order.status, order.total) == ("Lia Po", OrderStatus.SHIPPED, Decimal("45"))
    assert [line.title for line in order.lines] == ["Vaso blu", "Terra"]


async def test_a_list_of_prestashop(tmp_path: Path) -> None:
    text = (
        "ID;Riferimento;Nuovo cliente;Consegna;Cliente;Email;Totale;Pagamento;Stato;Data\n"
        "12;QZKWXAPLM;1;Italia;L. Po;lia@mail.example;118.900000;Bonifico;Spedito;2026-11-02 10:00:00\n"
    )
    order = await one(tmp_path, text, "qzkwxaplm")
    assert (order.status, order.total, order.customer_name) == (OrderStatus.SHIPPED, Decimal("118.90"), "L. Po")


@pytest.mark.parametrize(
    ("number", "typed"),
    [("IT-2026-0001", "it 2026 0001"), ("2026/1044", "2026-1044"), ("7005-A", "7005a"), ("PASSO-1004", "1004"),
     ("ORD-1006", "1006"), ("1006", "passo 1006"), ("W7004", "w-7004")],
)  # fmt: skip
async def test_one_normal_form_for_look_up_and_count(tmp_path: Path, number: str, typed: str) -> None:
    text = f"number,email,status\n{number},a@b.example,paid\n"
    orders = orders_of(tmp_path, text, prefixes=("ORD-", "PASSO-"))
    assert orders.key(number) == orders.key(typed)
    assert await orders.find(typed) is not None
