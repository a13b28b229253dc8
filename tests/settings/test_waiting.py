"""What a saved shop.yml changes only after a restart."""
from pathlib import Path

import pytest

from bot.settings import read_shop, waiting_for_restart

SHOP = "shop: {name: Olio, email: a@b.example, privacy_url: /privacy}\n"


@pytest.mark.parametrize(("more", "waits"), [
    ("", []),
    ("tone: formal\nhours: {weekly: {mon: ['9:00-10:00']}}\nwidget: {starters: [gift-card], intro: {it: Ciao}}\n", []),
    ("languages: [it]\n", ["languages"]),
    ("languages: [it]\ntime_zone: Europe/London\nproducts: [Olio]\n", ["languages", "time_zone", "products"]),
    ("orders: {file: other.csv}\ntone: formal\n", ["orders.file"]),
])
def test_what_waits_is_named(tmp_path: Path, more: str, waits: list[str]) -> None:
    (tmp_path / "shop.yml").write_text(SHOP)
    running = read_shop(tmp_path)
    (tmp_path / "shop.yml").write_text(SHOP + more)
    assert waiting_for_restart(running, read_shop(tmp_path)) == waits


def test_another_name_waits(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text(SHOP)
    running = read_shop(tmp_path)
    (tmp_path / "shop.yml").write_text(SHOP.replace("Olio", "Vino"))
    assert waiting_for_restart(running, read_shop(tmp_path)) == ["shop.name"]
