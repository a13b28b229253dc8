"""The pipeline inside Rasa: trains, persists, loads, reads with hints, and never serves yesterday's FAQ."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.merge import BASE_CONFIG
from bot.nlu import registry
from bot.nlu.convert import to_parse
from bot.nlu.graph import Understanding
from bot.nlu.live import LiveUnderstanding
from tests.nlu.conftest import EXAMPLES, SHOP, entry, publication


def read_small_shop(project_dir: Path) -> tuple[Any, ...]:
    """What `phrasings` names in these tests."""
    return SHOP


def read_other_shop(project_dir: Path) -> tuple[Any, ...]:
    return SHOP[:2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    config = yaml.safe_load(BASE_CONFIG.read_text())
    config["pipeline"][-1]["phrasings"] = "tests.nlu.test_graph:read_small_shop"
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    (folder / "shop.yml").write_text(
        "products: [Vento Trail]\nunderstanding: {target_precision: 0.9, unknown_share: 0.1}\n"
    )
    (folder / "domain.yml").write_text(
        yaml.safe_dump({"version": "3.1", "intents": list(EXAMPLES), "entities": ["product"]})
    )
    nlu = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in EXAMPLES.items()]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True))
    return folder


@pytest.fixture(scope="module")
def model_file(project: Path) -> str:
    from rasa.model_training import train_nlu

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return str(train_nlu("config.yml", "nlu.yml", str(project / "models"), domain="domain.yml"))


@pytest.fixture
def agent(project: Path, model_file: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    from rasa.core.agent import Agent

    monkeypatch.chdir(project)
    yield Agent.load(model_file)
    registry.register(None)


def parse(agent: Any, text: str, hints: dict[str, str] | None = None) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage

    message = UserMessage(text, metadata={"hints": hints} if hints else None)
    result: dict[str, Any] = asyncio.run(agent.processor.parse_message(message))
    return result


def test_a_trained_model_reads_messages(agent: Any) -> None:
    data = parse(agent, "avete le Vento Trail? quanto costa la spedizione")
    found = to_parse(data)

    assert data["intent"]["name"] == "faq"
    assert data["intent_ranking"][0]["name"] == "faq"
    assert found.faq_id == data["sportello"]["faq_id"] == "shipping-cost"
    assert found.entity("product") == "Vento Trail"


def test_hints_travel_as_metadata(agent: Any) -> None:
    assert parse(agent, "ok", {"language": "en"})["sportello"]["language"] == "en"
    assert parse(agent, "1 0 0 5", {"expected": "order_number"})["intent"]["name"] == "inform"


def test_a_registered_live_understanding_is_read_through_rasa(project: Path, model_file: str, monkeypatch: Any) -> None:
    from rasa.core.agent import Agent

    monkeypatch.chdir(project)
    live = LiveUnderstanding(fit_head=False)
    registry.register(live)
    try:
        agent = Agent.load(model_file)
        live.publish_now(publication("p2", *SHOP, entry("parrots", ["Vendete mangime per pappagalli?"])))
        data = parse(agent, "avete mangime per pappagalli")
    finally:
        registry.register(None)

    assert (data["sportello"]["faq_id"], data["sportello"]["artefacts"]["faq_version"]) == ("parrots", "p2")


def test_other_entries_change_the_fingerprint(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else Rasa's cache would serve a model of yesterday's FAQ."""
    monkeypatch.chdir(project)
    names = ("tests.nlu.test_graph:read_small_shop", "tests.nlu.test_graph:read_other_shop")

    first, second = (Understanding.fingerprint_addon({"phrasings": name}) for name in names)

    assert first != second
    assert first == Understanding.fingerprint_addon({"phrasings": names[0]})


def test_a_goal_that_is_no_share_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bot.model.errors import SettingError
    from bot.nlu.project import goal

    (tmp_path / "shop.yml").write_text("understanding: {target_precision: 98}\n")

    with pytest.raises(SettingError, match=r"shop.yml: understanding.target_precision is 98: a share from 0.5"):
        goal("shop.yml", tmp_path, {"target_precision": 0.98, "unknown_share": 0.15})
