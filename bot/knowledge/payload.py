"""A reply as the outside sees it: texts, buttons, and the payload that says what the turn was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge.entry import Entry, Source
from bot.knowledge.library import Library
from bot.knowledge.reply import (
    PERSON,
    SOMETHING_ELSE,
    Answered,
    AskAgain,
    Choice,
    NotCovered,
    ReasonsAsked,
    Reply,
    SourcesAsked,
    Unclear,
)

MOST_RELATED = 2


@dataclass(frozen=True)
class Message:
    """What one turn says: its texts, the buttons below the last one, and the payload."""

    texts: tuple[str, ...]
    payload: dict[str, Any]
    choices: tuple[Choice, ...] = field(default=())


def describe(source: Source) -> dict[str, Any]:
    """A source as the payload lists it."""
    return source.dict(include={"id", "title", "publisher", "url", "date", "strength"})


def review_line(entry: Entry, library: Library) -> str:
    """When the entry was compared with its sources, and by whom, in words."""
    phrase = library.phrases.checked if entry.reviewed_by == "editors" else library.phrases.checked_by
    return phrase.format(date=entry.reviewed_on.isoformat(), reviewer=entry.reviewed_by)


def source_line(source: Source, library: Library) -> str:
    """One source in words."""
    known = [part for part in (source.publisher, source.date) if part]
    return library.phrases.source_line.format(
        title=source.title, details=", ".join(known), url=source.url or ""
    ).strip()


def _evidence(entries: Sequence[Entry], library: Library) -> dict[str, Any]:
    oldest = min(entries, key=lambda entry: entry.reviewed_on)
    return {
        "topics": list(dict.fromkeys(entry.topic for entry in entries)),
        "entries": [entry.id for entry in entries],
        "sources": [describe(source) for source in library.cited(entries)],
        "reviewed_on": oldest.reviewed_on.isoformat(),
        "reviewed_by": oldest.reviewed_by,
    }


def full_text(entry: Entry) -> str:
    """What is said for an entry: its text, then when to be seen."""
    return f"{entry.text}\n\n{entry.safety}" if entry.safety else entry.text


def _kind(entries: Sequence[Entry]) -> str:
    kinds = {entry.kind for entry in entries}
    return next(kind for kind in ("answer", "refusal", "smalltalk") if kind in kinds)


def _related(entries: Sequence[Entry], library: Library) -> tuple[Choice, ...]:
    shown = {entry.id for entry in entries}
    ids = [other for entry in entries for other in entry.related if other not in shown and other in library.entries]
    return tuple(Choice(library.entries[other].title, other) for other in dict.fromkeys(ids))[:MOST_RELATED]


def _answered(reply: Answered, library: Library) -> Message:
    kind = _kind(reply.entries)
    payload = {"kind": kind, **_evidence(reply.entries, library), "confidence": round(reply.confidence, 3)}
    if kind == "smalltalk":
        payload = {"kind": kind, "topics": payload["topics"]}
    return Message(tuple(map(full_text, reply.entries)), payload, _related(reply.entries, library))


def _unclear(reply: Unclear, library: Library) -> Message:
    choices = tuple(Choice(entry.title, entry.id) for entry in reply.choices)
    topics = list(dict.fromkeys(entry.topic for entry in reply.choices))
    payload = {"kind": "clarify", "topics": topics, "confidence": round(reply.confidence, 3)}
    return Message(
        (library.phrases.clarify,), payload, (*choices, Choice(library.phrases.something_else, SOMETHING_ELSE))
    )


def _not_covered(reply: NotCovered, library: Library) -> Message:
    payload: dict[str, Any] = {"kind": "out_of_scope", "confidence": round(reply.confidence, 3)}
    if not reply.language:
        return Message((library.phrases.out_of_scope,), payload)
    text = library.phrases.other_language.get(reply.language, library.phrases.other_language_default)
    return Message((text,), {**payload, "language": reply.language})


def _behind(entry: Entry, text: str, library: Library) -> Message:
    """What stands behind an answer that was given: its entry again, in other words."""
    payload = {"kind": "answer", **_evidence([entry], library), "confidence": 1.0}
    return Message((text,), payload, _related([entry], library))


def _sources(reply: SourcesAsked, library: Library) -> Message:
    cited = library.cited([reply.entry])
    if not cited:
        return Message((library.phrases.no_sources,), {"kind": "smalltalk", "topics": [reply.entry.topic]})
    lines = "\n".join(source_line(source, library) for source in cited)
    checked = review_line(reply.entry, library)
    return _behind(reply.entry, library.phrases.sources_shown.format(sources=lines, checked=checked), library)


def _reasons(reply: ReasonsAsked, library: Library) -> Message:
    claims = "\n".join(f"- {claim.text}" for claim in reply.entry.claims)
    return _behind(reply.entry, library.phrases.reasons_shown.format(claims=claims), library)


def _person(library: Library) -> Message:
    payload = {"kind": "handoff", "state": "offered", "topics": ["consultation_booking"]}
    entry = library.entries.get(PERSON)
    return Message((library.phrases.person_offered,), payload, (Choice(entry.title, entry.id),) if entry else ())


def render(reply: Reply, library: Library) -> Message:
    """The words and the payload of a reply."""
    if isinstance(reply, Answered):
        return _answered(reply, library)
    if isinstance(reply, Unclear):
        return _unclear(reply, library)
    if isinstance(reply, NotCovered):
        return _not_covered(reply, library)
    if isinstance(reply, ReasonsAsked):
        return _reasons(reply, library)
    if isinstance(reply, SourcesAsked):
        return _sources(reply, library)
    if isinstance(reply, AskAgain):
        return Message((library.phrases.something_else_reply,), {"kind": "clarify", "topics": [], "confidence": 1.0})
    return _person(library)
