"""The same shop as a stock Rasa installation would have it: default pipeline, one response per intent, no actions."""
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.merge import BASE_DOMAIN, BASE_NLU
from bot.faq.folder import read_entries
from bot.model.faq import FaqEntry

#: Rasa's defaults: DIET, ResponseSelector, TED, UnexpecTED, Memoization, rules.
CONFIG = "engine/recipes/config_files/default_config.yml"
FAQ, FALLBACK = "faq", "nlu_fallback"


def make_project(shop: Path, folder: Path, *, epochs: int) -> None:
    """Write a Rasa project with the shop's examples and its FAQ as a retrieval intent.

    Args:
        epochs: of every network. Rasa's default is 100; what a message costs does not depend on it.
    """
    entries = read_entries(shop)
    examples = _examples(shop)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    _write(folder / "config.yml", _config(epochs))
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    (folder / "endpoints.yml").write_text("", encoding="utf-8")
    intents = [*dict.fromkeys(one["intent"] for one in examples), FAQ, FALLBACK]
    _write(folder / "domain.yml", {
        "version": "3.1",
        "intents": intents,
        "entities": yaml.safe_load(BASE_DOMAIN.read_text(encoding="utf-8"))["entities"],
        "responses": {
            **{f"utter_{intent}": [{"text": f"Answer to {intent}."}] for intent in intents if intent != FAQ},
            **{f"utter_{FAQ}/{entry.id}": [{"text": _answer(entry)}] for entry in entries},
        },
    })
    faq = [{"intent": f"{FAQ}/{entry.id}", "examples": _listed(_phrasings(entry))} for entry in entries]
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": examples + faq})
    rules = [
        {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in intents
    ]
    _write(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules})


def train(folder: Path, log: Path, environment: dict[str, str]) -> None:
    """Train it where no model is there yet."""
    if any((folder / "models").glob("*.tar.gz")):
        return
    with log.open("wb") as out:
        command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", "stock"]
        done = subprocess.run(command, cwd=folder, env=environment, stdout=out, stderr=out)
    if done.returncode != 0:
        raise SystemExit(f"Training the stock model failed; see {log}.")


def _config(epochs: int) -> dict[str, Any]:
    rasa = importlib.util.find_spec("rasa")
    assert rasa is not None and rasa.origin is not None
    config: dict[str, Any] = yaml.safe_load((Path(rasa.origin).parent / CONFIG).read_text(encoding="utf-8"))
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
    return config | {"assistant_id": "stock", "language": "it"}


def _examples(shop: Path) -> list[dict[str, str]]:
    """Dialogue intents of all languages, each once."""
    gathered: dict[str, str] = {}
    for file in [*sorted(BASE_NLU.glob("*.yml")), *sorted((shop / "data" / "nlu").glob("*.yml"))]:
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block and block["intent"] != FAQ and isinstance(block["examples"], str):
                gathered[block["intent"]] = gathered.get(block["intent"], "") + block["examples"].rstrip("\n") + "\n"
    return [{"intent": intent, "examples": text} for intent, text in gathered.items()]


def _phrasings(entry: FaqEntry) -> list[str]:
    return list(dict.fromkeys(one for text in entry.texts.values() for one in (text.title, *text.phrasings)))


def _answer(entry: FaqEntry) -> str:
    return next(iter(entry.texts.values())).answer or "A colleague answers this."


def _listed(texts: list[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)


def _write(file: Path, values: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
