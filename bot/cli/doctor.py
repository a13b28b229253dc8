"""sportello doctor: what is well, what is not, what to do."""
import asyncio
import platform
import shutil
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from bot.channels import open_channels
from bot.cli.common import settings_of
from bot.dialogue import training
from bot.dialogue.responses import ResponseTexts
from bot.faq.folder import check_folder, read_entries
from bot.hours.calendar import read_calendar
from bot.model.errors import SportelloError
from bot.orders.csv_source import CsvOrders
from bot.service.clock import SystemClock
from bot.settings import Settings
from bot.storage.folder import make_folder
from bot.storage.store import open_store

LEAST_FREE_GB = 1.0


def examine(project: str) -> int:
    """Print a line for each part; 0 where all is well, else 1."""
    console = Console(highlight=False)
    try:
        settings = settings_of(project)
    except SportelloError as error:
        console.print(f"[red]✗[/] settings: {error}")
        return 1
    console.print(f"[green]✓[/] settings: {settings.shop.name}, {', '.join(settings.languages)}, {settings.time_zone}")
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("opening hours", _hours), ("FAQ files", _faq), ("orders", _orders), ("texts", _texts), ("model", _model),
        ("database", _database), ("channels", _channels), ("disk", _disk), ("python", _python),
    ]
    failed = 0
    for name, check in checks:
        try:
            console.print(f"[green]✓[/] {name}: {check(settings)}")
        except SportelloError as error:
            failed += 1
            console.print(f"[red]✗[/] {name}: {error}", soft_wrap=True)
    return 1 if failed else 0


def _hours(settings: Settings) -> str:
    calendar = read_calendar(settings.project, settings.hours, settings.zone)
    now = SystemClock().now()
    if calendar.is_open(now):
        return "open now"
    opens = calendar.next_opening(now)
    if opens is None:
        raise SportelloError("closed for a whole year: give hours.weekly in shop.yml at least one slot.")
    return f"closed now, next opening {calendar.describe(opens, seen_from=now, language='en')}"


def _faq(settings: Settings) -> str:
    problems = check_folder(settings.project)
    if problems:
        raise SportelloError("; ".join(str(problem) for problem in problems))
    return f"{len(read_entries(settings.project))} entries"


def _orders(settings: Settings) -> str:
    CsvOrders(settings.project, settings.orders, settings.zone)
    return settings.orders.file


def _texts(settings: Settings) -> str:
    ResponseTexts.read(settings.project / "domain.yml")
    return "domain.yml"


def _model(settings: Settings) -> str:
    if not training.is_fresh(settings.project):
        raise SportelloError("missing or older than its sources: run `sportello train` (`sportello run` does it too).")
    return f"{training.model_file(settings.project).stat().st_size / 1e6:.1f} MB, up to date"


def _database(settings: Settings) -> str:
    make_folder(settings.environment.state)
    open_store(settings.environment.database)
    return settings.environment.database.split("@")[-1]


def _channels(settings: Settings) -> str:
    """Ask each provider whether it knows us."""

    async def ask() -> list[str]:
        found = []
        for kind, parts in open_channels(settings, SystemClock()).items():
            try:
                if parts.check:
                    await parts.check()
            finally:
                if parts.close:
                    await parts.close()
            found.append(kind)
        return found

    return ", ".join(["widget", "rest", *asyncio.run(ask())])


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(Path(settings.environment.state)).free / 1e9
    if free < LEAST_FREE_GB:
        raise SportelloError(f"{free:.1f} GB free where the data lies; leave at least {LEAST_FREE_GB:.0f} GB.")
    return f"{free:.0f} GB free"


def _python(_settings: Settings) -> str:
    return platform.python_version()
