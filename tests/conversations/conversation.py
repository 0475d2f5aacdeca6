"""Conversations as YAML files: what the visitor says, and what has to be true of each reply."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Extra, Field, root_validator

KINDS = {
    "answer", "clarify", "question", "assessment", "handoff", "account", "urgent", "refusal", "out_of_scope",
    "smalltalk", "error",
}  # fmt: skip
ANSWER_KEYS = {"topics", "entries", "sources", "reviewed_on", "reviewed_by", "confidence"}
TRACES = ("Traceback", "Exception", "/restart", "action_")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Repeated(_Strict):
    """A long message: a text that is said several times over."""

    text: str
    times: int = Field(gt=1)


class Expected(_Strict):
    """What has to be true of a reply; what is not named may be anything. Texts are compared without case."""

    kind: str | list[str]
    topics: list[str] = []
    any_topic: list[str] = []
    entries: list[str] = []
    contains: list[str] = []
    without: list[str] = []
    buttons: list[str] | bool | None = None
    language: str | None = None
    field: str | None = None
    retry: bool | None = None


class Turn(_Strict):
    """One turn: the visitor writes `visitor`, or takes the last reply's button at place `picks`, from 1."""

    visitor: str | Repeated | None = None
    picks: int | None = None
    reply: Expected

    @root_validator
    def _one_of_both(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805  # a class method to pydantic
        if (values.get("visitor") is None) == (values.get("picks") is None):
            raise ValueError("a turn has either visitor or picks")
        return values

    def words(self, before: Mapping[str, Any]) -> str:
        """What the visitor sends after the turn `before`."""
        if self.picks is not None:
            payload: str = before["buttons"][self.picks - 1]["payload"]
            return payload
        if isinstance(self.visitor, Repeated):
            return self.visitor.text * self.visitor.times
        return self.visitor or ""


class Conversation(_Strict):
    """A file: what it shows, in one line, and its turns."""

    shows: str
    turns: list[Turn] = Field(min_items=1)


def read(path: Path) -> Conversation:
    """The conversation in a file; raises where the file is not one."""
    return Conversation(**yaml.safe_load(path.read_text(encoding="utf-8")))


def _missing(name: str, wanted: Sequence[str], found: Sequence[str]) -> list[str]:
    return [f"{name} lacks {one!r}" for one in wanted if one not in found]


def _of_buttons(wanted: list[str] | bool | None, titles: Sequence[str]) -> list[str]:
    if isinstance(wanted, bool):
        return [] if bool(titles) == wanted else [f"buttons are {list(titles)}"]
    return _missing("buttons", wanted or [], titles)


def problems(expected: Expected, turn: Mapping[str, Any]) -> list[str]:
    """What is not as expected in a turn as `bot.cli.replies.fold` gives it."""
    said = "\n".join(turn["reply"]).casefold()
    kinds = [expected.kind] if isinstance(expected.kind, str) else expected.kind
    topics = turn.get("topics") or []
    found = [] if turn.get("kind") in kinds else [f"kind is {turn.get('kind')!r}, not {' or '.join(kinds)}"]
    found += _missing("topics", expected.topics, topics)
    if expected.any_topic and not set(expected.any_topic) & set(topics):
        found.append(f"topics are {topics}")
    found += _missing("entries", expected.entries, turn.get("entries") or [])
    found += [f"the reply does not say {words!r}" for words in expected.contains if words.casefold() not in said]
    found += [f"the reply says {words!r}" for words in expected.without if words.casefold() in said]
    found += _of_buttons(expected.buttons, [button["title"] for button in turn["buttons"]])
    for name in ("language", "field", "retry"):
        wanted = getattr(expected, name)
        if wanted is not None and turn.get(name) != wanted:
            found.append(f"{name} is {turn.get(name)!r}")
    return found


def broken_promises(messages: Sequence[Mapping[str, Any]], turn: Mapping[str, Any]) -> list[str]:
    """What no reply may ever get wrong, whatever was asked."""
    found = [f"unknown kind {turn.get('kind')!r}"] if turn.get("kind") not in KINDS else []
    if sum("custom" in message for message in messages) != 1:
        found.append("not exactly one payload")
    if not turn["reply"] or not all(text.strip() for text in turn["reply"]):
        found.append("a reply without words")
    found += [f"the reply shows {trace!r}" for trace in TRACES if trace in "\n".join(turn["reply"])]
    if any(button["payload"] != button["title"] for button in turn["buttons"]):
        found.append("a button that does not send its title")
    if turn.get("kind") == "answer":
        found += [f"an answer without {key}" for key in sorted(ANSWER_KEYS - turn.keys())]
        found += ["more than three answers"] if len(turn.get("entries") or []) > 3 else []
    if turn.get("kind") == "clarify" and turn.get("topics") and not 2 <= len(turn["buttons"]) <= 4:
        found.append(f"{len(turn['buttons'])} choices")
    return found
