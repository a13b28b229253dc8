"""Stock Rasa under measurement, one training a process: CONFIG INPUT.json OUTPUT.json.

The best intent counts also where the FallbackClassifier would not have let it pass: with many intents its default
border of 0.3 lets hardly anything pass, and the question here is what was understood.
"""
import asyncio
import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

_DEFAULT = "engine/recipes/config_files/default_config.yml"
_FALLBACK = "nlu_fallback"


def pipeline(name: str) -> list[dict[str, Any]]:
    """'default': as `rasa init` writes it. 'lean': its featurizers, with logistic regression in DIET's place."""
    rasa = importlib.util.find_spec("rasa")
    assert rasa is not None and rasa.origin is not None
    text = (Path(rasa.origin).parent / _DEFAULT).read_text(encoding="utf-8")
    steps: list[dict[str, Any]] = yaml.safe_load(text)["pipeline"]
    if name == "default":
        return steps
    without = [step for step in steps if step["name"] not in ("EntitySynonymMapper", "ResponseSelector")]
    return [{"name": "LogisticRegressionClassifier"} if "DIET" in step["name"] else step for step in without]


def main() -> None:
    name, told, heard = sys.argv[1:4]
    given = json.loads(Path(told).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        # What an earlier run trained on the same rows would be taken from there, and no training would be measured.
        os.environ["RASA_CACHE_DIRECTORY"] = folder
        model, train_s = _trained(Path(folder), pipeline(name), given["train"], given["language"])
        labels, scores, times = asyncio.run(_read(model, given["ask"]))
    found = {"labels": labels, "scores": scores, "train_s": train_s, "p50_ms": statistics.median(times)}
    Path(heard).write_text(json.dumps(found), encoding="utf-8")


def _trained(
    folder: Path, steps: list[dict[str, Any]], rows: Sequence[Sequence[str]], language: str
) -> tuple[str, float]:
    from rasa.model_training import train_nlu

    config = {"recipe": "default.v1", "assistant_id": "stock", "language": language, "pipeline": steps}
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    # The JSON form: in YAML's form of examples, brackets in a text would be read as entities.
    examples = [{"intent": label, "text": text} for label, text in rows]
    data = {"rasa_nlu_data": {"common_examples": examples}}
    (folder / "nlu.json").write_text(json.dumps(data), encoding="utf-8")
    begun = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder))
    if model is None:
        raise SystemExit("nothing was trained")
    return model, time.perf_counter() - begun


async def _read(model: str, texts: Sequence[str]) -> tuple[list[str], list[float], list[float]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    labels, scores, times = [], [], []
    for text in texts:
        before = time.perf_counter()
        parse = await agent.parse_message(text)
        times.append(1_000 * (time.perf_counter() - before))
        best = next((one for one in parse["intent_ranking"] if one["name"] != _FALLBACK), None)
        labels.append(best["name"] if best else "")
        scores.append(float(best["confidence"]) if best else 0.0)
    return labels, scores, times


if __name__ == "__main__":
    main()
