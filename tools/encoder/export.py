"""A trained transformers folder → a sentence-transformers folder with an int8 ONNX file."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, PreTrainedModel

ONNX_NAME = "onnx/model_qint8.onnx"
MAX_PIECES = 128
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")
POOLING = {
    "word_embedding_dimension": 384,
    "pooling_mode_cls_token": False,
    "pooling_mode_mean_tokens": True,
    "pooling_mode_max_tokens": False,
    "pooling_mode_mean_sqrt_len_tokens": False,
}
TRANSFORMER = {"max_seq_length": MAX_PIECES, "do_lower_case": False, "model_args": {"file_name": ONNX_NAME}}
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


class LastHiddenState(torch.nn.Module):
    """The graph's signature: two inputs (token types are always zero here) and one output."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=torch.zeros_like(input_ids)
        ).last_hidden_state
        return output


def export_fp32(model: PreTrainedModel, target: Path) -> None:
    """Write the network alone: pooling and normalisation stay with whoever runs it."""
    example = torch.tensor([[101, 2054, 2003, 102], [101, 2054, 102, 0]])
    mask = (example != 0).long()
    axes = {0: "batch", 1: "pieces"}
    torch.onnx.export(
        LastHiddenState(model).eval(),
        (example, mask),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "last_hidden_state": axes},
        opset_version=17,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Layers per channel, the word table per row: one scale for the whole table would drown rare words."""
    quantize_dynamic(
        source, target, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Attention"]
    )
    graph_model = onnx.load(target)
    _quantise_word_table(graph_model.graph)
    onnx.checker.check_model(graph_model)
    onnx.save(graph_model, target)


def _quantise_word_table(graph: onnx.GraphProto) -> None:
    table = max(graph.initializer, key=lambda item: int(np.prod(item.dims)))
    gather = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == table.name)
    rows = numpy_helper.to_array(table).astype(np.float32)
    scales = np.abs(rows).max(axis=1, keepdims=True).clip(min=1e-8) / 127
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.round(rows / scales).astype(np.int8), "word_rows"),
            numpy_helper.from_array(scales.astype(np.float32), "word_scales"),
        ]
    )
    ids, output = gather.input[1], gather.output[0]
    place = list(graph.node).index(gather)
    graph.node.remove(gather)
    graph.initializer.remove(table)
    added = [
        helper.make_node("Gather", ["word_rows", ids], ["word_row_int8"]),
        helper.make_node("Cast", ["word_row_int8"], ["word_row_float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", ["word_scales", ids], ["word_row_scale"]),
        helper.make_node("Mul", ["word_row_float", "word_row_scale"], [output]),
    ]
    for offset, node in enumerate(added):
        graph.node.insert(place + offset, node)


def mix_layer(source: Path, target: Path, layer: int, share: float) -> None:
    """Add `share` times the states after layer `layer` to the last ones; on a plain or a quantised graph.

    Distillation shapes the last layer alone; a middle one keeps more of the words themselves, which few examples need.
    """
    graph_model = onnx.load(source)
    graph = graph_model.graph
    # One normalisation after the embeddings, then two a layer.
    normalised = [node for node in graph.node if node.op_type == "LayerNormalization"]
    last, middle, output = normalised[-1], normalised[2 * layer].output[0], graph.output[0].name
    if last.output[0] != output:
        raise SystemExit(f"{source} does not end in a layer's normalisation: it is mixed already, or no BERT.")
    last.output[0] = "last_layer"
    graph.initializer.append(numpy_helper.from_array(np.float32(share), "middle_share"))
    graph.node.extend(
        [
            helper.make_node("Mul", [middle, "middle_share"], ["middle_part"]),
            helper.make_node("Add", ["last_layer", "middle_part"], [output]),
        ]
    )
    onnx.checker.check_model(graph_model)
    onnx.save(graph_model, target)


def export(model_dir: Path, target: Path, *, fp32: Path | None = None, mixed: tuple[int, float] | None = None) -> Path:
    """Write the sentence-transformers folder.

    Args:
        fp32: keeps the unquantised graph there for comparison.
        mixed: layer and share of `mix_layer`.
    """
    model = AutoModel.from_pretrained(model_dir, attn_implementation="eager", dtype=torch.float32).eval()
    _shorten(model)
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "model.onnx"
        export_fp32(model, plain)
        quantise(plain, target / ONNX_NAME)
        if mixed is not None:
            for graph in (plain, target / ONNX_NAME):
                mix_layer(graph, graph, *mixed)
        if fp32 is not None:
            shutil.copyfile(plain, fp32)
    _write_folder(model_dir, target, model.config.to_dict())
    return target / ONNX_NAME


def _shorten(model: PreTrainedModel) -> None:
    """Drop the positions after the longest text: they are never read and weigh half a megabyte."""
    places = model.embeddings.position_embeddings
    places.weight = torch.nn.Parameter(places.weight[:MAX_PIECES].clone())
    places.num_embeddings = model.config.max_position_embeddings = MAX_PIECES
    model.embeddings.position_ids = model.embeddings.position_ids[:, :MAX_PIECES]
    model.embeddings.token_type_ids = model.embeddings.token_type_ids[:, :MAX_PIECES]


def _write_folder(model_dir: Path, target: Path, config: dict[str, object]) -> None:
    kept = {
        key: value for key, value in config.items() if key not in {"_name_or_path", "transformers_version", "dtype"}
    }
    _write_json(target / "config.json", kept)
    _write_json(target / "modules.json", MODULES)
    _write_json(target / "sentence_bert_config.json", TRANSFORMER)
    _write_json(target / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})
    (target / "1_Pooling").mkdir(exist_ok=True)
    _write_json(target / "1_Pooling" / "config.json", POOLING)
    for name in TOKENIZER_FILES:
        if (model_dir / name).exists():
            shutil.copyfile(model_dir / name, target / name)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_checksums(folder: Path) -> Path:
    """Write SHA256SUMS over every file of the folder, in the format `sha256sum -c` reads."""
    listing = folder / "SHA256SUMS"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != listing)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files
    ]
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return listing
