"""Files that may change while the desk runs: a new version is taken, a broken one is named and the last good serves."""
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.model.errors import SettingError
from bot.service.supervise import describe_error

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0


class FileWatch:
    """Calls ``reload`` after a change of any of ``files``.

    Attributes:
        problem: why the files as they are now are not in use; None while all is well.
    """

    def __init__(self, files: Sequence[Path], reload: Callable[[], None]) -> None:
        self._files = files
        self._reload = reload
        self._stamps = self._look()
        self.problem: SettingError | None = None

    def check(self) -> None:
        """Take what changed since the last look."""
        stamps = self._look()
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            self._reload()
            self.problem = None
        except SettingError as error:
            log.error("settings_broken", problem=str(error))
            self.problem = error
        except Exception as error:
            log.exception("settings_not_taken")
            self.problem = SettingError(f"cannot be taken: {describe_error(error)}.", file=self._files[0].name)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.check()

    def _look(self) -> list[tuple[int, int] | None]:
        return [_stamp(file) for file in self._files]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
