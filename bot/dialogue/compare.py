"""A shop's domain.yml beside the framework's: what it says itself, and what in it can serve nobody."""
import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException

from bot.dialogue.merge import Responses, base_responses, read_domain
from bot.model.errors import SettingError

_PLACEHOLDER = re.compile(r"{(\w+)}")
_NEAR = 0.85


class Comparison(NamedTuple):
    """``own``: texts that the shop says in its own way. ``shared``: those that the framework says for it."""

    own: int
    shared: int
    problems: list[str]


def compare_domain(domain_file: Path, shared_names: Iterable[str] = ()) -> Comparison:
    """
    Args:
        shared_names: placeholders that any text may use.

    Raises:
        SettingError: the file is no domain.
    """
    base = base_responses()
    if not domain_file.exists():
        return Comparison(0, len(base), [])
    try:
        read_domain(domain_file)
        own: Responses = Domain.from_path(domain_file).responses
    except (RasaException, OSError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise SettingError(" ".join(str(error).split())[:400], file=domain_file.name) from error
    elsewhere = _named_in(domain_file.parent / "data")
    problems = []
    for key in own:
        if key in base:
            strange = _placeholders(own, key) - _placeholders(base, key) - set(shared_names)
            known = _known(base, key)
            problems += [f"{key} names {{{name}}}, which nothing fills there{known}." for name in sorted(strange)]
        elif key not in elsewhere and (near := difflib.get_close_matches(key, base, n=1, cutoff=_NEAR)):
            problems.append(f"nothing says '{key}'. Did you mean '{near[0]}'?")
    return Comparison(len(own), len(base.keys() - own.keys()), problems)


def _placeholders(responses: Responses, key: str) -> set[str]:
    return {name for one in responses.get(key) or () for name in _PLACEHOLDER.findall(str(one.get("text") or ""))}


def _known(base: Responses, key: str) -> str:
    names = sorted(_placeholders(base, key))
    return f"; it may use {', '.join(f'{{{name}}}' for name in names)}" if names else ""


def _named_in(data: Path) -> set[str]:
    files = [*data.rglob("*.yml"), *data.rglob("*.yaml")] if data.is_dir() else []
    return {name for file in files for name in re.findall(r"\butter_\w+", file.read_text("utf-8", errors="replace"))}
