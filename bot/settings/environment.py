"""What the machine decides: the only place that reads the process environment."""
import difflib
import os
import re
import secrets
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from bot.model.errors import SettingError
from bot.settings.accounts import (
    MailAccount,
    MetaAccount,
    TelegramAccount,
    read_mailbox,
    read_meta,
    read_telegram,
)
from bot.settings.accounts.common import is_loopback
from bot.settings.accounts.meta import GRAPH, VERSION
from bot.settings.secret import MIN_SECRET, Secret, given_secret, why

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


class Variable(NamedTuple):
    name: str
    default: str
    meaning: str


def _meta(name: str, title: str, id_name: str, id_meaning: str) -> tuple[Variable, ...]:
    prefix = f"SPORTELLO_{name}_"
    return (
        Variable(f"{prefix}TOKEN", "none", f"Access token of {title} from Meta; without it no {title}."),
        Variable(f"{prefix}TOKEN_FILE", "none", f"File that holds the {title} token."),
        Variable(f"{prefix}{id_name}", "none", id_meaning),
        Variable(f"{prefix}APP_SECRET", "none", f"Secret of the Meta app that {title} belongs to."),
        Variable(f"{prefix}APP_SECRET_FILE", "none", "File that holds the app secret."),
        Variable(f"{prefix}VERIFY_TOKEN", "made from the desk's secret", "What Meta shows when the webhook is set up."),
        Variable(f"{prefix}VERIFY_TOKEN_FILE", "none", "File that holds the verify token."),
        Variable(f"{prefix}API", GRAPH, "Address of the Graph API."),
        Variable(f"{prefix}API_VERSION", VERSION, "Version of the Graph API."),
    )


VARIABLES = (
    Variable(
        "SPORTELLO_STATE", "<project>/state",
        "Folder of the database and of what must survive a restart; in ~/.local/state where the shop is read-only.",
    ),
    Variable("SPORTELLO_HOST", "127.0.0.1", "Address to listen on."),
    Variable("SPORTELLO_PORT", "8080", "Port to listen on."),
    Variable("SPORTELLO_DATABASE", "sqlite:///<state>/desk.db", "Database address: sqlite:///… or postgresql://…"),
    Variable("SPORTELLO_SECRET", "made at the first start", "Signs console sessions; at least 16 characters."),
    Variable("SPORTELLO_SECRET_FILE", "<state>/secret", "File that holds the secret."),
    Variable("SPORTELLO_REST_TOKEN", "none", "Bearer token of REST callers; needed beyond this machine."),
    Variable("SPORTELLO_REST_TOKEN_FILE", "none", "File that holds the REST token."),
    Variable("SPORTELLO_REST_ORIGINS", "none", "Sites whose pages may call REST, like https://shop.example, or *."),
    Variable("SPORTELLO_PUBLIC_URL", "none", "Address at which providers reach the desk, like https://desk.shop.example."),
    Variable("SPORTELLO_TELEGRAM_TOKEN", "none", "Token of the Telegram bot, from @BotFather; without it no Telegram."),
    Variable("SPORTELLO_TELEGRAM_TOKEN_FILE", "none", "File that holds the Telegram token."),
    Variable("SPORTELLO_TELEGRAM_MODE", "polling", "How messages come: polling, or webhook at SPORTELLO_PUBLIC_URL."),
    Variable("SPORTELLO_TELEGRAM_SECRET", "made from the desk's secret", "What Telegram shows with each webhook call."),
    Variable("SPORTELLO_TELEGRAM_SECRET_FILE", "none", "File that holds the Telegram webhook secret."),
    Variable("SPORTELLO_TELEGRAM_API", "https://api.telegram.org", "Address of the Bot API, for a server of your own."),
    *_meta("WHATSAPP", "WhatsApp", "PHONE_NUMBER_ID", "Id of the phone number (not the number itself)."),
    *_meta("MESSENGER", "Messenger", "PAGE_ID", "Id of the Facebook page."),
    Variable("SPORTELLO_MESSENGER_APP_ID", "none", "Id of the Meta app: tells the bot's own messages from a person's."),
    *_meta("INSTAGRAM", "Instagram", "ACCOUNT_ID", "Id of the Instagram professional account."),
    Variable("SPORTELLO_INSTAGRAM_APP_ID", "none", "Id of the Meta app: tells the bot's own messages from a person's."),
    Variable("SPORTELLO_EMAIL_ADDRESS", "none", "Address that shoppers write to; without it no e-mail."),
    Variable("SPORTELLO_EMAIL_PASSWORD", "none", "Password of the mailbox, for IMAP and SMTP."),
    Variable("SPORTELLO_EMAIL_PASSWORD_FILE", "none", "File that holds the mailbox's password."),
    Variable("SPORTELLO_EMAIL_IMAP", "none", "Server that mail is fetched from, like imaps://mail.example.com."),
    Variable("SPORTELLO_EMAIL_SMTP", "none", "Server that mail is sent through, like smtps://mail.example.com."),
    Variable("SPORTELLO_EMAIL_FOLDER", "INBOX", "IMAP folder that is read."),
)


