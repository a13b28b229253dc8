"""From the trained model to the delivered folder, its figures and its model card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tools.encoder import card, export, train
from tools.encoder.evaluate import evaluate, speed
from tools.encoder.heads import Encoder
from tools.encoder.runtime import OnnxEncoder
from tools.encoder.settings import Recipe, Workplace

REPOSITORY = Path(__file__).parents[2]
MEGABYTE = 1_000_000
LARGEST_MB = 30


def folder_size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def deliver(workplace: Workplace) -> None:
    """Write the folder from the trained model, or from the last checkpoint while training goes on."""
    trained = workplace.trained
    if not trained.exists():
        trained = workplace.work / "so_far"
        train.trained_so_far(workplace, trained)
    for name in export.TOKENIZER_FILES:
        if (workplace.tokenizer / name).exists():
            shutil.copyfile(workplace.tokenizer / name, trained / name)
    export.export(trained, workplace.out, fp32=workplace.work / "model_fp32.onnx")
    export.write_checksums(workplace.out)
    size = folder_size_mb(workplace.out)
    if size > LARGEST_MB:
        raise SystemExit(f"{workplace.out} has {size:.1f} MB, at most {LARGEST_MB}: lower Recipe.italian_pieces.")
    print(f"delivered to {workplace.out}: {size:.1f} MB")


def base_encoder(workplace: Workplace) -> OnnxEncoder:
    """The base model in the same form, to compare with; exported once."""
    folder = workplace.work / "base_int8"
    if not (folder / export.ONNX_NAME).exists():
        export.export(workplace.base, folder)
    return OnnxEncoder(folder / "tokenizer.json", folder / export.ONNX_NAME)


def measure(workplace: Workplace, recipe: Recipe, tests: Path) -> None:
    """Evaluate the delivered folder, write the figures and the model card, and sign the folder anew."""
    pieces = workplace.out / "tokenizer.json"
    ours = OnnxEncoder(pieces, workplace.out / export.ONNX_NAME)
    encoders: dict[str, Encoder] = {"MiniLM": base_encoder(workplace), "it-en": ours}
    plain = workplace.work / "model_fp32.onnx"
    if plain.exists():
        encoders["it-en fp32"] = OnnxEncoder(pieces, plain)
    figures = evaluate(encoders, tests, REPOSITORY / "faq")
    milliseconds = speed(ours, REPOSITORY / "faq")
    workplace.figures.write_text(json.dumps({"sets": figures, "p50_ms": milliseconds}, indent=2), encoding="utf-8")
    curve = [json.loads(line) for line in workplace.curve.read_text().splitlines()] if workplace.curve.exists() else []
    (workplace.out / "README.md").write_text(
        card.model_card(workplace, recipe, figures, milliseconds, curve), encoding="utf-8"
    )
    export.write_checksums(workplace.out)
    print(f"figures in {workplace.figures}, model card in {workplace.out / 'README.md'}")
