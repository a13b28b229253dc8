"""The folder where a desk keeps its data."""
from pathlib import Path

from bot.model.errors import StoreUnavailable


def make_folder(state: Path) -> None:
    """Make it where it is missing.

    Raises:
        StoreUnavailable: it cannot be made.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        ignored = state / ".gitignore"
        if not ignored.exists():
            # Conversations and keys never go under version control, wherever the folder lies.
            ignored.write_text("*\n", encoding="ascii")
    except OSError as error:
        raise StoreUnavailable(
            f"The folder {state} cannot be made ({error.strerror}). Set SPORTELLO_STATE to one that can be written."
        ) from error
