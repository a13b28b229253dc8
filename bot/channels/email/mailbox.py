"""The shop's mailbox over IMAP. Everything here blocks: it belongs into a thread."""
import contextlib
import imaplib
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from imapclient import SEEN, IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

from bot.channels.email.inbound import Mail
from bot.channels.email.large import MOST_FILE, assembled
from bot.channels.email.transport import TIMEOUT_S, may_stay_plain, tls_context
from bot.model.errors import SportelloError
from bot.settings.accounts import MailAccount

#: A mail is fetched whole up to this size; of a larger one the texts, and the files that can be shown.
MOST_BYTES = 30 * 1024 * 1024
#: imaplib speaks of broken answers in its own error, of broken connections in the system's.
_BROKEN = (imaplib.IMAP4.error, OSError, ValueError)


class MailboxError(SportelloError):
    """The mailbox cannot be read now. ``needs_owner``: no patience helps, a setting must change."""

    def __init__(self, message: str, *, needs_owner: bool = False) -> None:
        super().__init__(message)
        self.needs_owner = needs_owner


class Mailbox:
    """One connection, one folder. Not for two threads at once, `hang_up` aside.

    Attributes:
        uid_validity: uids mean something only together with it.
        next_uid: the uid that the next mail was going to have when the folder was opened.
        can_wait: the server tells of new mail by itself (IDLE).
    """

    def __init__(self, account: MailAccount, *, most_bytes: int = MOST_BYTES, most_file: int = MOST_FILE) -> None:
        self._account = account
        self._most_bytes = most_bytes
        self._most_file = most_file
        self._client: IMAPClient | None = None
        self.uid_validity = 0
        self.next_uid = 1
        self.can_wait = False

    def open(self) -> None:
        """Connect, log in, select the folder.

        Raises:
            MailboxError: in words, what keeps us out.
        """
        self.close()
        with self._in_words():
            self._client = client = self._connected()
            self._secure(client)
            self._log_in(client)
            self.can_wait = bool(client.has_capability("IDLE"))
            self._select(client)

    def uids_after(self, uid: int) -> list[int]:
        """Mails that came after that one, oldest first."""
        with self._in_words():
            self._open.noop()  # servers look for what is new only between two commands
            # "9:*" names the last mail too where it is older than 9.
            return sorted(found for found in self._open.search(["UID", f"{uid + 1}:*"]) if found > uid)

    def uids_since(self, moment: datetime) -> list[int]:
        """Mails that the server took since then, oldest first."""
        with self._in_words():
            # SINCE knows only days, and those of the server's own time zone.
            found = self._open.search(["SINCE", (moment - timedelta(days=1)).date()])
            arrived = self._open.fetch(found, ["INTERNALDATE"]) if found else {}
            return sorted(uid for uid, answer in arrived.items() if answer[b"INTERNALDATE"] >= moment)

    def fetch(self, uid: int) -> Mail | None:
        """One mail, unread as it was; None where it is gone."""
        with self._in_words():
            wanted = [f"BODY.PEEK[]<0.{self._most_bytes}>", "INTERNALDATE"]
            answer = self._open.fetch([uid], wanted).get(uid, {})
            raw = answer.get(b"BODY[]<0>")
            if raw is not None and len(raw) >= self._most_bytes:
                raw = self._large(uid) or raw
            return Mail(self.uid_validity, uid, raw, answer.get(b"INTERNALDATE")) if raw is not None else None

    def _large(self, uid: int) -> bytes | None:
        """A very large mail from its parts; None where its beginning has to do, because it is one part alone."""
        structure = self._open.fetch([uid], ["BODYSTRUCTURE"]).get(uid, {}).get(b"BODYSTRUCTURE")
        if structure is None or not structure.is_multipart:
            return None

        def fetch(name: str) -> bytes:
            answer = self._open.fetch([uid], [name]).get(uid, {})
            return next((value for key, value in answer.items() if key.startswith(b"BODY[")), b"") or b""

        return assembled(structure, fetch, most_file=self._most_file)

    def mark_seen(self, uids: Sequence[int]) -> None:
        with self._in_words():
            self._open.add_flags(uids, [SEEN], silent=True)

    def wait(self, seconds: float) -> None:
        """Return when the server has something to tell, at the latest after ``seconds``."""
        with self._in_words():
            # A mail that comes while a search ends is told with the search's own end, and IDLE does not tell it again.
            if self._open._imap.untagged_responses.pop("EXISTS", None):
                return
            self._open.idle()
            self._open.idle_check(timeout=seconds)
            self._open.idle_done()

    def hang_up(self) -> None:
        """End the connection, from any thread: whoever waits on it gets an error at once."""
        if self._client is not None:
            with contextlib.suppress(OSError):
                # The system's own shutdown: TLS and imaplib would wait for the thread that reads.
                socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        """Log out, where a connection is open."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.logout()
        except _BROKEN:
            with contextlib.suppress(*_BROKEN):
                client.shutdown()

    @property
    def _open(self) -> IMAPClient:
        if self._client is None:
            raise OSError("the connection is closed")
        return self._client

    def _connected(self) -> IMAPClient:
        server = self._account.imap
        context = tls_context(server) if server.tls else None
        client = IMAPClient(server.host, server.port, ssl=server.tls, ssl_context=context, timeout=TIMEOUT_S)
        client.normalise_times = False
        return client

    def _secure(self, client: IMAPClient) -> None:
        server = self._account.imap
        if server.tls:
            return
        if client.has_capability("STARTTLS"):
            client.starttls(tls_context(server))
        elif not may_stay_plain(server):
            raise MailboxError(
                f"{server.host}:{server.port} offers no encryption, and the password must not travel in clear. Set "
                f"SPORTELLO_EMAIL_IMAP to imaps://{server.host}.",
                needs_owner=True,
            )

    def _log_in(self, client: IMAPClient) -> None:
        server = self._account.imap
        try:
            client.login(server.user, self._account.password.reveal())
        except LoginError as error:
            raise MailboxError(
                f"{server.host} does not let {server.user} in ({_said(error)}). Check the user in SPORTELLO_EMAIL_IMAP "
                "and SPORTELLO_EMAIL_PASSWORD; where the provider wants two steps, make an app password there.",
                needs_owner=True,
            ) from error

    def _select(self, client: IMAPClient) -> None:
        folder = self._account.folder
        try:
            selected = client.select_folder(folder)
        except imaplib.IMAP4.error as error:
            names = ", ".join(str(name) for _flags, _delimiter, name in client.list_folders()[:20])
            raise MailboxError(
                f"The folder {folder} cannot be opened ({_said(error)}). Set SPORTELLO_EMAIL_FOLDER to one of: "
                f"{names}.",
                needs_owner=True,
            ) from error
        self.uid_validity = int(selected[b"UIDVALIDITY"])
        self.next_uid = int(selected.get(b"UIDNEXT") or max(client.search("ALL"), default=0) + 1)

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """What breaks becomes a MailboxError."""
        try:
            yield
        except MailboxError:
            raise
        except _BROKEN as error:
            at = f"{self._account.imap.host}:{self._account.imap.port}"
            raise MailboxError(f"The mailbox at {at} cannot be reached: {_said(error)}") from error


def _said(error: Exception) -> str:
    """The server's words; imaplib hands them on as the text of bytes."""
    return str(error).removeprefix("b'").rstrip("'.")
