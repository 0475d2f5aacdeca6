"""The first component: one spaCy document a message, its slips repaired, its names plain, its questions apart."""

from collections.abc import Iterable
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot.language.encoder import english_vocabulary
from bot.language.fingerprint import fingerprint
from bot.language.lexicon import build_pipeline, name_words, plain_names, read_terms
from bot.language.parts import split_questions
from bot.language.spelling import Spelling, everyday_words
from bot.settings import PROJECT

DOCUMENT = "spacy_document"
READINGS = "readings"
WORDS_FILE = "words.txt"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=True)
class LexiconComponent(GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Sets `spacy_document`, and `readings`: the message in plain names, then each question in it.

    Config: `lexicon` (a file of terms), `labels` (the labels whose names are replaced).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No lexicon: nothing is replaced."""
        return {"lexicon": None, "labels": ["medicine", "treatment", "condition", "regulator"]}

    def __init__(
        self,
        config: dict[str, Any],
        pipeline: Language,
        everyday: Iterable[str],
        model_storage: ModelStorage,
        resource: Resource,
    ) -> None:
        self._labels = frozenset(config["labels"])
        self._pipeline = pipeline
        self._spelling = Spelling(everyday, english_vocabulary() | name_words(pipeline))
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LexiconComponent":
        """A component whose pipeline is built from the lexicon file."""
        terms = read_terms(PROJECT / config["lexicon"]) if config["lexicon"] else []
        return cls(config, build_pipeline(terms), (), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LexiconComponent":
        """The component with the pipeline that was kept with the model."""
        with model_storage.read_from(resource) as folder:
            everyday = (folder / WORDS_FILE).read_text(encoding="utf-8").split()
            return cls(config, spacy.load(folder / "pipeline"), everyday, model_storage, resource)

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """The lexicon's contents and the code, so that an edit of either trains anew."""
        # A node that Rasa takes from its cache has no configuration here.
        return fingerprint(PROJECT / config["lexicon"] if config.get("lexicon") else None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the everyday words, and keep them with the pipeline."""
        texts = [message.get(TEXT) for message in training_data.training_examples if message.get(TEXT)]
        with self._model_storage.write_to(self._resource) as folder:
            self._pipeline.to_disk(folder / "pipeline")
            words = everyday_words(texts, name_words(self._pipeline))
            (folder / WORDS_FILE).write_text("\n".join(words), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read every example as one question."""
        for message in training_data.training_examples:
            if message.get(TEXT):
                message.set(READINGS, [self._read(message.get(TEXT))])
        return training_data

    def _read(self, text: str) -> str:
        return plain_names(self._pipeline(self._spelling.repair(text)), self._labels)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the document and the readings of each message that has text."""
        for message in messages:
            text = message.get(TEXT) or ""
            document = self._pipeline(text)
            # Most messages have no slip: the document that is there serves for the reading too.
            whole = self._read(text) if self._spelling.repair(text) != text else plain_names(document, self._labels)
            message.set(DOCUMENT, document)
            message.set(READINGS, [whole, *(self._read(part) for part in split_questions(document))])
        return messages
