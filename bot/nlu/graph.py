"""The Rasa graph components that config.yml names."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any  # noqa: UP035 - Rasa reads these annotations at training

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import archive, project, registry
from bot.nlu.convert import KEY, entities_as_list, hints_of, parse_as_dict, ranking
from bot.nlu.learn.matching import knowledge_for
from bot.nlu.learn.training import Goal, train
from bot.nlu.match.links import inherited, link
from bot.nlu.match.rows import Row, faq_rows
from bot.nlu.reader import MessageReader
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder
from bot.nlu.text.encoders import resolve
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.language import LanguageReader, learn_words
from bot.nlu.text.tokens import LANGUAGES, lemma, pipeline
from bot.settings import environ


class Word(Token):
    """A token whose dictionary form is looked up when a component asks for it."""

    def __init__(self, text: str, start: int, language: str) -> None:
        self._language = language
        super().__init__(text, start)

    @property
    def lemma(self) -> str:
        return lemma(self.text, self._language)

    @lemma.setter
    def lemma(self, given: str) -> None:
        """Rasa's constructor sets what it was not given; the dictionary knows better."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ShopTokenizer(Tokenizer):
    """spaCy's words with their dictionary form."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"language": "it", "intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopTokenizer:
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        hinted = hints_of(message.get(METADATA)).language
        language = hinted if hinted in LANGUAGES else self._config["language"]
        words = pipeline(language).make_doc(message.get(attribute) or "")
        tokens: list[Token] = [Word(word.text, word.idx, language) for word in words if not word.is_space]
        return self._apply_token_pattern(tokens)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class Understanding(GraphComponent):
    """Language, entities, alarm, and the calibrated reading of every part of a message."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Dotted paths of what reads the entries (``phrasings``) and the library (``topics``); the shop's file."""
        return {
            "model": "it-en",
            "phrasings": None,
            "topics": None,
            "settings": None,
            "alarms": True,
            "target_precision": 0.98,
            "unknown_share": 0.15,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Without this, Rasa's cache would serve a model of yesterday's FAQ."""
        return project.fingerprint({**cls.get_default_config(), **config}, Path.cwd())

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._project = Path.cwd()
        self._model: archive.Model | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Understanding:
        component = cls(config, model_storage, resource)
        goal = component._goal()
        with model_storage.read_from(resource) as folder:
            component._model = archive.load(folder, goal)
        live = registry.find()
        if live is not None:
            live.adopt(component._model, goal)
        return component

    def _goal(self) -> Goal:
        return project.goal(self._config["settings"], self._project, self._config)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit everything on the examples and the FAQ entries, and write it into the archive."""
        entries = project.entries(self._config["phrasings"], self._project)
        topics = project.topics(self._config["topics"], self._config["settings"], self._project)
        products = project.products(self._config["settings"], self._project)
        from_faq = faq_rows(entries)
        languages = LanguageReader(learn_words((row.text, row.language) for row in from_faq), products)
        from_dialogue = dialogue_rows(training_data, languages)
        rows = [*from_dialogue, *from_faq]
        languages = LanguageReader(learn_words((row.text, row.language) for row in rows), products)
        with tempfile.TemporaryDirectory() as work_dir, self._storage.write_to(self._resource) as folder:
            encoder = Encoder(resolve(self._config["model"], self._project, Path(work_dir)))
            cache = environ().get("RASA_CACHE_DIRECTORY", ".rasa")  # elsewhere where the shop's folder is read-only
            embeddings = EmbeddingCache(encoder, self._project / cache / "embeddings.sqlite")
            library = project.topics(self._config["topics"], None, self._project)
            knowledge = knowledge_for(embeddings, library, from_dialogue)
            links = link(entries, topics, embeddings, knowledge.field)
            rows = [*from_dialogue, *faq_rows(entries, inherited(links, topics))]
            snapshot = train(rows, embeddings, self._goal(), knowledge=knowledge)
            alarms = knowledge.alarms if self._config["alarms"] else None
            reader = MessageReader(languages, EntityReader(products), alarms)
            archive.save(archive.Model(reader, snapshot, products, topics), folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent, intent_ranking, entities and the key ``sportello``."""
        for message in messages:
            self._read(message)
        return messages

    def _read(self, message: Message) -> None:
        live = registry.find()
        text, hints = message.get(TEXT) or "", hints_of(message.get(METADATA))
        if live is not None and live.snapshot is not None:
            parse = live.parse(text, hints)
        elif self._model is not None:
            parse = self._model.reader.parse(text, hints, self._model.snapshot)
        else:
            return
        message.set(INTENT, {"name": parse.intent, "confidence": parse.confidence}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking(parse), add_to_output=True)
        message.set(ENTITIES, entities_as_list(parse.entities, type(self).__name__), add_to_output=True)
        message.set(KEY, parse_as_dict(parse), add_to_output=True)


def dialogue_rows(training_data: TrainingData, languages: LanguageReader) -> list[Row]:
    """The intent examples. The language is the ``metadata: language`` of intent or example, else what the text says.

    Examples of the intent 'faq' are left out: what it means is told by the entries.
    """
    rows: dict[Row, None] = {}
    for message in training_data.intent_examples:
        intent, text = message.get(INTENT), message.get(TEXT)
        if not text or not intent or intent == "faq":
            continue
        rows[Row(text, intent, _declared(message) or languages.sure(text))] = None
    return list(rows)


def _declared(message: Message) -> str:
    metadata = message.get(METADATA) or {}
    for level in ("example", "intent"):
        about = metadata.get(level)
        if isinstance(about, dict) and about.get("language"):
            return str(about["language"])
    return ""
