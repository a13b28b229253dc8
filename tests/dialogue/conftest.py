"""A desk of rules and texts alone: the project's domain and rules, trained once with a pipeline that reads nothing."""
import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from bot.dialogue.engine import RasaEngine  # noqa: E402
from bot.dialogue.merge import BASE_DOMAIN, BASE_RULES  # noqa: E402
from bot.dialogue.responses import ResponseTexts  # noqa: E402
from tests.dialogue.talk import Talk  # noqa: E402

ROOT = Path(__file__).parents[2]
SHARED = {
    "it": {"shop": "Passo", "number_help": "Il numero sta nell'e-mail di conferma."},
    "en": {"shop": "Passo", "number_help": "The number is in your confirmation e-mail."},
}
CONFIG = """
recipe: default.v1
assistant_id: rules-only
language: it
pipeline: [{name: tests.dialogue.plain_nlu.PlainReading}]
policies: [{name: bot.dialogue.policy.DeskRulePolicy, core_fallback_threshold: 0.0, enable_fallback_prediction: false}]
"""
EXAMPLES = """
version: "3.1"
nlu:
  - intent: greet
    examples: "- ciao"
  - intent: thank
    examples: "- grazie"
"""


@pytest.fixture(scope="session")
def texts() -> ResponseTexts:
    return ResponseTexts.read(ROOT / "domain.yml", SHARED)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from rasa.model_training import train

    folder = tmp_path_factory.mktemp("rules")
    (folder / "config.yml").write_text(CONFIG)
    (folder / "nlu.yml").write_text(EXAMPLES)
    files = [str(folder / "nlu.yml"), str(BASE_RULES)]
    made = train(str(BASE_DOMAIN), str(folder / "config.yml"), files, output=str(folder))
    return Path(made.model)


@pytest.fixture(scope="session")
def engine(model: Path, texts: ResponseTexts) -> RasaEngine:
    def never(text: str, hints: object) -> object:
        raise AssertionError("the lexical fallback is not asked here")

    return RasaEngine.load(model, fallback=never, texts=texts)


@pytest.fixture
def talk(engine: RasaEngine, texts: ResponseTexts) -> Talk:
    """A conversation in Italian, with *tu*."""
    return Talk(engine, texts)


@pytest.fixture
def talk_in(engine: RasaEngine, texts: ResponseTexts) -> Callable[..., Talk]:
    return lambda language, tone="informal": Talk(engine, texts, language=language, tone=tone)
