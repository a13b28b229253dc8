"""sportello doctor: what is well, what is not, what to do."""
import asyncio
import platform
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape

from bot.channels import ChannelParts, open_channels
from bot.cli.aside import in_store
from bot.cli.common import settings_of
from bot.dialogue import training
from bot.dialogue.compare import compare_domain
from bot.dialogue.responses import SHARED_NAMES
from bot.faq.folder import check_folder, read_entries
from bot.hours.calendar import read_calendar
from bot.model.errors import SportelloError
from bot.orders.csv_source import CsvOrders
from bot.service.clock import SystemClock
from bot.service.supervise import describe_error
from bot.settings import Settings
from bot.storage import aside
from bot.storage.folder import make_folder
from bot.storage.store import open_store

LEAST_FREE_GB = 1.0


def examine(project: str) -> int:
    """Print a line for each part; 0 where all is well, else 1."""
    console = Console(highlight=False)
    try:
        settings = settings_of(project)
    except SportelloError as error:
        console.print(f"[red]✗[/] settings: {escape(str(error))}")
        return 1
    console.print(f"[green]✓[/] settings: {settings.shop.name}, {', '.join(settings.languages)}, {settings.time_zone}")
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("opening hours", _hours), ("FAQ files", _faq), ("orders", _orders), ("texts", _texts), ("model", _model),
        ("database", _database), ("set aside", _set_aside),
        ("disk", _disk), ("python", _python),
    ]
    results = [_result(name, partial(check, settings)) for name, check in checks] + _channels(settings)
    for one in results:
        sign = "[green]✓[/]" if one.is_well else "[red]✗[/]"
        console.print(f"{sign} {one.name}: {escape(one.words)}", soft_wrap=True)
    return 0 if all(one.is_well for one in results) else 1


class Result(NamedTuple):
    """``words``: what was found, or what is wrong and what to do."""

    name: str
    is_well: bool
    words: str


def _result(name: str, check: Callable[[], str]) -> Result:
    try:
        return Result(name, True, check())
    except SportelloError as error:
        return Result(name, False, str(error))
    except Exception as error:  # noqa: BLE001  # one check that breaks hides nothing of the others
        return Result(name, False, describe_error(error))


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
    orders = CsvOrders(settings.project, settings.orders, settings.zone)
    if notices := orders.notices():
        raise SportelloError("; ".join(notices))
    empty = "" if len(orders) else ": who asks for one is passed to a person"
    return f"{settings.orders.file}, {len(orders)} orders{empty}"


def _texts(settings: Settings) -> str:
    found = compare_domain(settings.project / "domain.yml", SHARED_NAMES)
    if found.problems:
        raise SportelloError("domain.yml: " + " ".join(found.problems))
    return f"{found.own} of the shop's own, {found.shared} of Sportello's"


def _model(settings: Settings) -> str:
    if not training.is_fresh(settings.project):
        raise SportelloError("missing or older than its sources: run `./sportello train` (`run` does it too).")
    return f"{training.model_file(settings.project).stat().st_size / 1e6:.1f} MB, up to date"


def _database(settings: Settings) -> str:
    make_folder(settings.environment.state)
    open_store(settings.environment.database)
    return settings.environment.database.split("@")[-1]


def _set_aside(settings: Settings) -> str:
    rows = in_store(settings, aside.listed)
    if rows:
        told = "; ".join(f"{one.kind} {one.id} of conversation {one.conversation_id} ({one.error})" for one in rows[:5])
        raise SportelloError(f"{len(rows)} could not be handled: {told}. Try again: `sportello aside retry`.")
    return "nothing"


def _channels(settings: Settings) -> list[Result]:
    """Ask each provider whether it knows us; what is wrong with one hides nothing of the others."""
    try:
        opened = open_channels(settings, SystemClock())
    except SportelloError as error:
        return [Result("channels", False, str(error))]
    always = Result("channels", True, ", ".join(["widget", "rest", *opened]))

    async def ask() -> list[Result]:
        return [await _asked(kind, parts) for kind, parts in opened.items()]

    return [always, *asyncio.run(ask())]


async def _asked(kind: str, parts: ChannelParts) -> Result:
    try:
        return Result(kind, True, await parts.check() if parts.check else "not checked")
    except SportelloError as error:
        return Result(kind, False, str(error))
    except Exception as error:  # noqa: BLE001  # as above
        return Result(kind, False, describe_error(error))
    finally:
        if parts.close:
            await parts.close()


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(Path(settings.environment.state)).free / 1e9
    if free < LEAST_FREE_GB:
        raise SportelloError(f"{free:.1f} GB free where the data lies; leave at least {LEAST_FREE_GB:.0f} GB.")
    return f"{free:.0f} GB free"


def _python(_settings: Settings) -> str:
    return platform.python_version()
