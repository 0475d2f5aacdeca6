"""The second component: the vectors of a message's readings."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.encoder import Encoder, Vector, load
from bot.language.fingerprint import fingerprint
from bot.language.lexicon_component import READINGS
from bot.language.progress import report
from bot.settings import settings

VECTORS = "reading_vectors"


def encoder_cache() -> Any:
    """The folder in which the converted encoder is kept."""
    return settings().state_dir / "encoder"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class SentenceEncoder(GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Sets `reading_vectors`, one vector a reading; the first is also a dense sentence feature."""

    def __init__(self, name: str, encoder: Encoder) -> None:
        self._name = name
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """The component on the cached encoder; raises EncoderMissing where its weights are not the published ones."""
        return cls(execution_context.node_name or cls.__name__, load(encoder_cache()))

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """The code, so that an edit trains anew."""
        return fingerprint()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example."""
        examples = [message for message in training_data.training_examples if message.get(TEXT)]
        texts = [self._readings(message)[0] for message in examples]
        vectors = self._encoder.encode_many(texts, lambda done, total: report("encoding the examples", done, total))
        for message, vector in zip(examples, vectors, strict=True):
            self._set(message, [vector])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each reading of each message."""
        for message in messages:
            self._set(message, [self._encoder.encode(reading) for reading in self._readings(message)])
        return messages

    @staticmethod
    def _readings(message: Message) -> list[str]:
        return message.get(READINGS) or [message.get(TEXT) or ""]

    def _set(self, message: Message, vectors: list[Vector]) -> None:
        message.set(VECTORS, vectors)
        message.add_features(Features(vectors[0].reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._name))
