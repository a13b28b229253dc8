"""What several commands need."""
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings, environ, load_settings

ProjectOption = Annotated[str, typer.Option("--project", help="The shop's folder.", show_default="the current one")]


def settings_of(project: str) -> Settings:
    """The settings of a shop's folder.

    Raises:
        SettingError: the first thing that is wrong.
    """
    return load_settings(Path(project).expanduser(), environ())
