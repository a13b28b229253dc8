"""The folder that ships: whole, small, and at home in both languages; onnxruntime and tokenizers are enough."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tools.encoder.runtime import OnnxEncoder

FOLDER = Path(__file__).parents[2] / "bot" / "nlu" / "encoders" / "it-en"
GRAPH = FOLDER / "onnx" / "model_qint8.onnx"
SAME = [
    ("Where is my parcel?", "Dov'è il mio pacco?"),
    ("How do I return my shoes?", "Come faccio a restituire le scarpe?"),
    ("How much does shipping cost?", "Quanto costa la spedizione?"),
    ("I want to talk to a person", "Vorrei parlare con una persona"),
    ("Can I pay with PayPal?", "Posso pagare con PayPal?"),
    ("I forgot my password", "Ho dimenticato la password"),
    ("What time does the shop open?", "A che ora apre il negozio?"),
    ("My order arrived broken", "Il mio ordine è arrivato rotto"),
    ("I need an invoice", "Mi serve una fattura"),
    ("Are you a robot?", "Sei un robot?"),
]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(FOLDER / "tokenizer.json", GRAPH)


def test_the_folder_is_at_most_thirty_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 30_000_000


def test_every_file_is_listed_with_its_checksum() -> None:
    listed = dict(line.split("  ", 1)[::-1] for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert set(listed) == found
    for name, checksum in listed.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == checksum, name


def test_it_describes_itself_as_a_sentence_transformer() -> None:
    modules = json.loads((FOLDER / "modules.json").read_text())
    assert [module["type"].rsplit(".", 1)[-1] for module in modules] == ["Transformer", "Pooling", "Normalize"]
    assert json.loads((FOLDER / "1_Pooling" / "config.json").read_text())["pooling_mode_mean_tokens"]


def test_vectors_have_length_one(encoder: OnnxEncoder) -> None:
    vector = encoder.vector("Buongiorno, vorrei un'informazione")
    assert vector.shape == (384,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_translation_is_nearer_than_any_other_sentence(encoder: OnnxEncoder) -> None:
    english = encoder.vectors([one for one, _ in SAME])
    italian = encoder.vectors([other for _, other in SAME])
    scores = english @ italian.T
    assert scores.argmax(axis=1).tolist() == list(range(len(SAME)))
    assert np.diag(scores).mean() > scores[~np.eye(len(SAME), dtype=bool)].mean() + 0.4


@pytest.mark.parametrize(
    ("clean", "typed"),
    [("Perché non è ancora arrivato il mio pacco?", "xke nn è ancora arivato il mio pacco"),
     ("Quanto costa la spedizione?", "quanto cotsa la spedizzione"),
     ("Vorrei parlare con un operatore", "vorei parlare cn un operatroe")],
)  # fmt: skip
def test_a_mistyped_sentence_stays_near_itself(encoder: OnnxEncoder, clean: str, typed: str) -> None:
    vector = encoder.vector(typed)
    others = encoder.vectors([italian for _, italian in SAME if italian not in clean])
    assert vector @ encoder.vector(clean) > 0.6
    assert vector @ encoder.vector(clean) > np.sort(others @ vector)[-2]


def test_very_long_text_is_cut_not_refused(encoder: OnnxEncoder) -> None:
    assert encoder.vector("il mio ordine non arriva " * 500).shape == (384,)


def test_the_model_card_names_sources_and_licences() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for word in ("tatoeba", "CC BY 2.0 FR", "CC BY 4.0", "Apache-2.0", "Limits", "How to rebuild"):
        assert word in card


def test_sentence_transformers_loads_it_and_agrees(encoder: OnnxEncoder) -> None:
    pytest.importorskip("optimum.onnxruntime")
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model = sentence_transformers.SentenceTransformer(str(FOLDER), backend="onnx")
    text = "Vorrei sapere quando arriva il mio ordine"
    assert model.encode(text) @ encoder.vector(text) == pytest.approx(1, abs=1e-4)
