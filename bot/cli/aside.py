"""sportello aside list | retry | drop."""
import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from bot.cli.common import ProjectOption, settings_of
from bot.model.errors import SportelloError
from bot.model.views import is_id
from bot.service.clock import SystemClock
from bot.settings import Settings
from bot.storage import aside
from bot.storage.folder import make_folder
from bot.storage.store import open_store

T = TypeVar("T")
Ids = Annotated[list[int] | None, typer.Argument(help="Numbers from `sportello aside list`; all where left out.")]

app = typer.Typer(help="What could not be handled and was set aside.", no_args_is_help=True)


@app.command("list")
def show(project: ProjectOption = ".") -> None:
    """List what was set aside, with the error."""
    rows = in_store(settings_of(project), aside.listed)
    lines = [
        f"{one.id}  conversation {one.conversation_id}  {one.channel} {one.kind}  "
        f"{one.set_aside_at:%Y-%m-%d %H:%M} UTC  {one.error}"
        for one in rows
    ]
    Console(highlight=False).print("\n".join(lines) or "Nothing is set aside.", markup=False, soft_wrap=True)


@app.command()
def retry(ids: Ids = None, project: ProjectOption = ".") -> None:
    """Have entries handled again, within seconds where the desk runs, else at its next start."""
    now = SystemClock().now()
    count = in_store(settings_of(project), lambda connection: aside.retry(connection, _chosen(connection, ids), now))
    Console(highlight=False).print(f"{count} to be tried again.")


@app.command()
def drop(ids: Annotated[list[int], typer.Argument(help="Numbers from `sportello aside list`.")],
         project: ProjectOption = ".") -> None:
    """Leave entries unhandled for good; what the shopper wrote stays in the conversation."""
    count = in_store(settings_of(project), lambda connection: aside.drop(connection, _chosen(connection, ids)))
    Console(highlight=False).print(f"{count} dropped.")


def in_store(settings: Settings, work: Callable[[Any], T]) -> T:
    """Run ``work`` in one transaction of the desk's store."""
    async def run() -> T:
        make_folder(settings.environment.state)
        store = open_store(settings.environment.database)
        try:
            return await store.write(work)
        finally:
            await store.close()

    return asyncio.run(run())


def _chosen(connection: Any, ids: list[int] | None) -> list[int]:
    known = [one.id for one in aside.listed(connection)]
    unknown = [one for one in ids or () if one not in known]
    if unknown:
        shown = ", ".join(str(one) if is_id(one) else "a number of no entry" for one in unknown)
        have = ", ".join(map(str, known)) or "none"
        raise SportelloError(f"Not set aside: {shown}. Set aside are: {have}.")
    return known if ids is None or not ids else ids
