"""What training reads of a shop beside Rasa's own files: FAQ phrasings, product names, the goal of the bands."""

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from bot.model.errors import SettingError
from bot.model.faq import FaqEntry
from bot.model.topics import Topic
from bot.nlu.learn.training import Goal

_SOURCES = Path(__file__).parent


def entries(dotted: str | None, project_dir: Path) -> tuple[FaqEntry, ...]:
    """Call ``package.module:function`` with the project's folder; no entries where nothing is named.

    Raises:
        SettingError: the name leads nowhere.
    """
    if not dotted:
        return ()
    return tuple(_called(dotted, "phrasings")(project_dir))


def _called(dotted: str, key: str) -> Callable[..., Any]:
    module, _, name = dotted.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingError(
            f"{key} is '{dotted}': {error}. Name a function as 'package.module:function'.", file="config.yml"
        ) from error


def topics(dotted: str | None, settings: str | None, project_dir: Path) -> dict[str, Topic]:
    """The library of topics; empty where none is named, or where ``faq.inherit`` of the shop's file refuses it.

    Raises:
        SettingError: the name leads nowhere.
    """
    if not dotted or (_section(settings, project_dir, "faq") or {}).get("inherit") is False:
        return {}
    return dict(_called(dotted, "topics")())


def _section(file: str | None, project_dir: Path, key: str) -> Any:
    path = project_dir / file if file else None
    if path is None or not path.is_file():
        return None
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise SettingError(f"this is no YAML: {error.problem}.", file=str(file), line=line) from error
    return content.get(key) if isinstance(content, dict) else None


def products(file: str | None, project_dir: Path) -> tuple[str, ...]:
    """``products`` of shop.yml; empty where it has none."""
    names = _section(file, project_dir, "products") or []
    return tuple(str(name) for name in names)


def goal(file: str | None, project_dir: Path, config: dict[str, Any]) -> Goal:
    """The component's own settings, with ``understanding`` of shop.yml over them.

    Raises:
        SettingError: a share that is none.
    """
    own = {name: config[name] for name in ("target_precision", "unknown_share")}
    own.update(_section(file, project_dir, "understanding") or {})
    for name, low in (("target_precision", 0.5), ("unknown_share", 0.0)):
        value = own[name]
        if not isinstance(value, int | float) or not low <= value < 1:
            raise SettingError(
                f"understanding.{name} is {value!r}: a share from {low} to below 1 is allowed, such as 0.98.",
                file=file or "config.yml",
            )
    return Goal(float(own["target_precision"]), float(own["unknown_share"]))


def fingerprint(config: dict[str, Any], project_dir: Path) -> str:
    """Changes with everything training reads beside Rasa's data: entries, products, goal, encoder, this package."""
    digest = hashlib.sha256()
    settings = config.get("settings")
    for value in (
        entries(config.get("phrasings"), project_dir),
        topics(config.get("topics"), settings, project_dir),
        products(settings, project_dir),
        goal(settings, project_dir, config),
        config.get("model"),
    ):
        digest.update(repr(value).encode())
    for file in sorted(
        one
        for pattern in ("**/*.py", "alarm_examples/*.yml", "encoders/*/SHA256SUMS", "knowledge/*")
        for one in _SOURCES.glob(pattern)
    ):
        digest.update(file.read_bytes())
    own = project_dir / str(config.get("model"))
    for file in sorted(own.glob("onnx/*.onnx")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
