"""shop.yml: what it may say, and how each mistake is told."""
from datetime import date
from pathlib import Path

import pytest

from bot.model.errors import SettingError
from bot.settings import ShopFile, load_settings, read_shop
from bot.settings.colour import contrast_with_white

SHOP = """\
shop:
  name: Passo
  email: help@passo.example
  privacy_url: /privacy
"""


def shop_with(folder: Path, more: str) -> ShopFile:
    (folder / "shop.yml").write_text(SHOP + more, encoding="utf-8")
    return read_shop(folder)


def refusal(folder: Path, more: str) -> str:
    with pytest.raises(SettingError) as caught:
        shop_with(folder, more)
    return str(caught.value)


def test_three_lines_are_a_shop(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, "")
    assert (shop.languages, shop.tone, shop.time_zone, shop.hours.notice) == (
        ("it", "en"), "informal", "Europe/Rome", "when_needed",
    )  # fmt: skip


def test_the_demo_shop_is_right() -> None:
    settings = load_settings(Path(__file__).parents[2], {})
    assert settings.shop.name == "Passo"
    assert settings.hours.holidays.province == "MI"
    assert settings.faq.placeholders["free_shipping_over"] == "60,00 €"
    assert "#1004" in settings.orders.number_help["it"]


def test_a_key_without_value_keeps_its_default(tmp_path: Path) -> None:
    assert shop_with(tmp_path, "tone:\nhours:\n  closures:\n").tone == "informal"


def test_values_stay_as_they_were_written(tmp_path: Path) -> None:
    """YAML would read 09:30 as 570, NO as false and 01234567012 as an octal number."""
    shop = shop_with(tmp_path, "faq: {placeholders: {at: 09:30, country: NO, vat: 01234567012}}\n")
    assert shop.faq.placeholders == {"at": "09:30", "country": "NO", "vat": "01234567012"}


def test_closures_are_days(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, "hours: {closures: [{from: 2026-12-24}, {from: 2027-08-09, to: 2027-08-21}]}\n")
    assert [(closure.first, closure.last) for closure in shop.hours.closures] == [
        (date(2026, 12, 24), date(2026, 12, 24)),
        (date(2027, 8, 9), date(2027, 8, 21)),
    ]


@pytest.mark.parametrize("colour", ["#ffd400", "#fff", "#b3261e", "#000"])
def test_white_text_is_readable_on_any_accent(tmp_path: Path, colour: str) -> None:
    accent = shop_with(tmp_path, f'  accent: "{colour}"\n').shop.accent
    assert contrast_with_white(accent) >= 4.5


def test_a_dark_accent_stays_as_it_is(tmp_path: Path) -> None:
    assert shop_with(tmp_path, '  accent: "#1F4E79"\n').shop.accent == "#1f4e79"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("langages: [it]\n", "shop.yml:5: unknown key 'langages'. Did you mean 'languages'? Allowed here: shop, "),
        ("languages: [it, fr]\n", "shop.yml:5: 'languages' is 'fr'. Allowed: it, en."),
        ("languages: it\n", "shop.yml:5: 'languages' is 'it': a list is expected, like [a, b]."),
        ("languages: [it, it]\n", "shop.yml:5: 'languages' is [it, it]: each of it, en at most once"),
        (
            "tone: formale\n",
            "shop.yml:5: 'tone' is 'formale'. Did you mean 'formal'? Allowed: formal, informal, Lei, tu.",
        ),
        ("time_zone: Europe/Roma\n", "shop.yml:5: 'time_zone' is 'Europe/Roma', which is no time zone. Did you mean '"),
        ("  colour: blue\n", "shop.yml:5: unknown key 'colour'. Allowed here: name, email, "),
        ("  accent: blue\n", "shop.yml:5: 'shop.accent' is 'blue': a colour like \"#b3261e\" is expected, in quotes."),
        ("  accent: #b3261e\n", "shop.yml:5: '#b3261e' and what follows would be lost as a comment. Put the whole tex"),
        ("understanding: {target_precision: high}\n", "'understanding.target_precision' is 'high': a number from 0.5"),
        ("understanding:\n  target_precision: 1.5\n", "shop.yml:6: 'understanding.target_precision' is '1.5': a numbe"),
        ("orders:\n  source: shopify\n", "shop.yml:6: 'orders.source' is 'shopify'. Allowed: csv."),
        ("orders:\n  carriers:\n    BRT: https://brt.example\n", "shop.yml:7: the tracking page of BRT, 'https://brt."),
        ("orders:\n  statuses:\n    spedito: shiped\n", "shop.yml:7: 'shiped' is no status. Did you mean 'shipped'?"),
        ("faq:\n  placeholders:\n    Free Shipping: x\n", "shop.yml:7: 'Free Shipping' is no placeholder name."),
        ("faq:\n  placeholders: [a]\n", "shop.yml:6: 'faq.placeholders' is a list: 'key: value' lines are expected."),
        ("tone: formal\ntone: informal\n", "shop.yml:6: 'tone' already stands on line 5. Keep one of the two."),
        ("hours:\n\tweekly: {}\n", "shop.yml:6: this is no YAML: "),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, more: str, told: str) -> None:
    assert told in refusal(tmp_path, more)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('weekly: {mon: ["9-13"]}', "shop.yml:6: '9-13' is no opening slot. Write start and end like \"09:00-13:00\"."),
        ('weekly: {mon: ["09:00-25:00"]}', "'09:00-25:00' holds a time that does not exist. Times go from 00:00 to 24"),
        ('weekly: {mon: ["09:00-09:00"]}', "'09:00-09:00' is empty. Leave it out, or write \"00:00-24:00\""),
        ('weekly: {mon: ["09:00-13:00", "12:00-15:00"]}', "mon 12:00-15:00 overlaps mon 09:00-13:00. Join the two or"),
        ('weekly: {fri: ["22:00-02:00"], sat: ["01:00-05:00"]}', "sat 01:00-05:00 overlaps fri 22:00-02:00."),
        ('weekly: {sun: ["22:00-02:00"], mon: ["01:00-05:00"]}', "mon 01:00-05:00 overlaps sun 22:00-02:00."),
        ('weekly: {mond: ["09:00-13:00"]}', "unknown key 'mond'. Did you mean 'mon'?"),
        ("holidays: {country: Italia}", "'hours.holidays.country' is 'Italia': a country's two capital letters"),
        ("holidays: {country: IT, province: Milan}", "'hours.holidays.province' is 'Milan'."),
        ("holidays: {province: MI}", "'hours.holidays.province' is 'MI' without a country. Add 'country: IT'"),
        ("closures: [{from: 2026-12-24, to: 2026-12-23}]", "the closure ends on 2026-12-23, before it begins on 2026-"),
        ("closures: [{from: Natale}]", "'hours.closures.from' is 'Natale': a date like 2026-12-24 is expected."),
        ("closures: [{to: 2026-12-24}]", "'hours.closures.from' is missing. Write it: First closed day."),
        ("channels: {whatsap: {weekly: {}}}", "'whatsap' is no channel. Did you mean 'whatsapp'? Allowed: widget, res"),
        ('channels: {whatsapp: {weekly: {mon: ["x"]}}}', "'x' is no opening slot."),
        ("calendar: closures.txt", "'hours.calendar' is 'closures.txt': the name of an .ics file is expected."),
    ],
)
def test_wrong_hours_are_told(tmp_path: Path, more: str, told: str) -> None:
    assert told in refusal(tmp_path, f"hours:\n  {more}\n")


