"""Asks for what a new shop needs, by flags or in the terminal, and makes its folder."""
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console

from bot.cli.new.answers import (
    Answers,
    check_address,
    check_email,
    parse_hours,
    parse_languages,
    parse_tone,
    parse_topics,
)
from bot.cli.new.drafts import COMMON
from bot.cli.new.words import DONE, EXAMPLE, HOURS, QUESTIONS, TONE
from bot.cli.new.write import write_shop
from bot.model.errors import SettingError
from bot.service.clock import SystemClock
from bot.topics.library import read_topics

Value = TypeVar("Value")
_YES = {**dict.fromkeys(("yes", "y", "si", "sì", "s", "true"), True), **dict.fromkeys(("no", "n", "false"), False)}


def language_of(environment: Mapping[str, str]) -> str:
    """The locale's: 'it', else 'en'."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "it" if locale.lower().startswith("it") else "en"


def new_shop(folder: Path, given: Mapping[str, str | None], *, language: str, is_silent: bool) -> None:
    """
    Args:
        given: question → answer, as flags said it; None = to be asked.
        language: of the questions.
        is_silent: take the default of what no flag says.

    Raises:
        SportelloError: an answer of a flag that makes no sense, or a folder that is in use.
    """
    console = Console(highlight=False)
    topics = read_topics()
    known = list(topics)
    common = [name for name in COMMON if name in topics]

    def ask(name: str, default: str, parse: Callable[[str], Value]) -> Value:
        said = given[name]
        if said is not None or is_silent:
            return parse(default if said is None else said)
        while True:
            answer = typer.prompt(QUESTIONS[language][name], default=default)
            try:
                return parse(str(answer))
            except SettingError as error:
                console.print(str(error), style="red", markup=False)

    resolved = folder.expanduser().absolute().name
    name = ask("name", re.sub(r"[-_]+", " ", resolved).strip().title() or "Shop", _named)
    host = re.sub(r"[^a-z0-9]+", "-", name.lower().encode("ascii", "ignore").decode()).strip("-") or "shop"
    languages = ask("languages", "it, en" if language == "it" else "en, it", parse_languages)
    main = languages[0]
    site = ask("site", f"https://www.{host}.example", lambda text: check_address(text, "site"))
    answers = Answers(
        name=name,
        languages=languages,
        tone=ask("tone", TONE[main], parse_tone),
        hours=ask("hours", HOURS[language], parse_hours),
        email=ask("email", f"{'assistenza' if main == 'it' else 'help'}@{host}.example", check_email),
        phone=ask("phone", "", str.strip),
        site=site,
        privacy_url=ask("privacy_url", f"{site.rstrip('/')}/privacy", lambda text: check_address(text, "privacy-url")),
        shipping_price=ask("shipping_price", "", str.strip),
        free_shipping_over=ask("free_shipping_over", "", str.strip),
        delivery_days=ask("delivery_days", "", str.strip),
        return_days=ask("return_days", "14", str.strip),
        with_order=ask("orders", "yes", _yes),
        topics=ask("topics", "common", lambda text: parse_topics(text, known, common)),
    )
    drafted = write_shop(folder, answers, topics, SystemClock().now().date())
    said = DONE[language].format(folder=folder, live=drafted.live, drafts=drafted.drafts)
    console.print(said, markup=False, soft_wrap=True)
    if drafted.example:
        console.print(EXAMPLE[language].format(title=drafted.example), markup=False, soft_wrap=True)


def _named(text: str) -> str:
    if not text.strip():
        raise SettingError("it is empty. Write the shop's name, as shoppers know it.", file="name")
    return " ".join(text.split())


def _yes(text: str) -> bool:
    if text.strip().lower() not in _YES:
        raise SettingError(f"'{text}'. Allowed: yes, no.", file="orders")
    return _YES[text.strip().lower()]
