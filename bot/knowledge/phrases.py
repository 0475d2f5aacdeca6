"""The sentences around the answers: what is said when nothing fits, when it is unclear, when something fails."""

from pathlib import Path

from pydantic import BaseModel, Extra, ValidationError

from bot.errors import KnowledgeError
from bot.knowledge.files import load_yaml, read_text


class Phrases(BaseModel):
    """The texts of `phrases.yml`; words in braces are filled in."""

    clarify: str
    something_else: str
    something_else_reply: str
    out_of_scope: str
    other_language: dict[str, str]
    other_language_default: str
    person_offered: str
    empty: str
    too_long: str
    failed: str
    timed_out: str
    old_button: str
    one_moment: str
    too_fast: str
    not_taken: str
    not_read: str
    chat_over: str
    sources_shown: str
    reasons_shown: str
    no_sources: str
    checked: str
    checked_by: str
    source_line: str
    source_below: str
    choose_by_number: str
    choose_by_words: str
    words_only: str
    edits_unread: str
    not_in_groups: str
    too_much: str
    texts_stopped: str
    texts_resumed: str
    texts_help: str
    staff_joined: str
    staff_left: str
    nobody_answered: str
    call_offered: str
    check_waits: str
    there_again: str
    terminal_greeting: str

    class Config:
        frozen = True
        extra = Extra.forbid


def read_phrases(path: Path) -> Phrases:
    """The phrases of a YAML file; raises KnowledgeError."""
    listed = load_yaml(read_text(path), path)
    try:
        return Phrases(**listed)
    except (ValidationError, TypeError) as error:
        raise KnowledgeError(path, 1, str(error)) from error
