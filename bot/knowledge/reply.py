"""Decides what a message is answered with: a pure function of what was understood, the context, and the library."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library

Verdict = Literal["answer", "unsure", "none"]

MOST_ANSWERS = 3
MOST_CHOICES = 3
FOLLOW_UP = "follow_up."
SOURCE_FACET = "source"
REASON_FACET = "why"
MORE_FACET = "more"
SOMETHING_ELSE = "something_else"
PERSON = "consultation_booking.talk_to_person"
SHORT_WORDS = 7
BARE_WORDS = 3
LIKELY_IN_CONTEXT = 0.15
SURE_OF_ONE_WORD = 0.9


@dataclass(frozen=True)
class Part:
    """One question of a message: the classifier's verdict, and its labels with their probabilities, likeliest first."""

    text: str
    verdict: Verdict
    confidence: float
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Understanding:
    """A message as the language components read it.

    `question` is the one sure question in it, whatever else it says; `language` an ISO 639-1 code, English left out.
    """

    text: str
    parts: tuple[Part, ...] = ()
    language: str | None = None
    question: Part | None = None


@dataclass(frozen=True)
class Choice:
    """A button that was offered: its title, and the entry that it means."""

    title: str
    entry: str


@dataclass(frozen=True)
class Context:
    """What the conversation holds: the last answer's entry, the choices that still stand, and misses in a row."""

    last_entry: str | None = None
    choices: tuple[Choice, ...] = ()
    misses: int = 0


@dataclass(frozen=True)
class Answered:
    """One to three entries answer the message."""

    entries: tuple[Entry, ...]
    confidence: float


@dataclass(frozen=True)
class Unclear:
    """Two or three entries may be meant; the visitor chooses."""

    choices: tuple[Entry, ...]
    confidence: float


@dataclass(frozen=True)
class NotCovered:
    """Nothing here answers the message."""

    confidence: float
    language: str | None = None


@dataclass(frozen=True)
class PersonOffered:
    """The second miss in a row: a person is offered."""


@dataclass(frozen=True)
class SourcesAsked:
    """The visitor wants to know what the last answer rests on."""

    entry: Entry


@dataclass(frozen=True)
class ReasonsAsked:
    """The visitor wants to know why the last answer says what it says, and no entry of its topic has the reason."""

    entry: Entry


@dataclass(frozen=True)
class AskAgain:
    """The visitor chose "something else": they are asked to say it in other words."""


Reply = Answered | Unclear | NotCovered | PersonOffered | SourcesAsked | ReasonsAsked | AskAgain


def read_understanding(message: Mapping[str, object]) -> Understanding:
    """What the language components wrote into a message's parse data."""
    found = message.get("understanding")
    data: Mapping[str, object] = found if isinstance(found, Mapping) else {}
    listed, question, language = data.get("parts"), data.get("question"), data.get("language")
    return Understanding(
        text=str(message.get("text") or ""),
        parts=tuple(_read_part_data(item) for item in (listed if isinstance(listed, Sequence) else ())),
        language=str(language) if language else None,
        question=_read_part_data(question) if isinstance(question, Mapping) else None,
    )


def _read_part_data(item: Mapping[str, Any]) -> Part:
    candidates = tuple((str(label), float(share)) for label, share in item["candidates"])
    return Part(str(item["text"]), item["verdict"], float(item["confidence"]), candidates)


def plain(text: str) -> str:
    """A text as it is compared with a button's title: no case, no punctuation, single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _chosen(text: str, choices: Sequence[Choice]) -> Choice | None:
    said = plain(text)
    return next((choice for choice in choices if said and plain(choice.title) == said), None)


def _known(candidates: Iterable[tuple[str, float]], library: Library) -> list[tuple[Entry, float]]:
    return [(library.entries[label], share) for label, share in candidates if label in library.entries]


def _near(last: Entry, library: Library) -> list[Entry]:
    """What lies beside `last`, nearest first: related entries of its topic, the topic's others, other related ones."""
    related = [library.entries[other] for other in last.related if other in library.entries]
    same_topic = [entry for entry in related if entry.topic == last.topic]
    near = [*same_topic, *library.in_topic(last.topic), *related]
    return [entry for entry in dict.fromkeys(near) if entry.id != last.id]


def _join(facet: str, last: Entry | None, library: Library) -> tuple[Entry, ...]:
    """The entries that a follow-up means: one near `last` that has the facet ("more" fits all), else those nearest.

    Without an answer before it, the usual ones.
    """
    if last and facet == MORE_FACET:
        related = [library.entries[other] for other in last.related if other in library.entries]
        return tuple([*related, *_near(last, library)][:1])
    if last:
        near = _near(last, library)
        fitting = [entry for entry in near if facet in entry.facets]
        return tuple(fitting[:1] or near)
    usual = library.follow_ups.get(facet, ())
    return tuple(library.entries[identifier] for identifier in usual if identifier in library.entries)


