"""What travels in the model archive: encoder, rows, scorers, calibrations, alarms; all plain files."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.learn.training import Goal, scorer
from bot.nlu.match.alarms import AlarmReader
from bot.nlu.match.confidence import Confidence
from bot.nlu.match.head import Head
from bot.nlu.match.index import Mix, build_index
from bot.nlu.match.rows import Row, rows_id
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
    """A trained model: how messages are read, and the snapshot that training made."""

    reader: MessageReader
    snapshot: Snapshot
    products: tuple[str, ...] = ()


def save(model: Model, folder: Path) -> None:
    """Write everything into an existing folder."""
    snapshot = model.snapshot
    _save_encoder(snapshot.embeddings.encoder.folder, folder / "encoder")
    write_json(
        folder / "model.json",
        {
            "rows": [[row.text, row.label, row.language] for row in snapshot.index.rows],
            "mixes": {language: [mix.embedding, mix.temperature] for language, mix in snapshot.mixes.items()},
            "words": dict(model.reader.languages.shop_words),
            "products": model.products,
            "faq_version": snapshot.faq_version,
            "model": snapshot.model,
        },
    )
    write_arrays(folder / "embeddings.npz", {"matrix": snapshot.index.matrix})
    snapshot.retrieval.confidence.save(folder / "retrieval.npz")
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
    index = build_index(rows, embeddings, matrix=read_arrays(folder / "embeddings.npz")["matrix"].astype(np.float32))
    trained = None
    if (folder / "head.json").is_file():
        trained = Trained(Head.load(folder), scorer(Confidence.load(folder / "confidence.npz"), goal))
    snapshot = Snapshot(
        index=index,
        embeddings=embeddings,
        mixes={language: Mix(*values) for language, values in about["mixes"].items()},
        retrieval=scorer(Confidence.load(folder / "retrieval.npz"), goal),
        trained=trained,
        rows_id=rows_id(rows),
        faq_version=about["faq_version"],
        model=about["model"],
    )
    alarms = AlarmReader.load(folder) if (folder / "alarms.json").is_file() else None
    reader = MessageReader(
        LanguageReader(about["words"], tuple(about["products"])), EntityReader(about["products"]), alarms
    )
    return Model(reader, snapshot, tuple(about["products"]))
