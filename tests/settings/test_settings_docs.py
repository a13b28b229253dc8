"""docs/settings.md and the code say the same."""
from pathlib import Path

from bot.settings import SETTINGS, VARIABLES

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()


def test_every_setting_is_documented_with_its_default() -> None:
    rows = [line for line in PAGE if line.startswith("|")]
    missing = [
        setting.name
        for setting in (*SETTINGS, *VARIABLES)
        if not any(f"| `{setting.name}` |" in row and setting.default in row for row in rows)
    ]
    assert missing == []


def test_the_page_says_which_settings_need_a_restart() -> None:
    rows = {line.split("`")[1]: line for line in PAGE if line.startswith("| `")}
    wrong = [setting.name for setting in SETTINGS if ("| at once |" in rows[setting.name]) != setting.live]
    assert wrong == []


def test_every_setting_has_a_meaning() -> None:
    assert [setting.name for setting in SETTINGS if not setting.meaning] == []


def test_the_page_names_nothing_that_does_not_exist() -> None:
    known = {setting.name for setting in (*SETTINGS, *VARIABLES)}
    assert [line for line in PAGE if line.startswith("| `") and line.split("`")[1] not in known] == []
