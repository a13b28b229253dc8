"""sportello operator add | list."""
import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from bot.cli.common import ProjectOption, settings_of
from bot.service.clock import SystemClock
from bot.service.people.operators import Operators, make_password
from bot.settings import Settings
from bot.storage.folder import make_folder
from bot.storage.operator_rows import StoredOperators
from bot.storage.store import open_store

T = TypeVar("T")

app = typer.Typer(help="Who may open the console.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What shoppers read, such as Giulia.")],
    login: Annotated[str, typer.Option(help="Login; the name in lower case where left out.")] = "",
    project: ProjectOption = ".",
) -> None:
    """Add an operator and print the first password, once."""
    password = make_password()

    async def work(operators: Operators) -> str:
        made = await operators.add(login or name.strip().lower().replace(" ", "."), name, password)
        return made.login

    made = asyncio.run(_with_operators(settings_of(project), work))
    Console(highlight=False).print(f"Operator {name}: login [bold]{made}[/], password [bold]{password}[/] (shown once)")


@app.command("list")
def show(project: ProjectOption = ".") -> None:
    """List the operators."""

    async def work(operators: Operators) -> list[str]:
        return [f"{one.login}  {one.public_name}" for one in await operators.list_operators()]

    lines = asyncio.run(_with_operators(settings_of(project), work))
    Console(highlight=False).print("\n".join(lines) or "There is none yet: ./sportello operator add NAME", markup=False)


async def _with_operators(settings: Settings, work: Callable[[Operators], Awaitable[T]]) -> T:
    make_folder(settings.environment.state)
    store = open_store(settings.environment.database)
    try:
        return await work(Operators(StoredOperators(store, SystemClock())))
    finally:
        await store.close()
