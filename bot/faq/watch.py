"""A saved FAQ file becomes a publication; a broken entry stays as it last was right."""
import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from watchfiles import Change, awatch

from bot.faq.folder import FOLDER, SUFFIXES, FolderReader, FolderState
from bot.faq.publication import make_publication
from bot.model.errors import SettingError, SportelloError
from bot.model.faq import Publication
from bot.settings import SHOP_FILE

log = logging.getLogger(__name__)

#: How long a burst of saves may still grow before it is read (milliseconds).
_STEP_MS = 25
_DEBOUNCE_MS = 200
#: The folder is read again at least this often: some network folders tell nobody about changes (milliseconds).
_REREAD_MS = 5_000


class FolderWatcher:
    """Reads ``faq/`` and ``shop.yml`` at every change.

    Args:
        on_good: gets each new publication, and the present one again once problems are gone.
        on_bad: gets all problems of the files as they are, whenever these change.
    """

    def __init__(
        self,
        project: Path,
        *,
        on_good: Callable[[Publication], Awaitable[None]],
        on_bad: Callable[[list[SettingError]], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._project = project
        self._on_good = on_good
        self._on_bad = on_bad
        self._now = now
        self._reader = FolderReader(project)
        # What was told last: the id of a publication, or the problems; None before the first reading.
        self._told: str | list[str] | None = None
        self._seen: FolderState | None = None
        # The id of the last publication; only after whole files may a folder with problems be published.
        self._last = ""
        self._published = False

    async def run(self, stop: asyncio.Event) -> None:
        """Read now and after every change, until ``stop`` is set."""
        changed = asyncio.Event()
        changed.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(self._project, changed, stop, recursive=False))
            tasks.create_task(self._watch(self._project / FOLDER, changed, stop, recursive=True))
            tasks.create_task(self._wake(changed, stop))
            while not stop.is_set():
                await changed.wait()
                changed.clear()
                if not stop.is_set():
                    await self._try_check()

    async def check(self) -> None:
        """Read once and tell what is new.

        Raises:
            SportelloError: whatever a callback raised; the next reading tells again.
        """
        state = await asyncio.to_thread(self._read)
        if state is self._seen:
            return
        await self._tell_of(state)
        self._seen = state

    def _read(self) -> FolderState:
        """The folder as it is; what no reader foresaw is a problem of the folder like any other."""
        try:
            return self._reader.read()
        except Exception as error:
            log.exception("faq: the folder could not be read")
            problem = SettingError(f"cannot be read: {type(error).__name__}: {error}.", file=FOLDER)
            return FolderState((), (problem,))

    async def _try_check(self) -> None:
        try:
            await self.check()
        except SportelloError:
            log.warning("faq: the change was not taken; it is tried again in %s s", _REREAD_MS // 1000, exc_info=True)
        except Exception as error:
            log.exception("faq: the change was not taken; it is tried again in %s s", _REREAD_MS // 1000)
            await self._tell_unforeseen(error)

    async def _tell_unforeseen(self, error: Exception) -> None:
        """Whatever it was: the last good publication serves, people read why, and the next reading tries again."""
        problem = SettingError(f"cannot be taken: {type(error).__name__}: {error}.", file=FOLDER)
        if [str(problem)] != self._told:
            try:
                await self._on_bad([problem])
            except Exception:
                log.exception("faq: a problem could not be told")
                return
            self._told = [str(problem)]

    async def _tell_of(self, state: FolderState) -> None:
        if state.problems:
            if self._published and state.entries:
                await self._publish(state)
            texts = [str(problem) for problem in state.problems]
            if texts != self._told:
                await self._on_bad(list(state.problems))
                self._told = texts
            return
        self._published = True
        await self._publish(state)

    async def _publish(self, state: FolderState) -> None:
        publication = await asyncio.to_thread(make_publication, state.entries, self._now())
        # Told again after problems: it takes them away. With problems it is told only where it is another one.
        told = self._last if state.problems else self._told
        if publication.id != told:
            await self._on_good(publication)
            self._told = self._last = publication.id

    async def _watch(self, path: Path, changed: asyncio.Event, stop: asyncio.Event, *, recursive: bool) -> None:
        while not stop.is_set():
            watched = _inode(path)
            # A folder that is not there (yet) is awaited in the one above it.
            there = path if watched else path.parent
            async for _ in awatch(
                there,
                watch_filter=_matters,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                rust_timeout=_REREAD_MS,
                yield_on_timeout=True,
                recursive=recursive and watched is not None,
                stop_event=stop,
            ):
                changed.set()
                if _inode(path) != watched:
                    break

    async def _wake(self, changed: asyncio.Event, stop: asyncio.Event) -> None:
        await stop.wait()
        changed.set()


def _matters(_change: Change, path: str) -> bool:
    name = Path(path).name
    return name in (SHOP_FILE, FOLDER) or (name.lower().endswith(SUFFIXES) and not name.startswith("."))


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
