"""The command `sportello`."""
from bot.cli.main import main

__all__ = ["main"]
