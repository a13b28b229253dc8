"""Any sentence-transformers model as an encoder folder: ONNX, int8 per channel.

Training only; needs the extra ``encoders``.
"""

from pathlib import Path
from typing import Any

from bot.nlu.text.encoder import EncoderError

_OPSET = 17


def export_encoder(model: str, folder: Path) -> Path:
    """Write ``folder`` as `bot.nlu.text.encoder.Encoder` reads it.

    Args:
        model: name on the hub, installed package's folder, or a path.
    Raises:
        EncoderError: the extra is not installed, or there is no such model.
    """
    torch, transformers_model = _load(model)
    folder.mkdir(parents=True, exist_ok=True)
    transformers_model.tokenizer.save_pretrained(str(folder))
    if not (folder / "tokenizer.json").is_file():
        raise EncoderError(f"'{model}' has no fast tokenizer (tokenizer.json); choose a model that has one.")
    (folder / "sentence_bert_config.json").write_text(
        f'{{"max_seq_length": {transformers_model.max_seq_length or 128}}}'
    )
    exact = folder / "onnx" / "exact.onnx"
    exact.parent.mkdir(exist_ok=True)
    _write_graph(torch, transformers_model, exact)
    _quantise(exact, folder / "onnx" / "model_qint8.onnx")
    exact.unlink()
    return folder


def _load(model: str) -> tuple[Any, Any]:
    try:
        import onnx  # noqa: F401 - the export and the quantisation need it
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(
            f"config.yml names the encoder '{model}', which is neither shipped nor exported yet; exporting it needs "
            f"{error.name}. Install the extra: `uv sync --extra encoders`, or name a shipped encoder."
        ) from error
    try:
        return torch, SentenceTransformer(model, device="cpu").eval()
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"config.yml names the encoder '{model}': {error}. Allowed: a shipped encoder, a folder of the project, "
            "or the name of a sentence-transformers model that can be downloaded here."
        ) from error


def _write_graph(torch: Any, model: Any, file: Path) -> None:
    """Transformer, the model's own pooling and normalisation in one graph; output: one vector a text."""

    class Whole(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if "token_type_ids" in model.tokenizer.model_input_names:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            return torch.nn.functional.normalize(self.inner(features)["sentence_embedding"], dim=1)

    example = model.tokenizer(["dov'è il mio pacco", "hi"], padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        Whole(),
        (example["input_ids"], example["attention_mask"]),
        str(file),
        opset_version=_OPSET,
        dynamo=False,
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "sentence_embedding": {0: "batch"}},
    )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True)
