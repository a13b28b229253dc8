"""What the machine decides: the only place that reads the process environment."""
import difflib
import ipaddress
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from bot.model.errors import SettingError

_MIN_SECRET = 16


class Variable(NamedTuple):
    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("SPORTELLO_STATE", "<project>/state", "Folder of the database and of what must survive a restart."),
    Variable("SPORTELLO_HOST", "127.0.0.1", "Address to listen on."),
    Variable("SPORTELLO_PORT", "8080", "Port to listen on."),
    Variable("SPORTELLO_DATABASE", "sqlite:///<state>/desk.db", "Database address: sqlite:///… or postgresql://…"),
    Variable("SPORTELLO_SECRET", "made at the first start", "Signs console sessions; at least 16 characters."),
    Variable("SPORTELLO_SECRET_FILE", "<state>/secret", "File that holds the secret."),
    Variable("SPORTELLO_REST_TOKEN", "none", "Bearer token of REST callers; needed beyond this machine."),
    Variable("SPORTELLO_REST_TOKEN_FILE", "none", "File that holds the REST token."),
)


class Secret:
    """A text that no log, trace or error shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__


class Environment(Struct, frozen=True):
    """Attributes:
    given_secret: None where the desk keeps one of its own, see `secret`.
    rest_token: None = REST needs no token, which only this machine may do.
    """

    state: Path
    host: str
    port: int
    database: str
    given_secret: Secret | None = None
    rest_token: Secret | None = None

    def secret(self) -> Secret:
        """The given secret, or the one in ``<state>/secret``, made there on first use.

        Raises:
            SettingError: the state folder cannot be written or the file holds no secret.
        """
        return self.given_secret or _kept_secret(self.state / "secret")


def environ() -> dict[str, str]:
    """A copy of the process environment."""
    return dict(os.environ)


def read_environment(project: Path, values: Mapping[str, str]) -> Environment:
    """The settings among the variables that begin with SPORTELLO_; an empty one counts as not set.

    Raises:
        SettingError: its ``file`` is the variable's name.
    """
    known = [variable.name for variable in VARIABLES]
    given = {name: value.strip() for name, value in values.items() if name.startswith("SPORTELLO_") and value.strip()}
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingError(f"no such variable.{hint} Known: {', '.join(known)}.", file=name)
    state = Path(given.get("SPORTELLO_STATE", project / "state")).expanduser().absolute()
    environment = Environment(
        state=state,
        host=given.get("SPORTELLO_HOST", "127.0.0.1"),
        port=_port(given.get("SPORTELLO_PORT", "8080")),
        database=_database(given.get("SPORTELLO_DATABASE", f"sqlite:///{state / 'desk.db'}")),
        given_secret=_given_secret(given, "SPORTELLO_SECRET"),
        rest_token=_given_secret(given, "SPORTELLO_REST_TOKEN"),
    )
    if environment.rest_token is None and not _is_loopback(environment.host):
        raise SettingError(
            f"'{environment.host}' can be reached from other machines, so REST callers need a token: set "
            "SPORTELLO_REST_TOKEN, or listen on 127.0.0.1.",
            file="SPORTELLO_HOST",
        )
    return environment


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SettingError(f"'{text}' is no port. Use a number from 1 to 65535.", file="SPORTELLO_PORT")
    return int(text)


def _database(address: str) -> str:
    if not address.startswith(("sqlite:///", "postgresql://")):
        scheme = address.split(":", 1)[0]
        raise SettingError(
            f"unknown kind of database '{scheme}'. Use 'sqlite:///desk.db' or 'postgresql://user@host/name'.",
            file="SPORTELLO_DATABASE",
        )
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _given_secret(given: Mapping[str, str], name: str) -> Secret | None:
    value, file = given.get(name), given.get(f"{name}_FILE")
    if value and file:
        raise SettingError(f"{name}_FILE is set too. Keep one of the two.", file=name)
    if file:
        name = f"{name}_FILE"
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"'{file}' cannot be read ({_why(error)}). Name a readable file.", file=name) from None
    if value is None:
        return None
    if len(value) < _MIN_SECRET:
        raise SettingError(f"{len(value)} characters are too few. Use at least {_MIN_SECRET} random ones.", file=name)
    return Secret(value)


def _kept_secret(path: Path) -> Secret:
    try:
        if not path.exists():
            _make_secret(path)
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"the secret cannot be kept there ({_why(error)}). Make the folder writable, or set SPORTELLO_STATE to "
            "another one.",
            file=str(path),
        ) from None
    if len(value) < _MIN_SECRET:
        raise SettingError("this is no secret. Delete the file: a new one is made, all log in again.", file=str(path))
    return Secret(value)


def _make_secret(path: Path) -> None:
    """Written aside and linked into place: of two processes that start together both read one whole secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".secret-{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not plain text"


def calm_libraries() -> None:
    """Keep TensorFlow, Rasa and SQLAlchemy from talking on the terminal; before any of them is imported."""
    for name, value in (
        ("TF_CPP_MIN_LOG_LEVEL", "3"),
        ("RASA_TELEMETRY_ENABLED", "false"),
        ("SQLALCHEMY_SILENCE_UBER_WARNING", "1"),
    ):
        os.environ.setdefault(name, value)
