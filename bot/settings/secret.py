"""Secrets: from a variable or from the file that a variable names, and never shown."""
from collections.abc import Mapping
from pathlib import Path

from bot.model.errors import SettingError

MIN_SECRET = 16


class Secret:
    """A text that no log, trace or error shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__


def given_secret(given: Mapping[str, str], name: str, *, shortest: int = MIN_SECRET) -> Secret | None:
    """The secret in variable ``name`` or in the file that ``<name>_FILE`` names; None where neither is set.

    Args:
        shortest: fewest characters; less only where somebody else made the secret.

    Raises:
        SettingError: both are set, the file cannot be read, or the secret is too short to be one.
    """
    value, file = given.get(name), given.get(f"{name}_FILE")
    if value and file:
        raise SettingError(f"{name}_FILE is set too. Keep one of the two.", file=name)
    if file:
        name = f"{name}_FILE"
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"'{file}' cannot be read ({why(error)}). Name a readable file.", file=name) from None
    if value is None:
        return None
    if len(value) < shortest:
        raise SettingError(f"{len(value)} characters are too few. Use at least {shortest} random ones.", file=name)
    return Secret(value)


def why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not plain text"
