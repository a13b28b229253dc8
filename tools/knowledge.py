"""Make bot/nlu/knowledge anew from the library of topics and the dialogue examples: minutes on two cores.

    python -m tools.knowledge [--shops 60]
"""
import argparse
import hashlib
import tempfile
from pathlib import Path

from rasa.shared.nlu.training_data.loading import load_data

from bot.nlu.graph import dialogue_rows
from bot.nlu.learn.matching import fit_knowledge
from bot.nlu.match.knowledge import SHIPPED
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder
from bot.nlu.text.encoders import resolve
from bot.nlu.text.language import LanguageReader
from bot.topics.library import LIBRARY, read_topics

ROOT = Path(__file__).parents[1]
DIALOGUE = ROOT / "bot" / "dialogue" / "base" / "nlu"


def sources() -> str:
    """A hash of what the files are made from; `tests/nlu/test_knowledge.py` compares it with the shipped one."""
    digest = hashlib.sha256()
    for file in sorted([*LIBRARY.rglob("*.md"), *DIALOGUE.glob("*.yml")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=60, help="how many shops are drawn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        encoder = Encoder(resolve("it-en", ROOT, Path(folder)))
    embeddings = EmbeddingCache(encoder, ROOT / ".rasa" / "embeddings.sqlite")
    dialogue = dialogue_rows(load_data(str(DIALOGUE)), LanguageReader())
    knowledge = fit_knowledge(read_topics(), dialogue, embeddings, shops=options.shops)
    knowledge.save(SHIPPED)
    (SHIPPED / "SOURCES").write_text(sources() + "\n")
    bands = knowledge.confidence.curve.bands(0.98, 0.15)
    print(f"{SHIPPED.relative_to(ROOT)}: {len(knowledge.field.topics)} meanings, {bands}")


if __name__ == "__main__":
    main()
