"""What every shop shares lies in ``base/``, under the shop's own files: the two read as one domain."""
import copy
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain

BASE = Path(__file__).parent / "base"
BASE_CONFIG, BASE_DOMAIN, BASE_RULES = BASE / "config.yml", BASE / "domain.yml", BASE / "rules.yml"
BASE_NLU = BASE / "nlu"

Variation = Mapping[str, Any]
Responses = Mapping[str, Sequence[Variation]]
#: What a variation says beside or instead of a text.
_CONTENT = ("text", "image", "custom", "buttons", "attachment", "quick_replies", "elements")


@functools.lru_cache(maxsize=1)
def _base() -> Domain:
    return Domain.from_path(BASE_DOMAIN)


def base_responses() -> Responses:
    return _base().responses


def read_domain(path: str | Path | Iterable[str | Path] | None) -> Domain:
    """The framework's domain with the shop's over it; the framework's alone where the shop has none.

    Args:
        path: the shop's file or folder (or several), as Rasa takes it.

    Raises:
        RasaException: it is no domain.
    """
    paths = [path] if isinstance(path, str | Path) else list(path or ())
    paths = [one for one in paths if Path(one).exists()]
    under = copy.deepcopy(_base().as_dict())
    if not paths:
        return Domain.from_dict(under)
    over = copy.deepcopy(Domain.load(paths).as_dict())
    said = merge_responses(under.pop("responses", {}), over.pop("responses", {}))
    merged = Domain.merge_domain_dicts(over, under, override=True)
    merged.pop("duplicates", None)  # a shop that says a thing again means to
    merged["responses"] = said
    return Domain.from_dict(merged)


def merge_responses(under: Responses, over: Responses) -> dict[str, list[Variation]]:
    """Each variation of the framework stays unless the shop says something for all cases that it serves.

    So a shop that writes its Italian greeting keeps the framework's English one, and nothing is left unsaid.
    """
    merged = {key: list(variations) for key, variations in under.items()}
    for key, variations in over.items():
        own = [one for one in variations or () if _says_something(one)]
        merged[key] = own + [one for one in merged.get(key, ()) if not any(_covers(mine, one) for mine in own)]
    return merged


def _says_something(variation: Variation) -> bool:
    return any(str(variation.get(name) or "").strip() for name in _CONTENT)


def _covers(mine: Variation, one: Variation) -> bool:
    return mine.get("channel") in (None, one.get("channel")) and _conditions(mine) <= _conditions(one)


def _conditions(variation: Variation) -> set[tuple[str, str]]:
    return {(str(one["name"]), str(one["value"])) for one in variation.get("condition") or ()}
