"""Orders from a CSV, as spreadsheets write them."""
import os
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.model.orders import OrderLine, OrderStatus
from bot.orders.csv_source import CsvOrders
from bot.settings import Orders, read_shop

ROME = ZoneInfo("Europe/Rome")
SETTINGS = msgspec.convert(
    {
        "prefixes": ["ORD-"],
        "statuses": {"Spedito": "shipped"},
        "carriers": {"BRT": "https://brt.example/track?n={code}"},
    },
    Orders,
)
HEADER = (
    "number,email,phone,postcode,customer_name,status,placed_at,lines,total,currency,"
    "carrier,tracking_code,eta,delivered_on"
)
ROW = (
    '1004,anna.rossi@mail.example,+39 333 1234567,20144,Anna Rossi,shipped,2026-11-18 10:30,'
    '"Passo Corsa|42 blu|1; Calze|M|2","119,80",EUR,BRT,BRT 77/1,2026-11-25,'
)


def source(folder: Path, *lines: str, encoding: str = "utf-8") -> CsvOrders:
    (folder / "orders.csv").write_text("\n".join(lines) + "\n", encoding=encoding)
    return CsvOrders(folder, SETTINGS, ROME)


def told_of(folder: Path, *lines: str) -> str:
    """What the shop is told of a file that is not all right."""
    return source(folder, *lines).notices()[0]


async def test_an_order_carries_everything_that_the_file_says(tmp_path: Path) -> None:
    order = await source(tmp_path, HEADER, ROW).find("1004")
    assert order is not None
    assert (order.customer_name, order.postcode, order.status) == ("Anna Rossi", "20144", OrderStatus.SHIPPED)
    assert order.placed_at == datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    assert order.lines == (OrderLine("Passo Corsa", "42 blu", 1), OrderLine("Calze", "M", 2))
    assert (order.total, order.currency) == (Decimal("119.80"), "EUR")
    assert (order.eta, order.delivered_on) == (date(2026, 11, 25), None)


async def test_the_tracking_page_is_the_carriers_with_the_code_in_place(tmp_path: Path) -> None:
    order = await source(tmp_path, HEADER, ROW).find("1004")
    assert order is not None
    assert order.tracking_url == "https://brt.example/track?n=BRT%2077%2F1"


async def test_a_carrier_without_page_gives_no_link(tmp_path: Path) -> None:
    order = await source(tmp_path, HEADER, ROW.replace(",BRT,", ",Corriere Rapido,")).find("1004")
    assert order is not None
    assert (order.carrier, order.tracking_url) == ("Corriere Rapido", None)


@pytest.mark.parametrize("typed", ["1004", "#1004", "n. 1004", "ORD-1004", "ordine 1004 "])
async def test_an_order_is_found_however_its_number_is_typed(tmp_path: Path, typed: str) -> None:
    assert await source(tmp_path, HEADER, ROW).find(typed) is not None


async def test_an_unknown_number_finds_nothing(tmp_path: Path) -> None:
    assert await source(tmp_path, HEADER, ROW).find("9999") is None


async def test_a_spreadsheets_semicolons_and_byte_order_mark_are_fine(tmp_path: Path) -> None:
    orders = source(
        tmp_path, "Number;Email;Status;Total;Lines", '1004;a@b.example;paid;1.234,50;"Corsa|42|1; Calze|M|2"',
        encoding="utf-8-sig",
    )  # fmt: skip
    order = await orders.find("1004")
    assert order is not None
    assert (order.total, len(order.lines), order.status) == (Decimal("1234.50"), 2, OrderStatus.PAID)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Out for delivery", OrderStatus.OUT_FOR_DELIVERY),
        ("spedito", OrderStatus.SHIPPED),
        ("in lavorazione", OrderStatus.PREPARING),
        ("", OrderStatus.UNKNOWN),
        ("boh", OrderStatus.UNKNOWN),
    ],
)
async def test_a_status_in_other_words(tmp_path: Path, word: str, status: OrderStatus) -> None:
    order = await source(tmp_path, "number,email,status", f"1,a@b.example,{word}").find("1")
    assert order is not None
    assert order.status is status


@pytest.mark.parametrize(
    ("written", "amount"),
    [("59,90", "59.90"), ("59.9", "59.9"), ("1,234.50 €", "1234.50"), ("1.234", "1234"), ("60", "60")],
)
async def test_totals_with_decimal_commas_or_points(tmp_path: Path, written: str, amount: str) -> None:
    order = await source(tmp_path, "number,email,status,total", f'1,a@b.example,paid,"{written}"').find("1")
    assert order is not None
    assert order.total == Decimal(amount)


