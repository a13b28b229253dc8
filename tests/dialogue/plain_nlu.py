"""A Rasa component that reads every message the same way; enough of a pipeline to train the rules with."""
from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PlainReading(GraphComponent, IntentClassifier):
    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlainReading:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            hints = message.get("metadata", {}).get("hints", {})
            own = {
                "language": hints.get("language") or "it",
                "band": "answer",
                "faq_id": "shipping-cost",
                "confidence": 0.9,
                "candidates": [{"intent": "faq", "faq_id": "shipping-cost", "score": 0.9}],
                "parts": [],
                "alarm": None,
                "artefacts": {"model": "plain"},
                "signals": {"hints": hints},
            }
            message.set("intent", {"name": "faq", "confidence": 0.9}, add_to_output=True)
            message.set("sportello", own, add_to_output=True)
        return messages
