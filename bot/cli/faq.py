"""sportello faq check."""
import typer
from rich.console import Console

from bot.cli.common import ProjectOption, settings_of
from bot.faq.folder import check_folder, read_entries

app = typer.Typer(help="The FAQ files.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The FAQ files."""


@app.command()
def check(project: ProjectOption = ".") -> None:
    """Read every file in faq/ and name each problem with its file and line."""
    folder = settings_of(project).project
    problems = check_folder(folder)
    if problems:
        for problem in problems:
            Console(stderr=True, highlight=False).print(str(problem), style="red", markup=False)
        raise typer.Exit(1)
    entries = read_entries(folder)
    languages = sorted({language for entry in entries for language in entry.texts})
    missing = [f"{entry.id} ({language})" for entry in entries for language in languages if language not in entry.texts]
    Console().print(f"{len(entries)} entries in {', '.join(languages)}: all well.")
    if missing:
        Console().print(f"Without a translation: {', '.join(missing)}.", style="yellow")
