"""Where a check stands, and what a message led to."""

from dataclasses import dataclass, field, replace
from typing import Literal

from bot.assessment.answers import Answers
from bot.assessment.fields import AGE, FIELDS, SUMMARY

KEPT_SECONDS = 24 * 3600

End = Literal["stopped", "paused", "underage", "decided"]
Ask = Literal["plain", "again", "why", "saving", "what_to_change"]


@dataclass(frozen=True)
class Interview:
    """Where a check stands: the answers, the open question (a field or `summary`), and what has happened at it.

    `done` are the fields that need no question any more, `last` the one answered last, and `said` the plain words of
    that answer; `anew` says that the open question was answered before. `at` is the time of the last message, in
    seconds since 1970, UTC. `saved` says whether progress may be kept; None where that was not asked yet.
    """

    answers: Answers = field(default=Answers())
    open: str = AGE
    done: tuple[str, ...] = ()
    last: str | None = None
    said: str = ""
    anew: bool = False
    unreadable: int = 0
    interruptions: int = 0
    saving: bool = False
    saved: bool | None = None
    decided: bool = False
    at: float = 0.0

    @property
    def begun(self) -> bool:
        """Whether anything was answered yet."""
        return bool(self.answers.values)

    @property
    def waits(self) -> bool:
        """Whether the check was left before its end."""
        return self.at > 0 and not self.decided

    @property
    def expires_at(self) -> float | None:
        """When the answers may no longer be used, in seconds since 1970; None once it is over, or may be kept."""
        return None if self.saved or self.decided or not self.begun else self.at + KEPT_SECONDS

    def expired(self, now: float) -> bool:
        """Whether nobody agreed to keep the answers, and a day has passed."""
        return self.expires_at is not None and now > self.expires_at

    def moved_on(self) -> "Interview":
        """At the first question that is still to be answered, or at the summary."""
        following = next((name for name in FIELDS if name not in self.done), SUMMARY)
        return replace(self, open=following, anew=False, unreadable=0, interruptions=0)

    def reopened(self, name: str) -> "Interview":
        """At a question that was answered before."""
        done = tuple(one for one in self.done if one != name)
        return replace(self, open=name, done=done, anew=True, unreadable=0)


@dataclass(frozen=True)
class Note:
    """A phrase to say before the question, and the field that it is about."""

    phrase: str
    field: str | None = None


@dataclass(frozen=True)
class Step:
    """What a message led to: what to say first, and how the open question is put, if it is.

    `answering` says that the message is a question of its own, which is answered before the open one is put again.
    """

    interview: Interview
    notes: tuple[Note, ...] = ()
    ask: Ask | None = "plain"
    answering: bool = False
    end: End | None = None
