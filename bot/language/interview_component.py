"""The component that tells a plain answer to a question of the check, or a command for it, from everything else."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import SettingError
from bot.language import ranker
from bot.language.encoder_component import VECTORS, SentenceEncoder
from bot.language.fingerprint import fingerprint
from bot.language.labels import label_of
from bot.language.lexicon_component import READINGS
from bot.language.ranker import Label, Ranker

INTERVIEW = "interview"
OTHER = Label("other", "other")
OTHER_EXAMPLES = 3000
SEED = 20_261_123


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class InterviewClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]  # Rasa has no types
    """Sets `interview`: the likeliest label of the intent of that name with its probability, or None.

    An open check looks at it: outside, "spring" means nothing. Config: `intent`, the probability from which a label is
    `likely`, and the intents that are kept `apart`: their examples may well be answers.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The encoder has to run before."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The project's intent, against the examples of every other one."""
        return {"intent": INTERVIEW, "likely": 0.5, "apart": []}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, trained: Ranker | None = None
    ) -> None:
        self._intent = config["intent"]
        self._likely = config["likely"]
        self._apart = frozenset(config["apart"])
        self._model_storage = model_storage
        self._resource = resource
        self._ranker = trained

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "InterviewClassifier":
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "InterviewClassifier":
        """The trained classifier."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, ranker.load(folder))

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """The code, so that an edit trains anew."""
        return fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intent's labels against some examples of the others; raises SettingError where there are none."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        own = [message for message in examples if message.get(INTENT) == self._intent]
        others = [message for message in examples if message.get(INTENT) not in {self._intent, *self._apart}]
        if not own or not others:
            raise SettingError(f"the training data needs examples of {self._intent} and of other intents")
        drawn = np.random.default_rng(SEED).permutation(len(others))[:OTHER_EXAMPLES].tolist()
        chosen = [*own, *(others[place] for place in drawn)]
        labels = [*(Label(label_of(message).name, label_of(message).name) for message in own), *(OTHER for _ in drawn)]
        vectors = np.stack([message.get(VECTORS)[0] for message in chosen])
        self._ranker = ranker.fit([message.get(READINGS)[0] for message in chosen], vectors, labels, lambda *_: None)
        with self._model_storage.write_to(self._resource) as folder:
            self._ranker.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message."""
        for message in messages:
            if message.get(VECTORS):
                message.set(INTERVIEW, self._judge(message), add_to_output=True)
        return messages

    def _judge(self, message: Message) -> dict[str, Any] | None:
        if self._ranker is None:
            raise SettingError("the classifier of the interview is not trained")
        text = (message.get(READINGS) or [message.get(TEXT) or ""])[0]
        shares = self._ranker.probabilities(text, message.get(VECTORS)[0])
        best = int(shares.argmax())
        label = self._ranker.labels[best]
        if label == OTHER or shares[best] < self._likely:
            return None
        return {"label": label.name, "confidence": round(float(shares[best]), 4)}
