"""From the trained model to the delivered folder, its figures and its model card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tools.encoder import card, export, train
from tools.encoder.evaluate import Figures, evaluate, speed
from tools.encoder.heads import Encoder
from tools.encoder.runtime import OnnxEncoder
from tools.encoder.settings import Recipe, Workplace

FAQ = Path(__file__).parents[2] / "faq"
MEGABYTE = 1_000_000
LARGEST_MB = 30


def folder_size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def deliver(workplace: Workplace, recipe: Recipe) -> None:
    """Write the folder from the last checkpoint; training may still go on."""
    model = workplace.work / "delivered"
    train.delivered(workplace, recipe, model)
    for name in export.TOKENIZER_FILES:
        if (workplace.tokenizer / name).exists():
            shutil.copyfile(workplace.tokenizer / name, model / name)
    mixed = (recipe.middle_layer, recipe.middle_share)
    export.export(model, workplace.out, fp32=workplace.work / "model_fp32.onnx", mixed=mixed)
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


def base_figures(workplace: Workplace, tests: Path) -> Figures:
    """What the base model reaches, measured once."""
    kept = workplace.work / "base_figures.json"
    if not kept.exists():
        kept.write_text(json.dumps(evaluate({"MiniLM": base_encoder(workplace)}, tests, FAQ)), encoding="utf-8")
    figures: Figures = json.loads(kept.read_text(encoding="utf-8"))
    return figures


def measure(workplace: Workplace, recipe: Recipe, tests: Path) -> None:
    """Evaluate the delivered folder, write the figures and the model card, and sign the folder anew."""
    pieces = workplace.out / "tokenizer.json"
    ours = OnnxEncoder(pieces, workplace.out / export.ONNX_NAME)
    encoders: dict[str, Encoder] = {"it-en": ours}
    plain = workplace.work / "model_fp32.onnx"
    if plain.exists():
        encoders["it-en fp32"] = OnnxEncoder(pieces, plain)
    milliseconds = speed(ours, FAQ)
    base, own = base_figures(workplace, tests), evaluate(encoders, tests, FAQ)
    figures = {name: {**base.get(name, {}), **row} for name, row in own.items()}
    workplace.figures.write_text(json.dumps({"sets": figures, "p50_ms": milliseconds}, indent=2), encoding="utf-8")
    curve = [json.loads(line) for line in workplace.curve.read_text().splitlines()] if workplace.curve.exists() else []
    (workplace.out / "README.md").write_text(
        card.model_card(workplace, recipe, figures, milliseconds, curve), encoding="utf-8"
    )
    export.write_checksums(workplace.out)
    print(f"figures in {workplace.figures}, model card in {workplace.out / 'README.md'}")
