"""What goes wrong at the command line is one sentence on stderr that says what to do, and exit status 1."""
import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Ended


def told(ended: Ended) -> str:
    """What a person reads after a refused command, as one line."""
    assert ended.status == 1, ended
    assert "Traceback" not in ended.err + ended.out
    return " ".join(ended.err.split())


def change(file: Path, old: str, new: str) -> int:
    """Replace one text in a file; the number of its line."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


NEEDS_A_SHOP = [("run",), ("train",), ("ask", "ciao"), ("chat",), ("faq", "check"), ("operator", "list")]


@pytest.mark.parametrize("command", NEEDS_A_SHOP, ids=" ".join)
def test_a_folder_that_is_not_there_is_named(sportello: Command, tmp_path: Path, command: tuple[str, ...]) -> None:
    text = told(sportello(*command, "--project", str(tmp_path / "nowhere")))

    assert "nowhere" in text


def test_a_folder_without_a_shop_file_is_no_shop(sportello: Command, tmp_path: Path) -> None:
    assert "shop.yml" in told(sportello("run", "--project", str(tmp_path)))


def test_a_wrong_value_in_the_shop_file_is_told_with_its_line(sportello: Command, shop: Path) -> None:
    line = change(shop / "shop.yml", "tone: informal", "tone: formale")

    text = told(sportello("run", "--project", str(shop)))

    assert f"shop.yml:{line}:" in text
    assert "formale" in text
    assert "formal, informal" in text


def test_a_shop_file_that_is_no_yaml_is_told_with_its_line(sportello: Command, shop: Path) -> None:
    line = change(shop / "shop.yml", "languages: [it, en]", "languages: [it, en")

    text = told(sportello("run", "--project", str(shop)))

    assert "shop.yml:" in text
    assert abs(int(text.split("shop.yml:")[1].split(":")[0]) - line) <= 1


def test_a_port_in_use_is_told_before_anything_is_trained(sportello: Command, shop: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        text = told(sportello("run", "--project", str(shop), SPORTELLO_PORT=port))

    assert f"127.0.0.1:{port}" in text
    assert "another port" in text


def test_a_port_that_is_none_is_refused(sportello: Command, shop: Path) -> None:
    assert "SPORTELLO_PORT" in told(sportello("run", "--project", str(shop), SPORTELLO_PORT="http"))


def test_a_misspelt_variable_is_refused_with_the_name_it_resembles(sportello: Command, shop: Path) -> None:
    text = told(sportello("operator", "list", "--project", str(shop), SPORTELLO_PROT="8081"))

    assert "SPORTELLO_PROT" in text
    assert "SPORTELLO_PORT" in text


def test_listening_beyond_this_machine_needs_a_token(sportello: Command, shop: Path) -> None:
    assert "SPORTELLO_REST_TOKEN" in told(sportello("run", "--project", str(shop), SPORTELLO_HOST="0.0.0.0"))


@pytest.mark.parametrize("command", [("operator", "add", "Giulia"), ("operator", "list"), ("train",)], ids=" ".join)
def test_a_state_folder_that_cannot_be_made_is_told(sportello: Command, shop: Path, command: tuple[str, ...]) -> None:
    (shop / "occupied").write_text("a file stands here")

    text = told(sportello(*command, "--project", str(shop), SPORTELLO_STATE=str(shop / "occupied" / "state")))

    assert "occupied" in text
    assert "SPORTELLO_STATE" in text


def test_a_database_that_is_none_is_told(sportello: Command, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "desk.db").write_text("this is no database " * 100)

    text = told(sportello("operator", "list", "--project", str(shop)))

    assert "desk.db" in text


def test_broken_faq_files_are_told_with_file_and_line(sportello: Command, shop: Path) -> None:
    file = next((shop / "faq" / "it").glob("*.md"))
    good = file.read_text(encoding="utf-8")
    file.write_text(f"{good}\n## Domanda {{#Non Valido}}\n\nRisposta.\n", encoding="utf-8")
    line = good.count("\n") + 2

    text = told(sportello("faq", "check", "--project", str(shop)))

    assert f"{file.name}:{line}:" in text.replace(" ", "")


def test_good_faq_files_are_counted(sportello: Command, shop: Path) -> None:
    ended = sportello("faq", "check", "--project", str(shop))

    assert ended.status == 0
    assert "34 entries" in ended.out


def test_the_doctor_names_every_illness_at_once(sportello: Command, shop: Path) -> None:
    change(shop / "orders.csv", "email", "e_mail_address")

    ended = sportello("doctor", "--project", str(shop))

    assert ended.status == 1
    assert "✗ orders" in ended.out
    assert "✗ model" in ended.out
    assert "✓ FAQ files" in ended.out
    assert "Traceback" not in ended.out + ended.err


def test_an_operator_is_added_once_and_listed(sportello: Command, shop: Path) -> None:
    added = sportello("operator", "add", "Giulia", "--project", str(shop))
    again = sportello("operator", "add", "Giulia", "--project", str(shop))
    listed = sportello("operator", "list", "--project", str(shop))

    assert added.status == 0
    assert "password" in added.out
    assert "giulia" in told(again)
    assert listed.out.split()[:2] == ["giulia", "Giulia"]