class Environment(Struct, frozen=True):
    """Attributes:
    given_secret: None where the desk keeps one of its own, see `secret`.
    rest_token: None = REST needs no token, which only this machine may do.
    telegram: None = no bot; so for each channel.
    """

    state: Path
    host: str
    port: int
    database: str
    given_secret: Secret | None = None
    rest_token: Secret | None = None
    rest_origins: tuple[str, ...] = ()
    telegram: TelegramAccount | None = None
    whatsapp: MetaAccount | None = None
    messenger: MetaAccount | None = None
    instagram: MetaAccount | None = None
    email: MailAccount | None = None

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
    state = state_folder(project, values)
    environment = Environment(
        state=state,
        host=given.get("SPORTELLO_HOST", "127.0.0.1"),
        port=_port(given.get("SPORTELLO_PORT", "8080")),
        database=_database(given.get("SPORTELLO_DATABASE", f"sqlite:///{state / 'desk.db'}")),
        given_secret=given_secret(given, "SPORTELLO_SECRET"),
        rest_token=given_secret(given, "SPORTELLO_REST_TOKEN"),
        rest_origins=_origins(given.get("SPORTELLO_REST_ORIGINS", "")),
        telegram=read_telegram(given),
        whatsapp=read_meta(given, "SPORTELLO_WHATSAPP_", "PHONE_NUMBER_ID"),
        messenger=read_meta(given, "SPORTELLO_MESSENGER_", "PAGE_ID"),
        instagram=read_meta(given, "SPORTELLO_INSTAGRAM_", "ACCOUNT_ID"),
        email=read_mailbox(given),
    )
    if environment.rest_token is None and not is_loopback(environment.host):
        raise SettingError(
            f"'{environment.host}' can be reached from other machines, so REST callers need a token: set "
            "SPORTELLO_REST_TOKEN, or listen on 127.0.0.1.",
            file="SPORTELLO_HOST",
        )
    return environment


def state_folder(project: Path, values: Mapping[str, str]) -> Path:
    """Where a shop's data lies: in its folder, or in the user's own where the shop's can only be read."""
    given = values.get("SPORTELLO_STATE", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    inside = project.absolute() / "state"
    if is_writable(inside if inside.is_dir() else project):
        return inside
    home = Path(values.get("XDG_STATE_HOME") or "~/.local/state").expanduser()
    name = f"{project.absolute().name}-{zlib.crc32(str(project.absolute()).encode()):08x}"
    return home / "sportello" / name


def is_writable(folder: Path) -> bool:
    """A folder that is not there yet counts as one: making it says what is wrong."""
    return not folder.exists() or os.access(folder, os.W_OK)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SettingError(f"'{text}' is no port. Use a number from 1 to 65535.", file="SPORTELLO_PORT")
    return int(text)


def _origins(text: str) -> tuple[str, ...]:
    """Origins with commas or spaces between them."""
    origins = tuple(one.rstrip("/") for one in text.replace(",", " ").split())
    for one in origins:
        if one != "*" and not _ORIGIN.fullmatch(one):
            raise SettingError(
                f"'{one}' is no origin. Use the site's address without a path, like https://shop.example, or *.",
                file="SPORTELLO_REST_ORIGINS",
            )
    return origins


def _database(address: str) -> str:
    if not address.startswith(("sqlite:///", "postgresql://")):
        scheme = address.split(":", 1)[0]
        raise SettingError(
            f"unknown kind of database '{scheme}'. Use 'sqlite:///desk.db' or 'postgresql://user@host/name'.",
            file="SPORTELLO_DATABASE",
        )
    return address


def _kept_secret(path: Path) -> Secret:
    try:
        if not path.exists():
            _make_secret(path)
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"the secret cannot be kept there ({why(error)}). Make the folder writable, or set SPORTELLO_STATE to "
            "another one.",
            file=str(path),
        ) from None
    if len(value) < MIN_SECRET:
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


def calm_libraries() -> None:
    """Keep libraries quiet and on one thread each; call it before any of them is imported.

    numpy's matrix library starts a thread per core for products too small to share and lets it spin: that doubled the
    processor time of a message (docs/figures.md).
    """
    for name, value in (
        ("TF_CPP_MIN_LOG_LEVEL", "3"),
        ("RASA_TELEMETRY_ENABLED", "false"),
        ("SQLALCHEMY_SILENCE_UBER_WARNING", "1"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("OMP_NUM_THREADS", "1"),
    ):
        os.environ.setdefault(name, value)
