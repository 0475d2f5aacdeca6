"""Tells the audit rows of a lead: who did what, and what was different then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.leads import acts, states
from bot.leads.audit import Entry

# What a row says besides, by its keys, and how that is told.
TOLD: Mapping[str, str] = {
    "reason": "because: {}",
    "why": "because: {}",
    "label": "“{}”",
    "field": "the answer on {}",
    "findings": "{}",
    "replaced": "changed: {}",
    "taken": "taken over: {}",
}
FIELDS = frozenset({"field", "replaced", "taken"})  # which of these are fields

Title = Callable[[str], str]


@dataclass(frozen=True)
class Line:
    """One row in words."""

    sequence: int
    at: datetime
    subject: str
    who: str
    did: str
    details: Sequence[str]


def lines_of(entries: Sequence[Entry], title: Title) -> list[Line]:
    """The rows in words, the latest first; `title` says what a field is called."""
    return [
        Line(one.sequence, one.at, one.subject, acts.actor_in_words(one.actor), acts.act_in_words(one), details)
        for one in reversed(entries)
        for details in [_details(one, title)]
    ]


def _details(entry: Entry, title: Title) -> list[str]:
    before, after = entry.before or {}, entry.after or {}
    said = after or before
    told = [
        phrase.format(_plain(said[name], title if name in FIELDS else _words))
        for name, phrase in TOLD.items()
        if said.get(name)
    ]
    if entry.act == "lead.revealed" and "contact" in after:
        told.insert(0, _plain(after["contact"], title))
    return [*told, *_differences(before, after)]


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """How outcome, queue and status are others than they were."""
    names = ("outcome", "queue", "status")
    moved = [name for name in names if name in before and name in after and before[name] != after[name]]
    return [f"{name}: {_state(before[name])} → {_state(after[name])}" for name in moved]


def _state(code: Any) -> str:
    tables: Sequence[Mapping[Any, str]] = (states.TITLES, states.OUTCOMES)
    return next((titles[code].lower() for titles in tables if code in titles), str(code))


def _plain(value: Any, title: Title) -> str:
    texts = value if isinstance(value, list) else [value]
    return ", ".join(title(str(text)) for text in texts)


def _words(text: str) -> str:
    return text.replace("_", " ")
