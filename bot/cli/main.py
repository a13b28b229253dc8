"""sportello new | run | train | chat | ask | faq | operator | aside | simulate | doctor."""
import logging
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.channels import CHANNELS
from bot.cli import aside, evaluate, faq, operators, topics
from bot.cli.common import ProjectOption, log_quietly, settings_of
from bot.model.errors import SportelloError
from bot.service.supervise import describe_error
from bot.settings import calm_libraries, environ

UNFORESEEN = "This is a fault of Sportello, not yours: {error}. The details, to send along with a report: {file}"

app = typer.Typer(
    name="sportello",
    help="Customer-care desk for online shops: answers, order status, opening hours, and a person who knows all.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
faq.app.command()(topics.topics)
app.add_typer(faq.app, name="faq")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(operators.app, name="operator")
app.add_typer(aside.app, name="aside")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="The shop's folder: new or empty.")],
    name: Annotated[str | None, typer.Option(help="Name of the shop.")] = None,
    languages: Annotated[str | None, typer.Option(help="it, en: the main one first.")] = None,
    tone: Annotated[str | None, typer.Option(help="tu or Lei.")] = None,
    hours: Annotated[str | None, typer.Option(help="Like: mon-fri 9-13, 14:30-18; sat 9-13")] = None,
    email: Annotated[str | None, typer.Option(help="Of customer care.")] = None,
    phone: Annotated[str | None, typer.Option(help="Of customer care.")] = None,
    site: Annotated[str | None, typer.Option(help="Address of the site.")] = None,
    privacy_url: Annotated[str | None, typer.Option(help="Address of the privacy notice.")] = None,
    shipping_price: Annotated[str | None, typer.Option(help="Like 4,90 €.")] = None,
    free_shipping_over: Annotated[str | None, typer.Option(help="Like 60 €.")] = None,
    delivery_days: Annotated[str | None, typer.Option(help="Like 2–4.")] = None,
    return_days: Annotated[str | None, typer.Option(help="Like 14.")] = None,
    orders: Annotated[str | None, typer.Option(help="yes: orders.csv holds an example; no: it is empty.")] = None,
    topics: Annotated[str | None, typer.Option(help="Questions to draft: common, all, none, or ids.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take the defaults.")] = False,
) -> None:
    """Make a shop's folder: settings, drafted answers, orders. Asks for what no option says."""
    from bot.cli.new.command import language_of, new_shop

    given = {
        "name": name, "languages": languages, "tone": tone, "hours": hours, "email": email, "phone": phone,
        "site": site, "privacy_url": privacy_url, "shipping_price": shipping_price,
        "free_shipping_over": free_shipping_over, "delivery_days": delivery_days, "return_days": return_days,
        "orders": orders, "topics": topics,
    }
    new_shop(folder, given, language=language_of(environ()), is_silent=yes)


@app.command()
def run(project: ProjectOption = ".") -> None:
    """Start the desk: the widget's page, the console, REST. Trains the model first where it is missing or stale."""
    from bot.cli.serve import serve  # what serving needs takes seconds to import; --help should not

    serve(settings_of(project))


@app.command()
def train(
    project: ProjectOption = ".", force: Annotated[bool, typer.Option(help="Even if nothing changed.")] = False
) -> None:
    """Train the project's model. FAQ files need none: they are live when saved."""
    from bot.cli.training import train_if_needed

    train_if_needed(settings_of(project), force=force)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What a shopper would write.")],
    project: ProjectOption = ".",
    json: Annotated[bool, typer.Option("--json", help="Print what the REST channel would answer.")] = False,
) -> None:
    """Ask one question and print the answer; nothing is kept."""
    from bot.cli.talk import ask_once

    ask_once(settings_of(project), text, as_json=json)


@app.command()
def chat(project: ProjectOption = ".") -> None:
    """Talk to the bot in the terminal; nothing is kept."""
    from bot.cli.talk import chat as talk

    talk(settings_of(project))


@app.command()
def explain(
    turn: Annotated[int, typer.Argument(help="'turn' in custom.sportello of an answer.")],
    project: ProjectOption = ".",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Recompute a stored reading: what was understood, from what, and whether it comes out the same."""
    from bot.cli.explain import explain as show

    raise typer.Exit(show(settings_of(project), turn, as_json=json))


@app.command()
def simulate(
    channel: Annotated[str, typer.Argument(help=f"One of: {', '.join(CHANNELS)}.")],
    project: ProjectOption = ".",
    port: Annotated[int, typer.Option(help="Of the phone; the desk takes the next.", min=1, max=65534)] = 8090,
) -> None:
    """Try a channel without an account: a phone in the browser, a desk of its own; nothing is kept."""
    if channel not in CHANNELS:
        raise typer.BadParameter(f"'{channel}' is no channel. Allowed: {', '.join(CHANNELS)}.", param_hint="CHANNEL")
    from bot.cli.simulate import simulate as run_simulation

    run_simulation(channel, Path(project).expanduser(), port)


@app.command()
def doctor(project: ProjectOption = ".") -> None:
    """Check the shop's files, the model, the database and the machine, and say what to do."""
    from bot.cli.doctor import examine

    raise typer.Exit(examine(project))


def main() -> None:
    """Run a command; an error is one sentence on stderr and exit status 1, whether made on purpose or not."""
    calm_libraries()
    log_quietly()
    # The libraries' warnings are for their developers; they go to a logger that nobody hears.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
    try:
        app()
    except SportelloError as error:
        _complain(str(error))
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  # no command ends in a traceback
        _complain(UNFORESEEN.format(error=describe_error(error), file=_kept(error)))


def _complain(words: str) -> None:
    Console(stderr=True, highlight=False).print(words, style="red", markup=False, soft_wrap=True)
    sys.exit(1)


def _kept(error: Exception) -> str:
    """The file that holds the whole story of an error, for those who mend it."""
    try:
        with tempfile.NamedTemporaryFile("w", prefix="sportello-error-", suffix=".txt", delete=False) as file:
            file.writelines(traceback.format_exception(error))
            return file.name
    except OSError:
        return "nowhere: no temporary file could be written"
