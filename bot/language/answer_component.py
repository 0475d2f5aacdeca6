"""The component that reads what a message may answer: every field's value, whatever question is open."""

from datetime import datetime, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc

from bot.language.encoder import english_vocabulary
from bot.language.lexicon_component import DOCUMENT
from bot.readers.age import read_age, tells_age
from bot.readers.answers import begins_with_none, denies_all, is_unsure, refuses
from bot.readers.asking import asks_question
from bot.readers.assertion import Assertions, read_triggers
from bot.readers.commands import named_commands, read_command
from bot.readers.corrections import corrects
from bot.readers.duration import read_duration
from bot.readers.email import read_email
from bot.readers.findings import FindingsReader, read_clinical
from bot.readers.phone import read_phone
from bot.readers.since import read_since_age
from bot.readers.yes_no import read_yes_no
from bot.settings import PROJECT, settings

ANSWERS = "answers"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class AnswerReader(GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Sets `answers`: what each reader takes from the message; an action picks what the open question asks for.

    Config: `findings` and `context`, the data files of medicines, conditions, and the words that change their meaning.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The project's data files."""
        return {"findings": "data/assessment/findings.yml", "context": "data/assessment/context.yml"}

    def __init__(self, config: dict[str, Any]) -> None:
        self._clinical = read_clinical(PROJECT / config["findings"])
        self._triggers = read_triggers(PROJECT / config["context"])
        self._findings: FindingsReader | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "AnswerReader":
        """The component on its data files; raises where one cannot be used."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message that has text."""
        for message in messages:
            if message.get(TEXT):
                message.set(ANSWERS, self._read(message.get(TEXT), message.get(DOCUMENT)), add_to_output=True)
        return messages

    def _read(self, text: str, document: Doc) -> dict[str, Any]:
        today = datetime.now(timezone.utc).date()
        findings = self._reader(document).read(document)
        return {
            "age": read_age(text, today),
            "told_age": tells_age(text),
            "months": read_duration(text, today),
            "since_age": read_since_age(text),
            "email": read_email(text),
            "phone": read_phone(text, settings().phone_region),
            "yes_no": read_yes_no(text),
            "present": sorted(findings.present),
            "denied": sorted(findings.denied),
            "harmless": findings.harmless,
            "medicine": findings.medicine,
            "command": read_command(text),
            "named_commands": sorted(named_commands(text)),
            "none_at_all": denies_all(text) or begins_with_none(text),
            "refuses": refuses(text),
            "unsure": is_unsure(text),
            "corrects": corrects(text),
            "asks": asks_question(text),
        }

    def _reader(self, document: Doc) -> FindingsReader:
        """The reader of findings, made for the vocabulary of the first document."""
        if self._findings is None:
            assertions = Assertions(document.vocab, self._triggers)
            self._findings = FindingsReader(document.vocab, self._clinical, assertions, english_vocabulary())
        return self._findings
