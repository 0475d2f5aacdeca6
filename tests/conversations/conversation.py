"""Conversations as YAML files: what the visitor says, and what has to be true of each reply."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Extra, Field, root_validator

from bot.cli.replies import fold

KINDS = {
    "answer", "clarify", "question", "assessment", "handoff", "account", "urgent", "refusal", "out_of_scope",
    "smalltalk", "error",
}  # fmt: skip
# The keys that a payload of a kind never lacks.
KEYS = {
    "answer": {"topics", "entries", "sources", "reviewed_on", "reviewed_by", "confidence"},
    "question": {"field"},
    "assessment": {"outcome", "reasons"},
    "urgent": {"class", "certain"},
    "account": {"action"},
}
STATES = {"offered", "consent", "review", "submitted", "failed", "declined"}
ACTIONS = {"shown", "changed", "deleted", "withdrawn"}
REASON_KEYS = {"field", "finding", "outcome", "because", "source"}
# What a visitor says who answers the questions of the check and of the hand-off plainly, field by field.
PLAIN_ANSWERS = {
    "age": "34",
    "hair_loss_pattern": "Slow thinning over years",
    "duration": "3 years",
    "prior_treatments": "Nothing so far",
    "conditions": "None",
    "medications": "None",
    "pregnancy_or_breastfeeding": "No",
    "scalp_symptoms": "None",
    "expectations": "Somewhat thicker hair",
    "timeline": "Just looking",
    "consent_share": "Yes",
    "consent_email": "Yes",
    "consent_phone": "No",
    "consent_text": "No",
    "name": "Nora Quill",
    "email": "nora.quill@mail.example",
    "phone": "(202) 555-0143",
    "preferred_contact": "E-mail",
    "preferred_time": "Morning",
}
REFERENCE = re.compile(r"\bS-[A-Z0-9]{6}\b")
Messages = list[dict[str, Any]]
PLAIN_KEYS = {"language", "field", "retry", "outcome", "state", "action", "flag_class", "certain"}
TRACES = ("Traceback", "Exception", "/restart", "action_")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Repeated(_Strict):
    """A long message: a text that is said several times over."""

    text: str
    times: int = Field(gt=1)


class Expected(_Strict):
    """What has to be true of a reply; what is not named may be anything, and what is null must not be there.

    Texts are compared without case; `findings` are ids that have to be among the outcome's reasons. `reference` is
    whether the texts say one that was not said before, or the one said last.
    """

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
    outcome: str | None = None
    state: str | None = None
    action: str | None = None
    reference: Literal["new", "same"] | None = None
    flag_class: str | None = Field(None, alias="class")
    certain: bool | None = None
    findings: list[str] = []


class Turn(_Strict):
    """One turn: the visitor writes `visitor`, or takes the last reply's button at place `picks`, from 1.

    With `until` it is a run of turns: each question gets its answer of `answers`, else a plain one, until the field
    `until` is asked; what is expected of the last reply need not be named.
    """

    visitor: str | Repeated | None = None
    picks: int | None = None
    until: str | None = None
    answers: dict[str, str] = {}
    reply: Expected = Expected(kind=["question", "handoff", "urgent"])

    @root_validator
    def _one_of_all(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805  # a class method to pydantic
        if sum(values.get(name) is not None for name in ("visitor", "picks", "until")) != 1:
            raise ValueError("a turn has one of visitor, picks and until")
        if values.get("answers") and values.get("until") is None:
            raise ValueError("answers need until")
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
    found += _missing("reasons", expected.findings, [reason["finding"] for reason in turn.get("reasons") or []])
    for name in expected.__fields_set__ & PLAIN_KEYS:
        key = expected.__fields__[name].alias
        if turn.get(key) != getattr(expected, name):
            found.append(f"{key} is {turn.get(key)!r}")
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
    kind = str(turn.get("kind"))
    found += [f"a payload of kind {kind} without {key}" for key in sorted(KEYS.get(kind, set()) - turn.keys())]
    found += [f"state is {turn.get('state')!r}"] if kind == "handoff" and turn.get("state") not in STATES else []
    found += [f"action is {turn['action']!r}"] if turn.get("action", "shown") not in ACTIONS else []
    found += ["more than three answers"] if len(turn.get("entries") or []) > 3 else []
    found += ["a reason without its keys" for reason in turn.get("reasons") or [] if reason.keys() != REASON_KEYS]
    if turn.get("kind") == "clarify" and turn.get("topics") and not 2 <= len(turn["buttons"]) <= 4:
        found.append(f"{len(turn['buttons'])} choices")
    return found


def play(step: Turn, before: Mapping[str, Any], say: Callable[[str], Messages]) -> tuple[dict[str, Any], list[str]]:
    """The last reply of a step as `bot.cli.replies.fold` gives it, and all that is wrong with the replies."""
    if step.until is None:
        turn, broken = _exchange(step.words(before), before, say)
        return turn, [*problems(step.reply, turn), *_of_reference(step.reply, turn, before), *broken]
    turn, broken, answers = dict(before), [], {**PLAIN_ANSWERS, **step.answers}
    while turn.get("field") != step.until and turn.get("field") in answers:
        turn, wrong = _exchange(answers.pop(turn["field"]), turn, say)
        broken += wrong
    if turn.get("field") != step.until:
        broken.append(f"{turn.get('field')} is asked, not {step.until}")
    broken += [f"{name} is never asked" for name in step.answers if name in answers]
    return turn, [*problems(step.reply, turn), *broken]


def _exchange(
    words: str, before: Mapping[str, Any], say: Callable[[str], Messages]
) -> tuple[dict[str, Any], list[str]]:
    messages = say(words)
    turn = fold(words, messages)
    said = REFERENCE.search("\n".join(turn["reply"]))
    turn["said_reference"] = said[0] if said else before.get("said_reference")
    return turn, broken_promises(messages, turn)


def _of_reference(expected: Expected, turn: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    if expected.reference is None:
        return []
    said, last = REFERENCE.search("\n".join(turn["reply"])), before.get("said_reference")
    if said is None:
        return ["no reference is said"]
    return [] if (said[0] == last) == (expected.reference == "same") else [f"{said[0]} is said after {last}"]
