"""The model card: what the encoder is made of, what it was measured to do, and where its limits are."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tools.encoder import prepare
from tools.encoder.settings import Recipe, Workplace
from tools.encoder.sources import OWN_PAIRS, SOURCES

HEAD = """---
language: [it, en]
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
base_model: sentence-transformers/all-MiniLM-L6-v2
tags: [sentence-transformers, onnx, int8, customer-care]
---

# Sportello it-en: an Italian-English sentence encoder

A sentence goes in, 384 numbers come out; sentences that mean the same lie close together, whichever of the two
languages they are in. Six layers, {rows:,} word pieces ({italian:,} learned from Italian), int8, {size:.1f} MB.
Running it needs `onnxruntime` and `tokenizers`; `SentenceTransformer(folder, backend="onnx")` of
`sentence-transformers[onnx]` loads it too. Always encode one text at a time: the int8 scales of a
batch depend on its other texts.

Built from all-MiniLM-L6-v2 (Apache-2.0, the sentence-transformers team) by distillation: the teacher is that model on
English, the student learns to give an Italian sentence the vector of its English counterpart. The layers delivered are
{share:.0%} the base model's and the rest the student's: that wins back English that training forgets. The share was
chosen among 0, 20, 35, 45 and 50 % by the figures below, so they flatter it a little.
"""

LIMITS = """## Limits

- Made for short messages of shoppers: trained with at most {pieces} pieces; longer texts are cut at 128.
- Everyday Italian is the scarce part of the data: rare words, slang and dialect are read
  from their pieces, often badly.
- The word pieces fold accents and case: "è" and "e" look alike.
- Negation and numbers move a sentence's vector little, as in the base model.
- It ranks; it does not decide. Thresholds have to be calibrated on this very file.
- What would bring more: everyday Italian with translations first; then time, as long as the curve above still rises;
  then more English in the mix, where the base model is still ahead.
- Web text that the base model was trained on carries society's prejudices, and so does this model.
"""

REBUILD = """## How to rebuild

    pip install 'sportello[encoders]'
    python -m tools.encoder build --data FOLDER_OF_TSV --out bot/nlu/encoders/it-en --minutes 75

Seeded and resumable: stop it and start it again with the same `--work` folder. Two CPU cores with bfloat16 or a GPU.
A rebuild gives a model like this one, not the same bytes: the time limit decides where training stops.
Recipe: {recipe}
"""


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *rows]]
    return "\n".join(lines) + "\n"


def _sources(prepared: Path) -> str:
    counted = Counter(pair.source for pair in prepare.load(prepared))
    rows = [
        [source.name, f"{counted[source.name]:,}", f"{source.weight:g}", source.licence, source.credit, source.what]
        for source in (*SOURCES, OWN_PAIRS)
        if counted[source.name]
    ]
    return (
        "## Sources\n\nText the student was trained on; a pair is seen `weight` times an epoch.\n\n"
        + _table(["source", "pairs", "weight", "licence", "credit", "what"], rows)
        + "\nTatoeba sentences are under CC BY 2.0 FR, credited to the contributors of tatoeba.org; they come by way"
        " of the OPUS-MT test sets, whose packaging (not used here) is CC BY-NC-SA 4.0. Business Central documentation:"
        " © Microsoft, CC BY 4.0; sentences were paired and cleaned. None of the texts is in this folder.\n"
    )


def _figures(figures: dict[str, dict[str, float]], milliseconds: float) -> str:
    parts = [
        "## Figures\n",
        "Percent right, measured on int8 unless it says fp32, on data never trained on. n-grams: TF-IDF and a linear"
        " SVM; fused: n-grams × 0.3 + encoder × 0.7. MiniLM: the base model, int8 alike.\n",
    ]
    few = {name: row for name, row in figures.items() if "it-en fused" in row}
    columns = ["n-grams", "MiniLM", "MiniLM fused", "it-en", "it-en fused", "it-en fp32", "it-en fp32 fused"]
    rows = [[name, *(f"{row[column]:.1f}" if column in row else "" for column in columns)] for name, row in few.items()]
    parts.append(_table(["set", *columns], rows))
    for name, row in figures.items():
        if name not in few:
            parts.append(f"{name}: " + "; ".join(f"{column} {value:.1f}" for column, value in row.items()) + "\n")
    parts.append(f"Median time of one message, one thread, tokenizer included: {milliseconds:.2f} ms.\n")
    return "\n".join(parts)


def _curve(curve: list[dict[str, float]]) -> str:
    if not curve:
        return ""
    chosen = curve[:: max(1, len(curve) // 8)]
    if chosen[-1] != curve[-1]:
        chosen.append(curve[-1])
    rows = [[f"{p['minutes']:g}", f"{p['step']:g}", f"{p['cosine']:.3f}", f"{100 * p['found']:.1f}"] for p in chosen]
    return (
        "## Learning curve\n\nHeld-out pairs: cosine of the Italian vector to the teacher's English one, and how"
        " often the right English sentence is the nearest of all.\n\n"
        + _table(["minutes", "steps", "cosine", "found %"], rows)
    )


def model_card(
    workplace: Workplace, recipe: Recipe, figures: dict[str, dict[str, float]], milliseconds: float,
    curve: list[dict[str, float]],
) -> str:  # fmt: skip
    """The card as Markdown; counts the prepared pairs and the pieces of the delivered tokenizer."""
    from tokenizers import Tokenizer

    rows = Tokenizer.from_file(str(workplace.out / "tokenizer.json")).get_vocab_size()
    size = sum(path.stat().st_size for path in workplace.out.rglob("*") if path.is_file()) / 1_000_000
    return "\n".join(
        [
            HEAD.format(rows=rows, italian=recipe.italian_pieces, size=size, share=recipe.base_share),
            _sources(workplace.prepared),
            _figures(figures, milliseconds),
            _curve(curve),
            LIMITS.format(pieces=recipe.max_pieces),
            REBUILD.format(recipe=", ".join(f"{name} {value}" for name, value in asdict(recipe).items())),
        ]
    )