async def test_dates_as_italian_spreadsheets_write_them(tmp_path: Path) -> None:
    row = "1,a@b.example,paid,18/11/2026 10:30,25/11/2026"
    order = await source(tmp_path, "number,email,status,placed_at,eta", row).find("1")
    assert order is not None
    assert (order.placed_at, order.eta) == (datetime(2026, 11, 18, 9, 30, tzinfo=UTC), date(2026, 11, 25))


async def test_columns_of_the_shops_own_are_left_alone(tmp_path: Path) -> None:
    assert await source(tmp_path, "number,warehouse,email,status", "1,Lodi,a@b.example,paid").find("1") is not None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["number,email,colore"], "orders.csv:1: the column 'status' is missing. Needed: number, email, status;"),
        (["number,email,status,tracking_cod"], "orders.csv:1: unknown column 'tracking_cod'. Write 'tracking_code'."),
        (["number,email,status,email"], "orders.csv:1: the column 'email' stands twice. Keep one of the two."),
        (["number,email,status", "1,a@b.example"], "orders.csv:2: 2 cells stand under 3 columns. Put a text that hold"),
        (["number,email,status", "1,a@b,paid", "#1,c@d,paid"], "orders.csv:3: order '#1' already stands on line"),
        (["number,email,status", ",a@b,paid"], "orders.csv:2: the order number is empty. Write one, or delete the row"),
        (["number,email,status,eta", "1,a@b,paid,soon"], "orders.csv:2: column 'eta': 'soon' is no date. Write 2026-1"),
        (["number,email,status,total", "1,a@b,paid,x"], "orders.csv:2: column 'total': 'x' is no amount. Write 59,90"),
        (["number,email,status,lines", "1,a@b,paid,A|b|many"], "orders.csv:2: column 'lines': 'A|b|many' is no order"),
        (["number,email,status", '1,"a@b,paid'], "orders.csv:2: this row is no CSV: unexpected end of data. A quoted"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, lines: list[str], told: str) -> None:
    assert told_of(tmp_path, *lines).startswith(told)


def test_a_quoted_line_break_does_not_shift_the_lines_that_follow(tmp_path: Path) -> None:
    told = told_of(tmp_path, "number,email,status,eta,lines", '1,a@b,paid,,"A;', 'B"', "2,a@b,paid,soon,")
    assert told.startswith("orders.csv:4: column 'eta'")


def test_an_empty_file_says_how_to_begin(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("")
    told = str(CsvOrders(tmp_path, SETTINGS, ROME).problem)
    assert told.startswith("orders.csv:1: the file is empty. Begin with the line number,email,")


def test_a_missing_file_says_where_it_is_named(tmp_path: Path) -> None:
    told = str(CsvOrders(tmp_path, SETTINGS, ROME).problem)
    assert re.match(r"orders.csv: cannot be read .*name another one in orders.file of shop.yml", told)


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes("number,email,status,lines\n1,a@b,paid,Città\n".encode("latin-1"))
    told = str(CsvOrders(tmp_path, SETTINGS, ROME).problem)
    assert told.startswith('orders.csv:2: this is not UTF-8 text. Save it as "CSV UTF-8".')


def rewrite(folder: Path, *lines: str) -> None:
    path = folder / "orders.csv"
    before = path.stat().st_mtime_ns
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


async def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    orders = source(tmp_path, "number,email,status", "1,a@b.example,paid")
    rewrite(tmp_path, "number,email,status", "1,a@b.example,shipped", "2,c@d.example,paid")

    order = await orders.find("1")

    assert order is not None
    assert order.status is OrderStatus.SHIPPED
    assert await orders.find("2") is not None


async def test_a_broken_file_leaves_the_last_good_version_and_says_why(tmp_path: Path) -> None:
    orders = source(tmp_path, "number,email,status", "1,a@b.example,paid")
    rewrite(tmp_path, "number,email", "1,a@b.example")

    assert await orders.find("1") is not None
    assert str(orders.problem).startswith("orders.csv:1: the column 'status' is missing.")

    rewrite(tmp_path, "number,email,status", "1,a@b.example,shipped", "2,a@b.example,paid")
    assert await orders.find("2") is not None
    assert orders.problem is None


async def test_a_deleted_file_leaves_the_last_good_version(tmp_path: Path) -> None:
    orders = source(tmp_path, "number,email,status", "1,a@b.example,paid")
    (tmp_path / "orders.csv").unlink()
    assert await orders.find("1") is not None
    assert "cannot be read" in str(orders.problem)


async def test_the_demo_shops_orders_are_right() -> None:
    project = Path(__file__).parents[2]
    shop = read_shop(project)
    orders = CsvOrders(project, shop.orders, shop.zone)
    found = [await orders.find(str(number)) for number in range(1001, 1021)]
    assert {order.status for order in found if order} == set(OrderStatus) - {OrderStatus.UNKNOWN}
    unlinked = [order.number for order in found if order and order.tracking_code and not order.tracking_url]
    assert unlinked == []
