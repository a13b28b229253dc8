"""The shop's mailbox."""
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from bot.model.errors import SettingError
from bot.settings.accounts.common import refuse_alone
from bot.settings.secret import Secret, given_secret

_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
#: scheme: (port where none is given, encrypted from the first byte)
_IMAP = {"imaps": (993, True), "imap": (143, False)}
_SMTP = {"smtps": (465, True), "smtp": (587, False)}


class Server(Struct, frozen=True):
    """``tls``: encrypted from the first byte; otherwise STARTTLS is used, and demanded unless the host is loopback."""

    host: str
    port: int
    tls: bool
    user: str


class MailAccount(Struct, frozen=True):
    """Attributes:
    address: what shoppers write to and answers come from.
    folder: the IMAP folder that is read.
    """

    address: str
    password: Secret
    imap: Server
    smtp: Server
    folder: str = "INBOX"


def read_mailbox(given: Mapping[str, str]) -> MailAccount | None:
    """The mailbox; None where no address is set.

    Raises:
        SettingError: its ``file`` is the variable's name.
    """
    address = given.get("SPORTELLO_EMAIL_ADDRESS")
    if address is None:
        refuse_alone(given, "SPORTELLO_EMAIL_", "SPORTELLO_EMAIL_ADDRESS")
        return None
    if not _ADDRESS.fullmatch(address):
        raise SettingError(f"'{address}' is no e-mail address.", file="SPORTELLO_EMAIL_ADDRESS")
    password = given_secret(given, "SPORTELLO_EMAIL_PASSWORD", shortest=1)
    if password is None:
        raise SettingError(
            "it is missing. Set it, or SPORTELLO_EMAIL_PASSWORD_FILE to a file that holds it.",
            file="SPORTELLO_EMAIL_PASSWORD",
        )
    return MailAccount(
        address=address.lower(),
        password=password,
        imap=_server(given, "SPORTELLO_EMAIL_IMAP", _IMAP, address),
        smtp=_server(given, "SPORTELLO_EMAIL_SMTP", _SMTP, address),
        folder=given.get("SPORTELLO_EMAIL_FOLDER", "INBOX"),
    )


def _server(given: Mapping[str, str], name: str, schemes: Mapping[str, tuple[int, bool]], user: str) -> Server:
    text = given.get(name, "")
    secure = next(iter(schemes))
    problem = SettingError(
        f"'{text}' is no server. Write it like {secure}://mail.example.com, or {secure}://user@mail.example.com:port; "
        f"{' or '.join(schemes)}. The password has a variable of its own.",
        file=name,
    )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise problem from None
    if parts.scheme not in schemes or not parts.hostname or parts.password or parts.path.strip("/"):
        raise problem
    usual, tls = schemes[parts.scheme]
    return Server(parts.hostname, port or usual, tls, unquote(parts.username or user))
