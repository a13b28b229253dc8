"""`sportello new`: a shop from a few answers, read back as the desk reads it."""
from pathlib import Path

import pytest
import yaml

from bot.cli.new.answers import check_address, parse_hours, parse_languages, parse_tone, parse_topics
from bot.cli.new.drafts import COMMON, complete, in_words
from bot.faq.folder import check_folder, read_entries
from bot.model.errors import SettingError
from bot.orders.csv_source import CsvOrders
from bot.settings import read_shop
from bot.topics.library import read_topics
from tests.cli.conftest import Command


def test_the_defaults_make_a_shop_that_reads_without_a_mistake(sportello: Command, tmp_path: Path) -> None:
    folder = tmp_path / "te-e-tisane"
    ended = sportello("new", str(folder), "--yes", LC_ALL="it_IT.UTF-8")
    assert ended.status == 0 and "make run PROJECT=" in ended.out
    shop = read_shop(folder)
    assert (shop.shop.name, shop.languages, shop.tone) == ("Te E Tisane", ("it", "en"), "informal")
    assert check_folder(folder) == [] and read_entries(folder)
    config = yaml.safe_load((folder / "config.yml").read_text())
    assert set(config) == {"assistant_id", "language", "importers"}
    assert {"models/", "state/"} <= set((folder / ".gitignore").read_text().split("\n"))
    assert len((folder / "README.md").read_text().splitlines()) <= 10
    assert sportello("faq", "check", "--project", str(folder)).status == 0


