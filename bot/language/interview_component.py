"""The component that tells a plain answer to a question of the check, or a command for it, from everything else."""

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import SettingError
from bot.language import ranker
from bot.language.encoder_component import VECTORS
from bot.language.labels import label_of
from bot.language.lexicon_component import READINGS
from bot.language.ranker import Label, Ranker
from bot.language.trained import TrainedClassifier

INTERVIEW = "interview"
OTHER = Label("other", "other")
OTHER_EXAMPLES = 3000
SEED = 20_261_123


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class InterviewClassifier(TrainedClassifier[Ranker]):
    """Sets `interview`: the likeliest label of the intent of that name with its probability, or None.

    An open check looks at it: outside, "spring" means nothing. Config: `intent`, the probability from which a label is
    `likely`, and the intents that are kept `apart`: their examples may well be answers.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The project's intent, against the examples of every other one."""
        return {"intent": INTERVIEW, "likely": 0.5, "apart": []}

    @staticmethod
    def read(folder: Path) -> Ranker:
        """The ranker in a folder."""
        return ranker.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intent's labels against some examples of the others; raises SettingError where there are none."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        intent, apart = self._config["intent"], self._config["apart"]
        own = [message for message in examples if message.get(INTENT) == intent]
        others = [message for message in examples if message.get(INTENT) not in {intent, *apart}]
        if not own or not others:
            raise SettingError(f"the training data needs examples of {intent} and of other intents")
        drawn = np.random.default_rng(SEED).permutation(len(others))[:OTHER_EXAMPLES].tolist()
        chosen = [*own, *(others[place] for place in drawn)]
        labels = [*(Label(label_of(message).name, label_of(message).name) for message in own), *(OTHER for _ in drawn)]
        vectors = np.stack([message.get(VECTORS)[0] for message in chosen])
        texts = [message.get(READINGS)[0] for message in chosen]
        return self._keep(ranker.fit(texts, vectors, labels, lambda *_: None))

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message."""
        for message in messages:
            if message.get(VECTORS):
                message.set(INTERVIEW, self._judge(message), add_to_output=True)
        return messages

    def _judge(self, message: Message) -> dict[str, Any] | None:
        text = (message.get(READINGS) or [message.get(TEXT) or ""])[0]
        shares = self._trained.probabilities(text, message.get(VECTORS)[0])
        best = int(shares.argmax())
        label = self._trained.labels[best]
        if label == OTHER or shares[best] < self._config["likely"]:
            return None
        return {"label": label.name, "confidence": round(float(shares[best]), 4)}
