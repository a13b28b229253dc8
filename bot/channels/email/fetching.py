"""Fetches mail and stores it together with how far it was read."""
import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog

from bot.channels import PollDesk
from bot.channels.email.inbound import Reader, Reading
from bot.channels.email.mailbox import Mailbox, MailboxError
from bot.channels.patience import Patience
from bot.channels.polled import Polled
from bot.model.errors import StoreUnavailable
from bot.model.ports import Clock

#: How long one IDLE lasts: servers end it after 30 minutes, home routers forget a silent connection much sooner.
HOLD_S = 240.0
#: How often a server without IDLE is asked.
POLL_S = 30.0
#: Mails read between two commits.
MOST = 20
#: How far back mail is read again after the server has numbered its mails anew.
READ_AGAIN = timedelta(days=30)

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Fetcher:
    """Reads one folder. All IMAP work happens in one thread of its own.

    Args:
        name: of the mailbox and folder, for the names of the cursors.
    """

    def __init__(self, name: str, mailbox: Mailbox, reader: Reader, patience: Patience, clock: Clock) -> None:
        self._name = name
        self._mailbox = mailbox
        self._reader = reader
        self._patience = patience
        self._clock = clock
        self._polled = Polled("email")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="email")

    async def run(self, desk: PollDesk) -> None:
        """Fetch until cancelled; whatever goes wrong is waited out."""
        while True:
            try:
                await self._session(desk)
            except (MailboxError, StoreUnavailable) as error:
                await self._patience.wait_out(error)
            except Exception as error:  # shoppers go on writing, so the loop goes on asking
                log.exception("email_fetch_failed")
                await self._patience.wait_out(error)

    async def open(self, desk: PollDesk) -> None:
        """Connect, and see to it that there is a cursor.

        Raises:
            MailboxError: the mailbox cannot be opened.
            StoreUnavailable: the first cursor could not be stored.
        """
        await self._threaded(self._mailbox.open)
        if await desk.cursor(self._source) is None:
            await self._begin(desk)

    async def once(self, desk: PollDesk) -> int:
        """Read and store the next mails; how many came.

        Raises:
            MailboxError: nothing was fetched.
            StoreUnavailable: nothing was stored; the same mails come again.
        """
        cursor = await desk.cursor(self._source) or 0
        uids = await self._threaded(lambda: self._mailbox.uids_after(cursor)[:MOST])
        if uids:
            await self._take(desk, uids)
        return len(uids)

    def close(self) -> None:
        """Let the thread go; a server that is still waited for is not waited for any longer."""
        self._mailbox.hang_up()
        self._thread.submit(self._mailbox.close)
        self._thread.shutdown(wait=False)

    async def _session(self, desk: PollDesk) -> None:
        """One connection, from its opening until something breaks."""
        try:
            await self.open(desk)
            while True:
                while await self.once(desk):
                    pass
                self._patience.worked()
                await self._wait()
        finally:
            self._mailbox.hang_up()

    @property
    def _source(self) -> str:
        return f"email:{self._name}:{self._mailbox.uid_validity}"

    async def _begin(self, desk: PollDesk) -> None:
        """Where to start in a folder numbered in a way that is new to us.

        The first time ever: at the next mail, because nobody wants an answer to what lies there for years. Later the
        server has numbered its mails anew: what came since the first time is read again, which changes nothing for
        mails that are known.
        """
        first = f"email:{self._name}:since"
        since = await desk.cursor(first)
        last = self._mailbox.next_uid - 1
        if since is None:
            await desk.receive_polled(first, int(self._clock.now().timestamp()), [])
        else:
            moment = max(datetime.fromtimestamp(since, UTC), self._clock.now() - READ_AGAIN)
            again = await self._threaded(lambda: self._mailbox.uids_since(moment))
            log.warning("email_folder_numbered_anew", folder=self._name, read_again=len(again))
            last = again[0] - 1 if again else last
        await desk.receive_polled(self._source, last, [])

    async def _take(self, desk: PollDesk, uids: Sequence[int]) -> None:
        readings = await self._threaded(lambda: [one for uid in uids if (one := self._read(uid)) is not None])
        await self._polled.store(desk, self._source, uids[-1], [(one.uid, one.inbound) for one in readings])
        seen = [reading.uid for reading in readings if not reading.left_alone]
        if seen:
            try:
                await self._threaded(lambda: self._mailbox.mark_seen(seen))
            except MailboxError as error:  # the cursor has passed them; the mark is for people who look
                log.warning("email_not_marked_seen", uids=seen, problem=str(error))

    def _read(self, uid: int) -> Reading | None:
        mail = self._mailbox.fetch(uid)
        if mail is None:
            return None
        reading = self._reader.read(mail)
        if reading.left_alone:
            log.info("email_left_alone", uid=uid, why=reading.left_alone)
        return reading

    async def _wait(self) -> None:
        if self._mailbox.can_wait:
            await self._threaded(lambda: self._mailbox.wait(HOLD_S))
        else:
            await self._clock.sleep(POLL_S)

    async def _threaded(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
