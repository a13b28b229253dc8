"""What several commands need."""
import logging
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot.settings import Settings, environ, load_settings

ProjectOption = Annotated[str, typer.Option("--project", help="The shop's folder.", show_default="the current one")]


def settings_of(project: str) -> Settings:
    """The settings of a shop's folder.

    Raises:
        SettingError: the first thing that is wrong.
    """
    return load_settings(Path(project).expanduser(), environ())


def log_quietly() -> None:
    """Warnings and worse, on stderr: what a command prints may be read by a program."""
    # Plain tracebacks: the decorated ones print local variables, and those hold what shoppers wrote.
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level, structlog.processors.TimeStamper("iso", utc=True), renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
