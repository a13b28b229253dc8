"""The folder of a new shop: made beside its place, checked as the desk will read it, then moved there whole."""
import csv
import io
import json
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.cli.new.answers import Answers
from bot.cli.new.drafts import DraftedFiles, draft, placeholders
from bot.cli.new.words import NUMBER_HELP, ORDER, README
from bot.faq.folder import check_folder
from bot.model.errors import SportelloError
from bot.model.topics import Topic
from bot.orders.csv_source import CsvOrders
from bot.settings import read_shop
from bot.settings.shop import WEEKDAYS

_COLUMNS = (
    "number", "email", "phone", "postcode", "customer_name", "status", "placed_at", "lines", "total", "currency",
    "carrier", "tracking_code", "eta", "delivered_on",
)
_CONFIG = """assistant_id: {id}
language: {language}
importers: [{{name: bot.dialogue.importer.ShopImporter}}]
"""
_DOMAIN = """version: "3.1"
# Texts, intents and slots come with Sportello. Write here only what this shop changes, for example:
# responses:
#   utter_thank: [{text: "Grazie a te!", condition: [{type: slot, name: language, value: it}]}]
"""
_IGNORED = """# Made by the desk: the trained model, caches, conversations and keys.
models/
.rasa/
state/
# Orders are personal data.
orders.csv
"""


def write_shop(folder: Path, answers: Answers, topics: Mapping[str, Topic], today: date) -> DraftedFiles:
    """
    Raises:
        SportelloError: the folder holds something, or cannot be made.
        SettingError: what was answered makes no shop.
    """
    folder = folder.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SportelloError(f"{folder} holds something already. Name a folder that is new or empty.")
    drafted = draft(answers, topics)
    number = example_number(answers.name)
    order = ORDER[answers.main_language].format(number=number, email=answers.email) if answers.with_order else ""
    files = {
        "shop.yml": shop_yml(answers),
        "config.yml": _CONFIG.format(id=json.dumps(folder.name, ensure_ascii=False), language=answers.main_language),
        "domain.yml": _DOMAIN,
        "orders.csv": orders_csv(answers, number, today),
        ".gitignore": _IGNORED,
        "README.md": README[answers.main_language].format(name=answers.name, path=folder, order=order),
        **drafted.files,
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            made = Path(beside) / "shop"
            for path, text in files.items():
                (made / path).parent.mkdir(parents=True, exist_ok=True)
                (made / path).write_text(text, encoding="utf-8")
            for language in answers.languages:
                (made / "faq" / language).mkdir(parents=True, exist_ok=True)
            _check(made)
            if folder.exists():
                folder.rmdir()
            shutil.move(made, folder)
    except OSError as error:
        raise SportelloError(f"{folder} cannot be made ({error.strerror}). Name another folder.") from error
    return drafted


def _check(made: Path) -> None:
    shop = read_shop(made)
    problems = check_folder(made)
    if problems:
        raise problems[0]
    CsvOrders(made, shop.orders, shop.zone)


def example_number(name: str) -> str:
    """Of the example order; another shop's is another."""
    return str(700_000 + zlib.crc32(name.encode()) % 200_000)


def orders_csv(answers: Answers, number: str, today: date) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    if answers.with_order:
        title = {"it": "Articolo d'esempio", "en": "Example item"}[answers.main_language]
        writer.writerow({
            "number": number, "email": answers.email, "customer_name": answers.name, "status": "preparing",
            "placed_at": today.isoformat(), "lines": f"{title}||1", "total": "10.00", "currency": "EUR",
        })
    return out.getvalue()


def shop_yml(answers: Answers) -> str:
    """Every text in quotes: names hold colons, accents and apostrophes."""
    lines = [
        "# What the shop sets. Every key is explained in docs/settings.md of Sportello.",
        "shop:",
        f"  name: {_quoted(answers.name)}",
        f"  email: {_quoted(answers.email)}",
        *([f"  phone: {_quoted(answers.phone)}"] if answers.phone else []),
        f"  privacy_url: {_quoted(answers.privacy_url)}",
        "",
        f"languages: [{', '.join(answers.languages)}]",
        f"tone: {answers.tone}",
        "time_zone: Europe/Rome",
        "",
        "hours:",
        "  weekly:",
        *(f"    {day}: [{', '.join(_quoted(slot) for slot in answers.hours.get(day, ()))}]" for day in WEEKDAYS),
        "  holidays: {country: IT}",
        "",
        "faq:",
        "  placeholders:",
        *(f"    {name}: {_quoted(value)}" for name, value in placeholders(answers).items()),
        "",
        "orders:",
        "  file: orders.csv",
        "  number_help:",
        *(f"    {language}: {_quoted(NUMBER_HELP[language])}" for language in answers.languages),
        "",
        "# Product names, one a line, are recognised in messages (a change trains the model again with `train`).",
        "products: []",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
