"""`sportello simulate`: a channel tried without an account, on a double of its provider and a page like a phone."""
import socket
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.panel import Panel

from bot.channels import CHANNELS
from bot.cli.serve import serve
from bot.model.errors import SportelloError
from bot.service.clock import SystemClock
from bot.settings import environ, load_settings, read_shop

#: The doubles come with the sources and not with the installed package.
SOURCES = Path(__file__).parents[2]
_SIMULATOR = "tests.providers.simulator"


def simulate(kind: str, project: Path, port: int) -> None:
    """Serve the phone on ``port`` and a desk of its own on the next one, until Ctrl-C; nothing is kept.

    Raises:
        SportelloError: something is missing or wrong; its text says what to do.
    """
    simulator = _load()
    title, _ = CHANNELS[kind]
    shop = read_shop(project).shop.name
    for one in (port, port + 1):
        _check_free(one)
    desk_url = f"http://127.0.0.1:{port + 1}"
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="sportello-simulate-") as state, simulator.phone_page(
        kind, title=title, shop=shop, desk_url=desk_url, port=port, clock=clock
    ) as account:
        # The machine's own accounts stay out of it: a trial must not read or answer real mail.
        others = {name: value for name, value in environ().items() if not name.startswith("SPORTELLO_")}
        mine = {"SPORTELLO_STATE": state, "SPORTELLO_PORT": str(port + 1), **account}
        settings = load_settings(project, others | mine)
        where = f"The phone, once the desk below is ready   [bold]http://127.0.0.1:{port}/[/]"
        Console(highlight=False).print(Panel(where, title=f"{title} on this machine", expand=False))
        serve(settings)


def _load() -> ModuleType:
    """The doubles.

    Raises:
        SportelloError: this installation has none.
    """
    if not (SOURCES / f"{_SIMULATOR.replace('.', '/')}.py").is_file():
        raise SportelloError(
            "The doubles of the providers come with Sportello's sources, and this is an installation without them. "
            "Clone the repository and run there: ./sportello simulate CHANNEL."
        )
    sys.path.insert(0, str(SOURCES))
    return import_module(_SIMULATOR)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SportelloError(
                f"Port {port} cannot be used ({error.strerror}). The phone and its desk take two ports in a row: name "
                "the first with --port."
            ) from error
