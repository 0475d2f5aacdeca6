"""The words that the linter looks for: the file `lint.yml`, which editors read."""

from pathlib import Path

from pydantic import BaseModel, Extra, StrictStr, ValidationError

from bot.errors import KnowledgeError
from bot.knowledge.files import line_of, load_yaml, read_text


class _Words(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class Promise(_Words):
    """Forms of a word that promises too much, and where it does not."""

    forms: tuple[StrictStr, ...]
    fine_in: tuple[StrictStr, ...] = ()
    fine_after: tuple[StrictStr, ...] = ()
    unless_with: tuple[StrictStr, ...] = ()


class Rulebook(_Words):
    """The lists of `lint.yml`, which explains each."""

    topics: tuple[StrictStr, ...]
    facets: tuple[StrictStr, ...]
    safety_topics: tuple[StrictStr, ...]
    efficacy_topics: tuple[StrictStr, ...]
    terms: tuple[StrictStr, ...]
    promises: tuple[Promise, ...]
    denials: tuple[StrictStr, ...]
    not_denials: tuple[StrictStr, ...]
    affirmations: tuple[StrictStr, ...]
    counterweights: tuple[StrictStr, ...]
    gains: tuple[StrictStr, ...]
    study_words: tuple[StrictStr, ...]
    strengths: tuple[StrictStr, ...]
    approved_medicines: tuple[StrictStr, ...]


def read_rulebook(path: Path) -> Rulebook:
    """The rulebook of a YAML file; raises KnowledgeError."""
    text = read_text(path)
    listed = load_yaml(text, path)
    try:
        return Rulebook(**listed)
    except TypeError as error:
        raise KnowledgeError(path, 1, f"not a list of keys and values: {error}") from error
    except ValidationError as error:
        raise KnowledgeError(path, line_of(text, str(error.errors()[0]["loc"][0])), str(error)) from error
