"""Every key of shop.yml is read by something outside bot/settings: one that nobody reads is a promise not kept."""
import ast
from pathlib import Path

from bot.settings import SETTINGS

BOT = Path(__file__).parents[2] / "bot"
#: Attributes that read a key under another name.
READ_AS = {"from": "first", "to": "last", "accent": "accent", "time_zone": "zone"}
#: For operators and colleagues who read the file itself.
REMARKS = {"hours.closures.reason", "hours.dates.reason"}


def read_attributes() -> set[str]:
    files = [file for file in BOT.rglob("*.py") if "settings" not in file.relative_to(BOT).parts]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    return {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_every_key_is_read() -> None:
    read = read_attributes()
    keys = {setting.name: setting.name.rpartition(".")[2] for setting in SETTINGS}
    assert [name for name, key in keys.items() if READ_AS.get(key, key) not in read and name not in REMARKS] == []
