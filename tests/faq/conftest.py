"""A shop's folder that a test writes."""
from collections.abc import Callable
from pathlib import Path

import pytest

SHOP = """\
shop: {name: Passo, email: help@passo.example, privacy_url: /privacy}
faq:
  placeholders: {free_shipping_over: "60,00 €", return_days: "30"}
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop.yml").write_text(SHOP, encoding="utf-8")
    for language in ("it", "en"):
        (tmp_path / "faq" / language).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def write(project: Path) -> Write:
    """Write entries into faq/<file>, below a front matter of three lines."""

    def write(file: str, entries: str) -> Path:
        path = project / "faq" / file
        # As editors save: written beside and moved into place, so that no watcher meets half a file.
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(f"---\ntopic: Tema\n---\n{entries}", encoding="utf-8")
        beside.replace(path)
        return path

    return write
