"""What doctor says of a shop's texts beside the framework's."""
from pathlib import Path

import pytest

from bot.dialogue.compare import compare_domain
from bot.dialogue.merge import base_responses
from bot.model.errors import SettingError


def shop(folder: Path, text: str) -> Path:
    (folder / "domain.yml").write_text(text)
    return folder / "domain.yml"


def test_own_and_shared_texts_are_counted(tmp_path: Path) -> None:
    assert compare_domain(tmp_path / "none.yml") == (0, len(base_responses()), [])
    own = shop(tmp_path, "responses:\n  utter_greet: [{text: Ahoy}]\n  utter_wrapping: [{text: Gladly}]\n")
    assert compare_domain(own) == (2, len(base_responses()) - 1, [])


@pytest.mark.parametrize(
    ("key", "meant"), [("utter_gret", "utter_greet"), ("utter_handof_closed", "utter_handoff_closed")]
)
def test_a_misspelt_key_is_told(tmp_path: Path, key: str, meant: str) -> None:
    found = compare_domain(shop(tmp_path, f"responses:\n  {key}: [{{text: a}}]\n"))
    assert found.problems == [f"nothing says '{key}'. Did you mean '{meant}'?"]


def test_a_near_key_that_a_rule_says_is_the_shops_own(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rules.yml").write_text("rules: [{rule: a, steps: [{intent: greet}, {action: utter_greets}]}]")
    assert not compare_domain(shop(tmp_path, "responses:\n  utter_greets: [{text: a}]\n")).problems


@pytest.mark.parametrize(("text", "strange"), [
    ("We open {opens}", True), ("We open {opening}", False), ("{shop} opens {opening}", False), ("{Opening}", True),
])
def test_a_placeholder_that_nothing_fills_is_told(tmp_path: Path, text: str, strange: bool) -> None:
    found = compare_domain(shop(tmp_path, f"responses:\n  utter_hours_notice: [{{text: '{text}'}}]\n"), ["shop"])
    assert bool(found.problems) == strange
    assert not strange or "it may use {opening}" in found.problems[0]


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="domain.yml"):
        compare_domain(shop(tmp_path, "responses: 5\n"))
