"""The component that looks for danger in every message, before anything else is decided."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assessment.red_flags import RedFlags, read_red_flags
from bot.errors import SettingError
from bot.language import screen, softmax
from bot.language.encoder_component import VECTORS
from bot.language.labels import label_of
from bot.language.lexicon_component import DOCUMENT, READINGS
from bot.language.ranker import Label
from bot.language.screen import NO_DANGER, Danger, Judges, Limits, decide_danger, holds
from bot.language.softmax import Floats
from bot.language.trained import TrainedClassifier
from bot.readers.assertion import Assertions, read_triggers
from bot.readers.phrasings import Phrasings, parse
from bot.settings import PROJECT

RED_FLAG = "red_flag"
ORDINARY = Label("ordinary", NO_DANGER)
ORDINARY_EXAMPLES = 1500
HARD_EXAMPLES = 1500
LIKE_DANGER = 0.5
SEED = 20_261_122


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class RedFlagScreen(TrainedClassifier[Judges]):
    """Sets `red_flag`, the danger that a message tells of or None; with a danger its class is the intent.

    Config: `red_flags` and `context` (data files), `classes` (the intents of its examples, beside `no_danger`),
    `doubtful` (other intents, among whose examples there may be dangers), `harmless` (those of which every example
    counts), and the fields of `Limits`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Limits that served on the project's own data."""
        return {
            "red_flags": None,
            "context": None,
            "classes": ["emergency", "urgent_care", "self_harm", "clinician_first"],
            "doubtful": [],
            "harmless": [],
            "certain": 0.15,
            "suspected": 0.05,
            "certain_with": 0.05,
            "ask_with": 0.0005,
            "review_certain": 0.6,
            "review_suspected": 0.3,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: Judges | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, learnt)
        self._intents = frozenset({*config["classes"], NO_DANGER})
        self._doubtful = frozenset(config["doubtful"])
        self._harmless = frozenset(config["harmless"])
        self._limits = Limits(**{name: config[name] for name in Limits.__dataclass_fields__})
        self._flags: RedFlags = read_red_flags(PROJECT / config["red_flags"])
        listed = ((flag, text) for flag in self._flags.flags for text in flag.phrasings if flag.kind in self._intents)
        self._phrasings = Phrasings(parse(flag.id, text) for flag, text in listed)
        self._triggers = read_triggers(PROJECT / config["context"])
        self._assertions: Assertions | None = None

    @staticmethod
    def read(folder: Path) -> Judges:
        """The judges in a folder."""
        return screen.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of danger and its look-alikes; raises SettingError where there are none of a kind."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        told = [message for message in examples if message.get(INTENT) in self._intents]
        if len({message.get(INTENT) for message in told}) < 2:
            raise SettingError("the training data needs examples of danger and of look-alikes")
        others = [message for message in examples if message.get(INTENT) not in self._intents]
        plain = [message for message in others if message.get(INTENT) in self._harmless]
        others = [message for message in others if message.get(INTENT) not in self._harmless]
        ordinary = [*plain, *_ordinary(others, told, self._doubtful)]
        chosen = [*told, *ordinary]
        labels = [*(label_of(message) for message in told), *(ORDINARY for _ in ordinary)]
        texts = [message.get(READINGS)[0] for message in chosen]
        return self._keep(screen.fit(texts, _vectors(chosen), labels))

    def process(self, messages: list[Message]) -> list[Message]:
        """Screen each message."""
        for message in messages:
            if message.get(VECTORS):
                danger = self._screen(message)
                message.set(RED_FLAG, danger.as_data() if danger else None, add_to_output=True)
                if danger:
                    intent = {INTENT_NAME_KEY: danger.kind, PREDICTED_CONFIDENCE_KEY: danger.probability}
                    message.set(INTENT, intent, add_to_output=True)
        return messages

    def _screen(self, message: Message) -> Danger | None:
        document = message.get(DOCUMENT)
        if self._assertions is None:
            self._assertions = Assertions(document.vocab, self._triggers)
        phrased = [found.name for found in self._phrasings.find(document) if holds(found, self._assertions)]
        readings: Sequence[str] = message.get(READINGS) or [message.get(TEXT) or ""]
        found = self._trained.likelihoods(readings, message.get(VECTORS))
        return decide_danger(found, phrased, self._flags, self._limits)


def _vectors(messages: Sequence[Message]) -> Floats:
    return np.stack([message.get(VECTORS)[0] for message in messages])


def _ordinary(examples: Sequence[Message], told: Sequence[Message], doubtful: frozenset[str]) -> list[Message]:
    """Some examples of other intents: those most like danger, and a random part of the rest.

    Of the intents in `doubtful` the ones like danger are left out: some of these are.
    """
    if not examples:
        return []
    danger = np.array([message.get(INTENT) != NO_DANGER for message in told], dtype=np.int64)
    first = softmax.fit(_vectors(told), danger, np.arange(2, dtype=np.int64))
    shares = first.probabilities(_vectors(examples))[:, 1].tolist()
    known = {place for place, message in enumerate(examples) if message.get(INTENT) not in doubtful}
    hard = sorted(known, key=lambda place: -shares[place])[:HARD_EXAMPLES]
    calm = {place for place, share in enumerate(shares) if share < LIKE_DANGER or place in known}
    drawn = np.random.default_rng(SEED).permutation(sorted(calm - set(hard)))[:ORDINARY_EXAMPLES]
    return [examples[place] for place in (*hard, *drawn.tolist())]
