"""Judges one reply against the label of its question."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.cli.evaluation.labels import NO_ALARM, OUT_OF_SCOPE, REFUSAL, URGENT, Alternative, Question

HOLDING_BACK = ("out_of_scope", "refusal")
MOST_CHOICES = 3

DEFINITIONS = """\
A line is out of scope when its label is out_of_scope or refusal, or both; every other line is in scope.
right       the reply (any kind but clarify, out_of_scope and error) names every topic of the label, or of one of its
            alternatives; a refusal that names them counts as well. For out_of_scope the kind is out_of_scope or
            refusal, for refusal it is refusal, for urgent:CLASS it is urgent with that class, for urgent:none anything
            but urgent. A topic named beside the expected ones does no harm here and is counted as "said more than
            asked".
among       the kind is clarify, it offers at most three choices, and they cover the label: never right, but right among
            the answer and the offered choices.
clarified   the kind is clarify, whatever it offers, on a line in scope.
partly      a label with + of which the reply names some topics and not all: not right, and not wrong.
wrong       "answered wrongly": the reply says something (any kind but clarify, out_of_scope, refusal and error) and
            names none of what the label expects. On an out-of-scope line every such reply is wrong; where a danger
            was to be heard (urgent:CLASS), so is one of another kind or class; and so is a false alarm on a topic's
            line.
held back   the kind is out_of_scope, or it is a refusal that does not name the label's topics.
failed      the kind is error, or there is no reply at all.
Shares in scope are of the lines in scope, shares out of scope of those out of scope."""


class Outcome(Enum):
    """What became of a question; DEFINITIONS says when each applies."""

    RIGHT = "right"
    AMONG = "among the choices"
    MISSED = "clarified without it"
    PARTLY = "partly"
    WRONG = "wrong"
    HELD_BACK = "held back"
    FAILED = "failed"


@dataclass(frozen=True)
class Verdict:
    """One question with the reply's kind, the topics that it names, its confidence if it has one, and the outcome."""

    question: Question
    kind: str
    topics: tuple[str, ...]
    confidence: float | None
    outcome: Outcome

    @property
    def got(self) -> str:
        """The reply in a word: its topics, or its kind."""
        if self.kind == "clarify":
            return "clarify"
        return "+".join(self.topics) or self.kind

    @property
    def said_more(self) -> bool:
        """Whether a right reply names a topic that the label does not have."""
        named = {topic for alternative in self.question.alternatives for topic in alternative}
        return self.question.in_scope and self.outcome is Outcome.RIGHT and bool(set(self.topics) - named)


def _matches(alternative: Alternative, kind: str, topics: tuple[str, ...], danger: str) -> bool:
    word = alternative[0]
    if word == OUT_OF_SCOPE:
        return kind in HOLDING_BACK
    if word == REFUSAL:
        return kind == REFUSAL
    if word.startswith(URGENT):
        return kind == "urgent" and danger == word.removeprefix(URGENT)
    return kind != "out_of_scope" and set(alternative) <= set(topics)


def _of_clarify(question: Question, topics: tuple[str, ...]) -> Outcome:
    covered = any(set(alternative) <= set(topics) for alternative in question.alternatives)
    return Outcome.AMONG if covered and len(topics) <= MOST_CHOICES else Outcome.MISSED


def _outcome(question: Question, kind: str, topics: tuple[str, ...], danger: str) -> Outcome:
    if kind == "error":
        return Outcome.FAILED
    if question.label == NO_ALARM:
        return Outcome.WRONG if kind == "urgent" else Outcome.RIGHT
    if kind == "clarify":
        return _of_clarify(question, topics)
    if any(_matches(alternative, kind, topics, danger) for alternative in question.alternatives):
        return Outcome.RIGHT
    if kind in HOLDING_BACK:
        return Outcome.HELD_BACK
    some = any(set(alternative) & set(topics) for alternative in question.alternatives)
    return Outcome.PARTLY if some else Outcome.WRONG


def judge(question: Question, turn: Mapping[str, Any]) -> Verdict:
    """The verdict on a turn as `strand ask` prints it; one without a payload counts as failed."""
    kind = str(turn.get("kind") or "error")
    topics = tuple(map(str, turn.get("topics") or ()))
    confidence = turn.get("confidence")
    outcome = _outcome(question, kind, topics, str(turn.get("class") or ""))
    return Verdict(question, kind, topics, None if confidence is None else float(confidence), outcome)
