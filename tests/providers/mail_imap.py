"""A real IMAP server: Dovecot, on a free port of 127.0.0.1, with its mail in a temporary folder."""
import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

PASSWORD = "open-sesame"
MISSING = "Dovecot is not installed (Debian package dovecot-imapd)"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
default_internal_user = {system}
default_internal_group = {group}
default_login_user = {system}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
maildir_very_dirty_syncs = no
mailbox_idle_check_interval = 1s
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def find_dovecot() -> str | None:
    """Where the server lies; None where it is not installed. Debian keeps it off a user's PATH."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Dovecot:
    """Knows every user; all have `PASSWORD`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._folder = folder

    def deliver(self, user: str, mail: bytes, at: datetime, folder: str = "INBOX") -> None:
        """A mail arrives for ``user``."""
        with self.looked_into(user, folder) as box:
            answer, _ = box.append(folder, "", imaplib.Time2Internaldate(at), mail)
            assert answer == "OK"

    def flags(self, user: str) -> list[bool]:
        """Of each mail, in order, whether it is marked as seen."""
        with self.looked_into(user) as box:
            _, answers = box.uid("FETCH", "1:*", "(FLAGS)")
        return [b"\\Seen" in answer for answer in answers if isinstance(answer, bytes)]

    def delete_all(self, user: str) -> None:
        with self.looked_into(user) as box:
            box.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)")
            box.expunge()

    def number_anew(self, user: str) -> None:
        """The server loses its index: the mails stay and get other uids, under another UIDVALIDITY."""
        for file in (self._folder / "mail" / user).glob("dovecot*"):
            file.unlink()
        uids = self._folder / "mail" / user / "dovecot-uidlist"
        uids.write_text(f"3 V{int(time.time()) + 1000} N1000 G{'0' * 32}\n")
        shutil.chown(uids, *_owner())

    @contextmanager
    def looked_into(self, user: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """The mailbox as a mail program sees it."""
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        box.login(user, PASSWORD)
        if folder != "INBOX":
            box.create(folder)
        box.select(folder)
        try:
            yield box
        finally:
            box.logout()


@contextmanager
def running_dovecot(certificate: tuple[Path, Path] | None = None) -> Iterator[Dovecot]:
    """``certificate``: files of the certificate and its key, for STARTTLS."""
    server = find_dovecot()
    assert server is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="dovecot-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        shutil.chown(folder / "mail", *_owner())
        _write_config(folder, port, certificate)
        process = subprocess.Popen([server, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
        try:
            _wait_for(port, process, folder / "log")
            yield Dovecot(folder, port)
        finally:
            process.terminate()
            process.wait(20)


def _owner() -> tuple[str, str]:
    """Mail belongs to nobody where we are root, which Dovecot refuses to read mail as; else to us."""
    name = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    return name, _group_of(name)


def _group_of(name: str) -> str:
    return grp.getgrgid(pwd.getpwnam(name).pw_gid).gr_name


def _write_config(folder: Path, port: int, certificate: tuple[Path, Path] | None) -> None:
    name, group = _owner()
    lines = f"ssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else ""
    (folder / "dovecot.conf").write_text(
        _CONFIG.format(
            folder=folder, port=port, password=PASSWORD, system=name, owner=name, group=group,
            ssl="yes" if certificate else "no", certificate=lines,
        )
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
            if connection.recv(4) == b"* OK":
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.terminate()
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    raise RuntimeError(f"Dovecot did not start: {said} {log.read_text() if log.exists() else ''}")
