"""The framework under a shop's own files: texts, intents, examples, rules, settings, through Rasa's own mechanism."""
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from bot.dialogue import training
from bot.dialogue.merge import base_responses, merge_responses
from bot.dialogue.responses import ResponseTexts

CONFIG = "assistant_id: small\nlanguage: en\nimporters: [{name: bot.dialogue.importer.ShopImporter}]\n"
ALL = [("it", "informal"), ("it", "formal"), ("en", "informal"), ("en", "formal")]


def written(folder: Path, **files: str) -> Path:
    (folder / "config.yml").write_text(CONFIG)
    for name, text in files.items():
        file = folder / ("domain.yml" if name == "domain" else f"data/{name}.yml")
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'version: "3.1"\n{text}')
    return folder


def importer(folder: Path) -> Any:
    return TrainingDataImporter.load_from_config(
        str(folder / "config.yml"), str(folder / "domain.yml"), [str(folder / "data")]
    )


def condition(**slots: str) -> list[dict[str, str]]:
    return [{"type": "slot", "name": name, "value": value} for name, value in slots.items()]


def test_three_lines_are_a_whole_project(tmp_path: Path) -> None:
    shop = importer(written(tmp_path))
    config = shop.get_config()
    assert config["language"] == "en" and config["recipe"] == "default.v1"
    assert [one["name"] for one in config["pipeline"]] == [
        "bot.nlu.graph.ShopTokenizer", "bot.nlu.graph.Understanding",
    ]
    assert config["policies"]
    assert "order_status" in shop.get_domain().intents and "action_hand_off" in shop.get_domain().user_actions
    assert len(shop.get_nlu_data().intent_examples) > 1_000
    assert "where is my order" in {step.block_name for step in shop.get_stories().story_steps}


def test_a_shop_names_its_own_encoder_or_policy(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "config.yml").write_text(CONFIG + "pipeline: [{name: KeywordIntentClassifier}]\npolicies:\n")
    config = importer(tmp_path).get_config()
    assert config["pipeline"] == [{"name": "KeywordIntentClassifier"}] and config["policies"]


@pytest.mark.parametrize("intent", ["book_a_visit", "gift_wrapping"])
def test_a_shop_adds_one_intent_with_its_rule_and_text(tmp_path: Path, intent: str) -> None:
    shop = importer(written(
        tmp_path,
        domain=f"intents: [{intent}]\nresponses:\n  utter_{intent}: [{{text: Gladly.}}]\n",
        nlu=f"nlu:\n- intent: {intent}\n  examples: |\n    - first way\n    - second way\n",
        rules=f"rules:\n- rule: {intent}\n  steps:\n  - intent: {intent}\n  - action: utter_{intent}\n",
    ))
    domain = shop.get_domain()
    assert {intent, "greet"} <= set(domain.intents) and domain.responses[f"utter_{intent}"]
    taught = [one.get("text") for one in shop.get_nlu_data().intent_examples if one.get("intent") == intent]
    assert taught == ["first way", "second way"]
    assert {intent, "where is my order"} <= {step.block_name for step in shop.get_stories().story_steps}


def test_examples_of_a_known_intent_join_the_frameworks(tmp_path: Path) -> None:
    shop = importer(written(tmp_path, nlu="nlu:\n- intent: greet\n  examples: |\n    - ahoy\n"))
    greetings = [one.get("text") for one in shop.get_nlu_data().intent_examples if one.get("intent") == "greet"]
    assert "ahoy" in greetings and "ciao" in greetings


def test_a_rule_of_the_same_name_replaces_the_frameworks(tmp_path: Path) -> None:
    shop = importer(written(
        tmp_path,
        rules="rules:\n- rule: where is my order\n  steps:\n  - intent: order_status\n  - action: action_hand_off\n",
    ))
    steps = [one for one in shop.get_stories().story_steps if one.block_name == "where is my order"]
    assert len(steps) == 1
    assert "action_hand_off" in [getattr(event, "action_name", "") for event in steps[0].events]


@pytest.mark.parametrize("key", ["utter_greet", "utter_handoff_closed", "utter_offer"])
@pytest.mark.parametrize("over", [
    [{"text": "mine"}],
    [{"text": "mine", "condition": condition(language="it")}],
    [{"text": "mine", "condition": condition(language="it", tone="formal")}],
    [{"text": "mine", "condition": condition(language="en", tone="formal")}],
    [{"text": "mine", "channel": "telegram"}],
    [{"text": "", "condition": condition(language="it")}],
    [],
])
def test_an_override_leaves_nothing_unsaid(key: str, over: list[dict[str, Any]]) -> None:
    texts = ResponseTexts(merge_responses(base_responses(), {key: over}))
    for language, tone in ALL:
        said = texts.say(key, language=language, tone=tone)
        slots = {"language": language, "tone": tone}
        meant = [one for one in over if one["text"] and "channel" not in one
                 and all(slots[c["name"]] == c["value"] for c in one.get("condition", ()))]
        assert said and (said == "mine") == bool(meant)


def test_what_a_copy_of_yesterday_lacks_is_served_by_the_framework(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("responses:\n  utter_greet: [{text: Ahoy}]\n")
    texts = ResponseTexts.read(tmp_path / "domain.yml")
    assert texts.say("utter_greet", language="it", tone="formal") == "Ahoy"
    for key in base_responses():
        assert texts.say(key, language="en", tone="informal")


def test_the_model_is_stale_when_the_frameworks_examples_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, base = written(tmp_path), tmp_path / "base"
    base.mkdir()
    (base / "rules.yml").write_text("rules: []\n")
    monkeypatch.setattr(training, "BASE", base)
    before = training.fingerprint(shop)
    assert training.fingerprint(shop) == before
    (base / "rules.yml").write_text("rules: [] # more\n")
    assert training.fingerprint(shop) != before