def _follow_up(facet: str, part: Part, context: Context, library: Library) -> Reply:
    last = library.entries.get(context.last_entry or "")
    if facet == SOURCE_FACET and last:
        return SourcesAsked(last)
    entries = _join(facet, last, library)
    if len(entries) == 1:
        return Answered(entries, part.confidence)
    if facet == REASON_FACET and last and last.claims:
        return ReasonsAsked(last)
    if entries:
        return Unclear(entries[:MOST_CHOICES], part.confidence)
    return NotCovered(part.confidence)


def _near_the_topic(part: Part, context: Context, library: Library) -> Entry | None:
    """The likeliest entry that continues the last answer, where a short message is unclear without it."""
    last = library.entries.get(context.last_entry or "")
    if last is None or len(part.text.split()) > SHORT_WORDS:
        return None
    for entry, share in _known(part.candidates, library):
        if share >= LIKELY_IN_CONTEXT and (entry.topic == last.topic or entry.id in last.related):
            return entry
    return None


def _unsure(part: Part, context: Context, library: Library) -> Reply:
    entry = _near_the_topic(part, context, library)
    if entry:
        return Answered((entry,), part.confidence)
    choices = tuple(entry for entry, _ in _known(part.candidates, library))[:MOST_CHOICES]
    if not choices:
        return NotCovered(part.confidence)
    return Unclear(choices, part.confidence)


def _read_part(part: Part, context: Context, library: Library) -> Reply:
    label = part.candidates[0][0] if part.candidates else ""
    if part.verdict == "none" or not label:
        return NotCovered(part.confidence)
    if label.startswith(FOLLOW_UP):
        return _follow_up(label.removeprefix(FOLLOW_UP), part, context, library)
    if part.verdict == "answer" and label in library.entries and _says_enough(part):
        return Answered((_in_context(part, library.entries[label], context, library),), part.confidence)
    return _unsure(part, context, library)


def _says_enough(part: Part) -> bool:
    """Whether a message is more than one vague word: "hair" may mean anything, "cost" hardly does."""
    return len(part.text.split()) > 1 or part.confidence >= SURE_OF_ONE_WORD


def _in_context(part: Part, entry: Entry, context: Context, library: Library) -> Entry:
    """What a short question means after the last answer: "how much?" after one on transplants is their price."""
    last = library.entries.get(context.last_entry or "")
    facet = next((name for name, usual in library.follow_ups.items() if usual == (entry.id,)), None)
    if last is None or facet in (None, SOURCE_FACET) or len(part.text.split()) > BARE_WORDS:
        return entry
    meant = _join(str(facet), last, library)
    return meant[0] if len(meant) == 1 else entry


def _joined(answers: Sequence[Answered]) -> Answered:
    """All the answers of one message; a greeting beside a question is not worth a text of its own."""
    entries = tuple(dict.fromkeys(entry.id for answer in answers for entry in answer.entries))
    by_id = {entry.id: entry for answer in answers for entry in answer.entries}
    weighty = tuple(by_id[name] for name in entries if by_id[name].kind != "smalltalk")
    chosen = weighty or tuple(by_id[name] for name in entries)[:1]
    return Answered(chosen[:MOST_ANSWERS], min(answer.confidence for answer in answers))


def _decide(understanding: Understanding, context: Context, library: Library) -> Reply:
    choice = _chosen(understanding.text, context.choices)
    if choice and choice.entry == SOMETHING_ELSE:
        return AskAgain()
    if choice and choice.entry in library.entries:
        return Answered((library.entries[choice.entry],), 1.0)
    if understanding.language:
        return NotCovered(1.0, understanding.language)
    replies = [_read_part(part, context, library) for part in understanding.parts]
    if understanding.question and all(_is_small_talk(reply) for reply in replies):
        replies.append(_read_part(understanding.question, context, library))
    answers = [reply for reply in replies if isinstance(reply, Answered)]
    if answers:
        return _joined(answers)
    return replies[0] if replies else NotCovered(1.0)


def _is_small_talk(reply: Reply) -> bool:
    return isinstance(reply, Answered) and all(entry.kind == "smalltalk" for entry in reply.entries)


def decide(understanding: Understanding, context: Context, library: Library) -> Reply:
    """The reply to a message; the second miss in a row offers a person."""
    reply = _decide(understanding, context, library)
    if isinstance(reply, NotCovered) and not reply.language and context.misses >= 1:
        return PersonOffered()
    return reply


def next_context(reply: Reply, offered: Iterable[Choice], context: Context) -> Context:
    """The context after `reply`, with the choices that it offered."""
    choices = tuple(offered)
    if isinstance(reply, Answered):
        return Context(reply.entries[-1].id, choices, 0)
    missed = isinstance(reply, NotCovered | AskAgain)
    return replace(context, choices=choices, misses=context.misses + 1 if missed else 0)
