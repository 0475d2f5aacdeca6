"""The third component: which labels a message means, or that it means none of these, or that it is not clear."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import SettingError
from bot.language import ranker
from bot.language.encoder_component import VECTORS
from bot.language.labels import label_of
from bot.language.lexicon_component import READINGS
from bot.language.progress import report
from bot.language.ranker import Ranker
from bot.language.screen_component import RED_FLAG
from bot.language.several import choose_parts, only_question
from bot.language.softmax import Floats
from bot.language.tongue import Tongues, english_words, other_script
from bot.language.trained import TrainedClassifier
from bot.language.verdict import Judged, Thresholds, judge

UNDERSTANDING = "understanding"
RANKED_INTENTS = 10
LIKE_ANOTHER_LANGUAGE = 0.2
WORDS_FILE = "words.txt"


@dataclass(frozen=True)
class Questions:
    """What is learnt of questions: their ranker, and the words of those in English."""

    ranker: Ranker
    english: frozenset[str]

    def save(self, folder: Path) -> None:
        """Write both into a folder."""
        self.ranker.save(folder)
        (folder / WORDS_FILE).write_text("\n".join(sorted(self.english)), encoding="utf-8")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class QuestionClassifier(TrainedClassifier[Questions]):
    """Sets the intent and its ranking, and `understanding`: the verdict on each question, and the message's language.

    Config: `none_of_these` (the intent of examples that nothing answers), `learned_elsewhere` (intents whose examples
    other components learn), the thresholds of `Thresholds`, and
    `languages` (ISO 639-1 codes that are told from English), `language_label` (the label of the examples in those
    languages, where there are any: gibberish is then not taken for a language).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds that served on the project's own data; choose them anew for other data."""
        return {
            "none_of_these": "out_of_scope",
            "none_above": 0.3,
            "answer_above": 0.75,
            "part_above": 0.6,
            "language_label": None,
            "learned_elsewhere": [],
            "languages": ["es", "fr", "de", "pt", "it", "nl", "pl", "tr", "ru", "ar", "zh", "ja"],
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: Questions | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, learnt)
        self._thresholds = Thresholds(**{name: config[name] for name in Thresholds.__dataclass_fields__})
        self._language_label = config["language_label"]
        self._elsewhere = frozenset(config["learned_elsewhere"])
        self._tongues = Tongues(config["languages"], learnt.english if learnt else frozenset())

    @staticmethod
    def read(folder: Path) -> Questions:
        """The ranker and the words in a folder."""
        words = (folder / WORDS_FILE).read_text(encoding="utf-8").split()
        return Questions(ranker.load(folder), frozenset(words))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent; raises SettingError where there are fewer than two labels."""
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT) not in self._elsewhere
        ]
        labels = [label_of(message) for message in examples]
        if len(set(labels)) < 2:
            raise SettingError("the training data needs examples of at least two intents")
        texts = [message.get(READINGS)[0] if message.get(READINGS) else message.get(TEXT) for message in examples]
        vectors = np.stack([message.get(VECTORS)[0] for message in examples])
        ranked = ranker.fit(texts, vectors, labels, report)
        none = self._thresholds.none_of_these
        words = english_words(text for text, label in zip(texts, labels, strict=True) if label.intent != none)
        return self._keep(Questions(ranked, words))

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message."""
        for message in messages:
            if message.get(VECTORS):
                self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        readings = message.get(READINGS) or [text]
        pairs = zip(readings, message.get(VECTORS), strict=True)
        shares = [self._trained.ranker.probabilities(reading, vector) for reading, vector in pairs]
        whole, *parts = [self._judge(reading, found) for reading, found in zip(readings, shares, strict=True)]
        chosen = choose_parts(whole, parts, self._thresholds)
        ranking = [{"name": name, "confidence": share} for name, share in whole.intents[:RANKED_INTENTS]]
        if not message.get(RED_FLAG):  # danger is the intent of a message, whatever else it asks
            message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        language = self._tongues.other_than_english(text) if self._foreign(text, shares[0]) else None
        question = only_question(parts)
        found = {
            "parts": [part.as_data() for part in chosen],
            "question": question.as_data() if question else None,
            "language": language,
        }
        message.set(UNDERSTANDING, found, add_to_output=True)

    def _judge(self, text: str, shares: Floats) -> Judged:
        return judge(text, shares, self._trained.ranker.labels, self._thresholds)

    def _foreign(self, text: str, shares: Floats) -> bool:
        """Whether the examples in other languages are what a text is like; of another script, the script says so."""
        names = [label.name for label in self._trained.ranker.labels]
        if self._language_label not in names or other_script(text):
            return True
        return float(shares[names.index(self._language_label)]) >= LIKE_ANOTHER_LANGUAGE