def test_what_was_answered_is_what_the_shop_says(sportello: Command, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    ended = sportello(
        "new", str(folder), "--yes", "--name", 'Viti & "Dadi": ferramenta', "--languages", "en", "--tone", "Lei",
        "--hours", "mon-sat 8:30-12:30; sun 10-12", "--email", "ciao@viti.example", "--site", "viti.example",
        "--shipping-price", "€7.30", "--free-shipping-over", "€99", "--topics", "shipping-cost, gift-card",
        LC_ALL="en_GB.UTF-8",
    )
    assert ended.status == 0, ended.err
    shop = read_shop(folder)
    assert shop.shop.name == 'Viti & "Dadi": ferramenta' and shop.tone == "formal"
    assert shop.hours.weekly.mon == ("08:30-12:30",) and shop.hours.weekly.sun == ("10:00-12:00",)
    assert shop.shop.privacy_url == "https://viti.example/privacy"
    entries = {entry.id: entry for entry in read_entries(folder)}
    answer = entries["shipping-cost"].texts["en"].answer
    assert "€7.30" in answer and "[" not in answer
    assert {entry.id for entry in entries.values()} <= {"shipping-cost", "gift-card"}
    assert not (folder / "faq" / "it").exists()


def test_it_asks_what_no_flag_says_and_asks_again(
    sportello: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    said = {"tone": iter(["voi", "Lei"]), "shipping_price": iter(["5 €"])}

    def prompt(question: str, default: str) -> str:
        from bot.cli.new.words import QUESTIONS

        name = next(name for name, text in QUESTIONS["it"].items() if text == question)
        asked.append(name)
        return next(said.get(name, iter([])), default)

    monkeypatch.setattr("typer.prompt", prompt)
    ended = sportello("new", str(tmp_path / "a"), "--name", "Olio", LC_ALL="it_IT.UTF-8")
    assert ended.status == 0 and "'voi'" in ended.out
    assert "name" not in asked and asked.count("tone") == 2
    shop = read_shop(tmp_path / "a")
    assert shop.tone == "formal" and shop.faq.placeholders["shipping_price"] == "5 €"


@pytest.mark.parametrize("name", ["Té", "Bottega d'Arte", "日本茶", "#1 Shop: best", "A" * 80, "{x}", "-"])
def test_any_name_makes_a_shop(sportello: Command, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "shop"
    ended = sportello("new", str(folder), "--yes", f"--name={name}", LC_ALL="C")
    assert ended.status == 0, ended.err
    assert read_shop(folder).shop.name == name and check_folder(folder) == []


def test_the_example_order_is_the_shops_own(sportello: Command, tmp_path: Path) -> None:
    numbers = set()
    for name in ("uno", "due"):
        sportello("new", str(tmp_path / name), "--yes")
        shop = read_shop(tmp_path / name)
        CsvOrders(tmp_path / name, shop.orders, shop.zone)
        rows = (tmp_path / name / "orders.csv").read_text().splitlines()
        assert len(rows) == 2 and shop.shop.email in rows[1]
        numbers.add(rows[1].split(",")[0])
    assert len(numbers) == 2 and not any(number.startswith("10") for number in numbers)
    sportello("new", str(tmp_path / "tre"), "--yes", "--orders", "no")
    assert len((tmp_path / "tre" / "orders.csv").read_text().splitlines()) == 1


def test_a_folder_in_use_is_left_alone(sportello: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    ended = sportello("new", str(tmp_path), "--yes")
    assert ended.status == 1 and "holds something already" in ended.err
    assert (tmp_path / "mine.txt").read_text() == "keep"


@pytest.mark.parametrize(("flag", "value", "told"), [
    ("--languages", "de", "Allowed: it, en"), ("--tone", "voi", "tu, Lei"), ("--email", "at home", "is no e-mail"),
    ("--hours", "always", "mon-fri 9-13"), ("--hours", "mon-fri 9-25", "no time of a day"),
    ("--site", "a b", "is no address"),
    ("--topics", "shiping-cost", "Did you mean 'shipping-cost'?"), ("--orders", "shopify", "Allowed: yes, no"),
])
def test_an_answer_that_makes_no_sense_makes_no_shop(
    sportello: Command, tmp_path: Path, flag: str, value: str, told: str
) -> None:
    ended = sportello("new", str(tmp_path / "shop"), "--yes", flag, value)
    assert ended.status == 1 and told in ended.err.replace("\n", " ")
    assert list(tmp_path.glob("*shop*")) == []


@pytest.mark.parametrize(("text", "week"), [
    ("lun-ven 9-13, 14:30-18; sab 9-13", {"mon": ("09:00-13:00", "14:30-18:00"), "sat": ("09:00-13:00",), "sun": ()}),
    ("Lunedì a venerdì: 9.30–18", {"fri": ("09:30-18:00",), "sat": ()}),
    ("sat-mon 10 to 12", {"sat": ("10:00-12:00",), "sun": ("10:00-12:00",), "mon": ("10:00-12:00",), "tue": ()}),
    ("mer 9-13 e 15-19", {"wed": ("09:00-13:00", "15:00-19:00")}),
    ("", {"mon": (), "sun": ()}),
])
def test_hours_are_read_as_people_write_them(text: str, week: dict[str, tuple[str, ...]]) -> None:
    read = parse_hours(text)
    assert {day: read[day] for day in week} == week


def test_hours_in_words() -> None:
    week = parse_hours("lun-ven 9-13, 14:30-18; sab 9-13")
    assert in_words(week, "it") == "lunedì–venerdì 9:00–13:00 e 14:30–18:00, sabato 9:00–13:00"
    assert in_words(week, "en") == "Monday–Friday 9:00–13:00 and 14:30–18:00, Saturday 9:00–13:00"
    assert in_words(parse_hours(""), "it") == ""


@pytest.mark.parametrize(("answer", "known", "is_open"), [
    ("It costs {shipping_price}. [Say exceptions.]", {"shipping_price": "5 €"}, False),
    ("It costs {shipping_price}. [Say exceptions.]", {}, True),
    ("It costs {shipping_price} [or what?] in all.", {"shipping_price": "5 €"}, True),
    ("Write to {support_email}.", {"support_email": "a@b.c"}, False),
    ("Write to {support_email}. [Say when.]", {"support_email": "a@b.c"}, True),
    ("We are here {opening_hours}.", {}, True),
    ("See [our page](https://a.example).", {}, False),
    ("{something_new}", {}, True),
    ("", {}, True),
])
def test_what_is_left_open_is_a_draft(answer: str, known: dict[str, str], is_open: bool) -> None:
    text, met = complete(answer, known, "", "en")
    assert met == is_open
    if not is_open:
        assert "[Say" not in text


def test_choices_of_topics() -> None:
    known, common = ["a", "b", "c"], ["a"]
    assert parse_topics("all", known, common) == ("a", "b", "c")
    assert parse_topics("+c", known, common) == ("a", "c")
    assert parse_topics("c, b", known, common) == ("b", "c")
    assert parse_topics("none", known, common) == ()
    assert sum(name in read_topics() for name in COMMON) > 15


def test_small_answers() -> None:
    assert parse_languages("EN;it") == ("en", "it") and parse_tone("LEI") == "formal"
    assert check_address("", "site") == "" and check_address("a.example", "site") == "https://a.example"
    with pytest.raises(SettingError):
        parse_languages(" ")
