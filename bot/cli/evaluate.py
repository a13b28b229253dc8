"""sportello evaluate nlu | faq | live: figures that anyone can recompute."""
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.common import ProjectOption, settings_of

app = typer.Typer(help="Measure how well messages are understood.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PrecisionOption = Annotated[float, typer.Option(help="Share of answers that must be right.", min=0.5, max=0.999)]


@app.command()
def nlu(
    train: Annotated[Path, typer.Argument(help="Rows of intent<TAB>text to learn.")],
    test: Annotated[Path, typer.Argument(help="Rows of intent<TAB>text to ask.")],
    unknown: Annotated[str, typer.Option(help="Test label that must not be answered.")] = "",
    target_precision: PrecisionOption = 0.98,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Train the pipeline of config.yml on TRAIN, calibrate on TRAIN alone, report on TEST."""
    from bot.nlu.learn.evaluation import evaluate_nlu

    folder = settings_of(project).project
    _show(
        evaluate_nlu(train, test, project_dir=folder, unknown_label=unknown or None, target_precision=target_precision),
        as_json,
    )


@app.command()
def faq(
    test: Annotated[Path, typer.Argument(help="Rows of label<TAB>text (or label, language, text with a header).")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Ask the shop's FAQ and dialogue each row of TEST; a label is a FAQ id, @intent or @out_of_scope."""
    from bot.cli.asking import ask_all, read_rows

    settings = settings_of(project)
    _show(ask_all(settings, read_rows(test)), as_json)


@app.command()
def live(
    days: Annotated[int, typer.Option(help="How far back to look.", min=1)] = 30,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Estimate from real conversations how many messages ask what neither FAQ nor dialogue covers."""
    from bot.cli.asking import live_share

    settings = settings_of(project)
    found = live_share(settings, timedelta(days=days))
    _show(found, as_json)
    share = found["unknown_share"]
    if not as_json and share is not None and abs(share - settings.understanding.unknown_share) > 0.03:
        assumed = settings.understanding.unknown_share
        Console().print(f"shop.yml assumes {assumed:.2f}: set understanding.unknown_share to the share found.")


def _show(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        if isinstance(value, dict):
            for inner, one in value.items():
                table.add_row(f"{name} {inner}", _text(one))
        else:
            table.add_row(name, _text(value))
    Console().print(table)


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
