"""Understands "please hang" as the intent hang and everything else as talk; fails on demand."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

import tests.fakes.actions  # noqa: F401  # whoever loads the small model knows its actions


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class WordReader(GraphComponent):
    """The word after "please" is the intent; raises on a message that says "unreadable"."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "WordReader":
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            polite, _, word = message.get(TEXT, "").partition(" ")
            if "unreadable" in message.get(TEXT, ""):
                raise RuntimeError("the reader cannot read this")
            message.set(INTENT, {"name": word if polite == "please" else "talk", "confidence": 1.0}, add_to_output=True)
        return messages
