"""What the components share that learn from examples and keep what they have learnt in a folder."""

from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier

from bot.errors import SettingError
from bot.language.encoder_component import SentenceEncoder
from bot.language.fingerprint import fingerprint


class Learnt(Protocol):
    """What a component has learnt."""

    def save(self, folder: Path) -> None:
        """Write it into a folder."""


Kept = TypeVar("Kept", bound=Learnt)


class TrainedClassifier(GraphComponent, IntentClassifier, Generic[Kept]):  # type: ignore[misc]  # Rasa has no types
    """A classifier behind the encoder, whose `train` calls `_keep`, and whose `process` reads `_trained`."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, learnt: Kept | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._learnt = learnt

    @classmethod
    def required_components(cls) -> list[type]:
        """The encoder has to run before."""
        return [SentenceEncoder]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TrainedClassifier[Kept]":
        """An untrained component; raises AssessmentError where it reads a data file that cannot be used."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TrainedClassifier[Kept]":
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls.read(folder))

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """The code, so that an edit trains anew; data files are read at each start."""
        return fingerprint()

    @staticmethod
    def read(folder: Path) -> Kept:
        """What `save` wrote into a folder."""
        raise NotImplementedError

    def _keep(self, learnt: Kept) -> Resource:
        self._learnt = learnt
        with self._model_storage.write_to(self._resource) as folder:
            learnt.save(folder)
        return self._resource

    @property
    def _trained(self) -> Kept:
        if self._learnt is None:
            raise SettingError(f"{type(self).__name__} is not trained")
        return self._learnt
