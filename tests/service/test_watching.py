"""A saved file is taken; a broken one is named while the last good version serves."""
from pathlib import Path

import pytest

from bot.model.errors import SettingError
from bot.service.watching import FileWatch


def test_a_change_is_taken_once(tmp_path: Path) -> None:
    file, taken = tmp_path / "shop.yml", []
    file.write_text("one")
    watch = FileWatch([file], lambda: taken.append(file.read_text()))
    watch.check()
    file.write_text("two!")
    watch.check()
    watch.check()

    assert taken == ["two!"]


def test_a_broken_file_is_named_until_it_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "shop.yml"
    file.write_text("one")

    def reload() -> None:
        if file.read_text() == "broken":
            raise SettingError("unknown key 'houres'.", file="shop.yml", line=3)

    watch = FileWatch([file], reload)
    file.write_text("broken")
    watch.check()
    assert str(watch.problem) == "shop.yml:3: unknown key 'houres'."

    file.write_text("mended")
    watch.check()
    assert watch.problem is None


@pytest.mark.parametrize("error", [ValueError("zip() argument 2 is longer"), KeyError("hours"), RecursionError()])
def test_what_nobody_foresaw_is_named_too_and_the_next_version_is_taken(tmp_path: Path, error: Exception) -> None:
    file = tmp_path / "shop.yml"
    file.write_text("one")

    def reload() -> None:
        if file.read_text() == "odd!":
            raise error

    watch = FileWatch([file], reload)
    file.write_text("odd!")
    watch.check()
    assert type(error).__name__ in str(watch.problem)
    assert "shop.yml" in str(watch.problem)

    file.write_text("mended")
    watch.check()
    assert watch.problem is None