def test_slots_that_touch_or_pass_midnight_are_allowed(tmp_path: Path) -> None:
    week = '{fri: ["09:00-13:00", "13:00-22:00", "22:00-02:00"], sat: ["02:00-04:00"]}'
    shop = shop_with(tmp_path, f"hours: {{weekly: {week}}}")
    assert len(shop.hours.weekly.slots()[4]) == 3


def test_a_missing_key_says_what_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text("shop:\n  name: Passo\n")
    with pytest.raises(SettingError) as caught:
        read_shop(tmp_path)
    assert str(caught.value) == "shop.yml:1: 'shop.email' is missing. Write it: Where shoppers can write to."


def test_an_empty_file_names_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text("")
    with pytest.raises(SettingError, match=r"shop.yml:1: 'shop' is missing. Write it: Who the shop is."):
        read_shop(tmp_path)


def test_a_folder_without_shop_file_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"shop.yml: there is none in .*Go to the shop's folder"):
        read_shop(tmp_path)


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_bytes(SHOP.encode() + "products: [Città]\n".encode("latin-1"))
    with pytest.raises(SettingError, match=r"shop.yml:5: this is not UTF-8 text. Save the file as UTF-8."):
        read_shop(tmp_path)


@pytest.mark.parametrize(
    ("written", "meant"), [("Lei", "formal"), ("tu", "informal"), ("formal", "formal"), ("informal", "informal")]
)
def test_the_tone_may_be_written_as_its_pronoun(tmp_path: Path, written: str, meant: str) -> None:
    assert shop_with(tmp_path, f"tone: {written}\n").tone == meant
    assert load_settings(tmp_path, {}).tone == meant


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ("- {from: 2026-12-08, to: 2026-12-07}", "shop.yml:7: these days end on 2026-12-07, before 2026-12-08."),
        ('- {from: 2026-12-08, slots: ["9-13"]}', "shop.yml:7: '9-13' is no opening slot."),
        ('- {from: 2026-12-08, slots: ["09:00-13:00", "12:00-14:00"]}', "12:00-14:00 overlaps 09:00-13:00."),
        ("- {from: 2026-12-08}\n    - {from: 2026-12-07, to: 2026-12-09}", "2026-12-08 stands in two lines."),
        ("- {from: 2026-12-08, to: 2036-12-08}", "more than 400 days in one line."),
    ],
)
def test_dates_that_cannot_be_are_told(tmp_path: Path, dates: str, told: str) -> None:
    assert told in refusal(tmp_path, f"hours:\n  dates:\n    {dates}\n")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("province: FC", "Name yours (Cesena, Forli), or its day in 'hours.holidays.patron'."),
        ("patron: 13-25", "'hours.holidays.patron' is '13-25': month and day are expected"),
        ("patron: Ambrogio", "month and day are expected, like 12-07, or none."),
    ],
)
def test_a_patron_is_that_of_one_town(tmp_path: Path, place: str, told: str) -> None:
    assert told in refusal(tmp_path, f"hours:\n  holidays: {{country: IT, {place}}}\n")


@pytest.mark.parametrize("name", ["opening_hours", "next_opening", "shop_phone"])
def test_what_the_desk_fills_is_no_placeholder_of_the_shop(tmp_path: Path, name: str) -> None:
    assert f"'{name}' is filled by the desk itself" in refusal(tmp_path, f"faq:\n  placeholders:\n    {name}: x\n")
