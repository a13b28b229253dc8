"""Where a shop's data lies, and that it stays out of version control."""
from pathlib import Path

import pytest

from bot.dialogue import training
from bot.settings import environment, state_folder
from bot.storage.folder import make_folder


def test_data_lies_in_the_shops_folder_and_ignores_itself(tmp_path: Path) -> None:
    state = state_folder(tmp_path, {})
    assert state == tmp_path / "state"
    make_folder(state)
    assert (state / ".gitignore").read_text() == "*\n"
    (state / ".gitignore").write_text("mine\n")
    make_folder(state)
    assert (state / ".gitignore").read_text() == "mine\n"


@pytest.mark.parametrize(("values", "under"), [
    ({"XDG_STATE_HOME": "/x"}, Path("/x/sportello")), ({}, Path("~/.local/state/sportello").expanduser()),
])
def test_of_a_folder_that_can_only_be_read_it_lies_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, str], under: Path
) -> None:
    monkeypatch.setattr(environment, "is_writable", lambda folder: tmp_path not in (folder, *folder.parents))
    one, other = tmp_path / "a" / "shop", tmp_path / "b" / "shop"
    assert state_folder(one, values).parent == under
    assert state_folder(one, values) != state_folder(other, values)
    assert state_folder(one, values | {"SPORTELLO_STATE": "/given"}) == Path("/given")


def test_the_model_of_such_a_folder_lies_with_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, state = tmp_path / "shop", tmp_path / "state"
    shop.mkdir()
    (shop / "config.yml").write_text("assistant_id: a\n")
    assert training.model_file(shop).parent == shop / "models"
    monkeypatch.setattr(training, "is_writable", lambda _folder: False)
    monkeypatch.setenv("SPORTELLO_STATE", str(state))
    assert training.model_file(shop).parent == state / "models" and not training.is_fresh(shop)
    brought = shop / "models"
    brought.mkdir()
    (brought / "sportello.tar.gz").write_text("")
    (brought / "sportello.sources").write_text(training.fingerprint(shop))
    assert training.model_file(shop).parent == brought and training.is_fresh(shop)
    (shop / "config.yml").write_text("assistant_id: b\n")
    assert training.model_file(shop).parent == state / "models"
