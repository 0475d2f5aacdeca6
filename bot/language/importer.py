"""Reads the training data once.

Rasa's own importer reads every file twice and compares all examples anew for each file, which takes 15 s for 20,000
examples in 36 files.
"""

from functools import cached_property

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData


class OnePassImporter(RasaFileImporter):  # type: ignore[misc]  # Rasa has no types
    """Rasa's importer of local files, for training data that are plain examples of intents."""

    @cached_property
    def _training_data(self) -> TrainingData:
        files = [load_data(path) for path in sorted(self._nlu_files)]  # the same order everywhere
        merged = TrainingData().merge(*(data for data in files if _holds_more_than_examples(data)))
        examples = [
            example for data in files if not _holds_more_than_examples(data) for example in data.training_examples
        ]
        merged.training_examples += examples
        return merged

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all files."""
        return self._training_data


def _holds_more_than_examples(data: TrainingData) -> bool:
    return bool(data.entity_synonyms or data.regex_features or data.lookup_tables or data.responses)
