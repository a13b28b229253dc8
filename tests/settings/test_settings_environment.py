"""SPORTELLO_… variables: their defaults, and the sentence that each wrong value gets."""
import stat
from pathlib import Path

import pytest

from bot.model.errors import SettingError
from bot.settings import Environment, load_settings
from bot.settings.environment import read_environment

TOKEN = "a-token-that-is-long-enough"


def test_without_variables_the_desk_stays_on_this_machine(tmp_path: Path) -> None:
    environment = read_environment(tmp_path, {"PATH": "/bin", "SPORTELLO_PORT": ""})
    assert (environment.host, environment.port) == ("127.0.0.1", 8080)
    assert environment.state == tmp_path / "state"
    assert environment.database == f"sqlite:///{tmp_path}/state/desk.db"


def test_the_database_lies_in_the_state_folder(tmp_path: Path) -> None:
    environment = read_environment(tmp_path, {"SPORTELLO_STATE": "/var/lib/desk"})
    assert environment.database == "sqlite:////var/lib/desk/desk.db"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"SPORTELLO_PORT": "http"}, "SPORTELLO_PORT: 'http' is no port. Use a number from 1 to 65535."),
        ({"SPORTELLO_PORT": "70000"}, "SPORTELLO_PORT: '70000' is no port."),
        ({"SPORTELLO_PROT": "80"}, "SPORTELLO_PROT: no such variable. Did you mean SPORTELLO_PORT?"),
        ({"SPORTELLO_DATABASE": "postgre://db/care"}, "SPORTELLO_DATABASE: unknown kind of database 'postgre'. Use 's"),
        ({"SPORTELLO_SECRET": "short"}, "SPORTELLO_SECRET: 5 characters are too few. Use at least 16 random ones."),
        ({"SPORTELLO_HOST": "0.0.0.0"}, "SPORTELLO_HOST: '0.0.0.0' can be reached from other machines, so REST caller"),
        ({"SPORTELLO_SECRET_FILE": "/nowhere/x"}, "SPORTELLO_SECRET_FILE: '/nowhere/x' cannot be read (No such file o"),
        ({"SPORTELLO_SECRET": TOKEN, "SPORTELLO_SECRET_FILE": "x"}, "SPORTELLO_SECRET: SPORTELLO_SECRET_FILE is set t"),
    ],
)
def test_a_wrong_value_stops_the_start(tmp_path: Path, values: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_environment(tmp_path, values)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_token(tmp_path: Path, host: str) -> None:
    assert read_environment(tmp_path, {"SPORTELLO_HOST": host}).rest_token is None


def test_with_a_token_other_machines_may_call(tmp_path: Path) -> None:
    environment = read_environment(tmp_path, {"SPORTELLO_HOST": "0.0.0.0", "SPORTELLO_REST_TOKEN": TOKEN})
    assert environment.rest_token is not None
    assert environment.rest_token.reveal() == TOKEN


def test_a_secret_is_shown_nowhere(tmp_path: Path) -> None:
    environment = read_environment(tmp_path, {"SPORTELLO_SECRET": TOKEN, "SPORTELLO_REST_TOKEN": TOKEN})
    assert TOKEN not in f"{environment} {environment!r} {environment.secret()}"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(TOKEN + "\n")
    environment = read_environment(tmp_path, {"SPORTELLO_SECRET_FILE": str(tmp_path / "key")})
    assert environment.secret().reveal() == TOKEN


def test_without_a_secret_one_is_made_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first = read_environment(tmp_path, {}).secret().reveal()
    kept = tmp_path / "state" / "secret"

    assert read_environment(tmp_path, {}).secret().reveal() == first
    assert len(first) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_reading_settings_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text("shop: {name: Passo, email: a@b.example, privacy_url: /p}\n")
    assert isinstance(load_settings(tmp_path, {}).environment, Environment)
    assert [path.name for path in tmp_path.iterdir()] == ["shop.yml"]


def test_a_state_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    with pytest.raises(SettingError, match=r"state/secret: the secret cannot be kept there .*set SPORTELLO_STATE"):
        read_environment(tmp_path, {}).secret()


def test_a_spoilt_secret_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "secret").write_text("x")
    with pytest.raises(SettingError, match=r"this is no secret. Delete the file"):
        read_environment(tmp_path, {}).secret()
