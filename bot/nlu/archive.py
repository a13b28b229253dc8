"""What travels in the model archive: encoder, rows, scorers, calibrations, alarms; all plain files."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from bot.model.faq import FaqEntry
from bot.model.topics import Topic
from bot.nlu.learn.training import Goal, head_scorer, scorer
from bot.nlu.match.alarms import AlarmReader
from bot.nlu.match.confidence import Confidence
from bot.nlu.match.head import Head
from bot.nlu.match.index import build_index
from bot.nlu.match.knowledge import Knowledge
from bot.nlu.match.links import inherited, link
from bot.nlu.match.rows import Row, faq_rows, rows_id
from bot.nlu.match.snapshot import Snapshot, Trained
from bot.nlu.match.store import read_arrays, read_json, write_arrays, write_json
from bot.nlu.reader import MessageReader
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder, graph_of
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.language import LanguageReader

_ENCODER_FILES = ("tokenizer.json", "config_sentence_transformers.json", "sentence_bert_config.json")


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model: how messages are read, and the snapshot that training made.

    Attributes:
        topics: the library as it was then; empty where the shop wants none of it.
    """

    reader: MessageReader
    snapshot: Snapshot
    products: tuple[str, ...] = ()
    topics: Mapping[str, Topic] = field(default_factory=dict)

    def rows_of(self, entries: Sequence[FaqEntry]) -> list[Row]:
        """What these entries say, with what the library's topics bring them."""
        links = link(entries, self.topics, self.snapshot.embeddings, self.snapshot.knowledge.field)
        return faq_rows(entries, inherited(links, self.topics))


def save(model: Model, folder: Path) -> None:
    """Write everything into an existing folder."""
    snapshot = model.snapshot
    _save_encoder(snapshot.embeddings.encoder.folder, folder / "encoder")
    write_json(
        folder / "model.json",
        {
            "rows": [[row.text, row.label, row.language, row.kind] for row in snapshot.index.all_rows],
            "words": dict(model.reader.languages.shop_words),
            "products": model.products,
            "topics": [msgspec.to_builtins(topic) for topic in model.topics.values()],
            "faq_version": snapshot.faq_version,
            "model": snapshot.model,
        },
    )
    write_arrays(folder / "embeddings.npz", {"vectors": snapshot.index.vectors})
    snapshot.knowledge.save(folder / "knowledge")
    if snapshot.trained is not None:
        snapshot.trained.head.save(folder)
        snapshot.trained.scorer.confidence.save(folder / "confidence.npz")
    if model.reader.alarms is not None:
        model.reader.alarms.save(folder)


def _save_encoder(source: Path, target: Path) -> None:
    """Only what serving opens: one graph and the tokenizer."""
    graph = graph_of(source).relative_to(source)
    for name in (str(graph), *_ENCODER_FILES):
        if (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target / name)


def load(folder: Path, goal: Goal) -> Model:
    """Read what `save` wrote. Nothing is encoded: the embeddings of the rows are there."""
    about = read_json(folder / "model.json")
    rows = [Row(*row) for row in about["rows"]]
    embeddings = EmbeddingCache(Encoder(folder / "encoder"))
    knowledge = Knowledge.load(folder / "knowledge")
    vectors = read_arrays(folder / "embeddings.npz")["vectors"].astype(np.float32)
    index = build_index(rows, embeddings, knowledge.field, vectors=vectors)
    trained = None
    if (folder / "head.json").is_file():
        trained = Trained(Head.load(folder), head_scorer(Confidence.load(folder / "confidence.npz"), goal))
    snapshot = Snapshot(
        index=index,
        embeddings=embeddings,
        knowledge=knowledge,
        matching=scorer(knowledge.confidence, goal),
        trained=trained,
        rows_id=rows_id(rows),
        faq_version=about["faq_version"],
        model=about["model"],
    )
    alarms = AlarmReader.load(folder) if (folder / "alarms.json").is_file() else None
    reader = MessageReader(
        LanguageReader(about["words"], tuple(about["products"])), EntityReader(about["products"]), alarms
    )
    topics = msgspec.convert(about["topics"], tuple[Topic, ...])
    return Model(reader, snapshot, tuple(about["products"]), {topic.id: topic for topic in topics})
