"""A conversation's turns with what was understood of them, for its reviewers: a pure function of stored events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from bot.transcripts.expiry import CHECK_PART
from bot.transcripts.reading import Author, Item, items_of

Data = Mapping[str, Any]
Numbered = tuple[int, Data]

FACET = "follow_up."
INTERVIEW = "interview."
HANDOFF = "handoff"
DETAILS = ("name", "email", "phone", "preferred_contact", "preferred_time")
# The field of what was told of one's health while no question asked for it.
HEARD = "heard"
# What the readers recognise in a message, under parse_data.answers.
RECOGNISED = ("email", "phone")
MOST_OTHERS = 3
LEAST_SHARE = 0.001


@dataclass(frozen=True)
class Part:
    """One question of a message: its words, the verdict on it, and the likeliest labels with their probabilities."""

    text: str
    verdict: str
    confidence: float
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Raised:
    """A red flag that the screen saw in a message; `probability` from 0 to 1."""

    id: str
    kind: str
    certain: bool
    probability: float


@dataclass(frozen=True)
class Read:
    """What a field took from a turn; `corrected` where it does not stand any more, None as `value` for no answer."""

    field: str
    value: str | int | None
    findings: tuple[str, ...] = ()
    corrected: bool = False


@dataclass(frozen=True)
class Heard:
    """A visitor's message and what the program made of it; `others` are the topics that came behind `intent`.

    `answers` is what the message is to an open question, with its probability: `answer`, or a command. `recognised`
    names the contact details in it. Of one that was `taken_out` no word is left.
    """

    at: datetime
    text: str
    channel: str | None
    intent: str | None
    confidence: float | None
    others: tuple[tuple[str, float], ...]
    parts: tuple[Part, ...]
    facet: str | None
    answers: tuple[str, float] | None
    flag: Raised | None
    recognised: frozenset[str]
    taken_out: bool


@dataclass(frozen=True)
class Said:
    """What was said at once; `number` is that of its last event. Of what was `taken_out` no word is left."""

    number: int
    author: Author
    at: datetime
    texts: tuple[str, ...]
    buttons: tuple[str, ...]
    payload: Data
    taken_out: bool = False


@dataclass(frozen=True)
class ReviewTurn:
    """A message with what followed it, until the next one; `sequence` is the number of the visitor's event.

    `asked` is the field that stood open when the message came. Without a message, `heard` is None: somebody spoke up.
    """

    sequence: int
    heard: Heard | None
    said: tuple[Said, ...] = ()
    read: tuple[Read, ...] = ()
    asked: str | None = None

    @property
    def payload(self) -> Data:
        """What the assistant's reply says of itself, the first word being right; empty where it said nothing."""
        payload: dict[str, Any] = {}
        for said in self.said:
            payload = {**said.payload, **payload} if said.author == "assistant" else payload
        return payload


def turns_of(events: Iterable[Numbered]) -> list[ReviewTurn]:
    """The turns of events in their stored form, each with its number, oldest first.

    The first turn stands without what came before it: which question was open, and what the hand-off held.
    """
    turns: list[ReviewTurn] = []
    asked, handoff = None, None
    for turn in _split(events):
        made = _turn(turn, asked)
        read, handoff = _read(turn, handoff)
        turns.append(replace(made, read=read))
        asked = made.payload.get("field") if made.payload else asked
    return turns


def names_in(events: Iterable[Numbered]) -> frozenset[str]:
    """The names that were given in a hand-off."""
    slots = (data.get("value") for _, data in events if data["event"] == "slot" and data["name"] == HANDOFF)
    found = (value.get("name") for value in slots if isinstance(value, Mapping))
    return frozenset(name for name in found if isinstance(name, str) and name)


def _split(events: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    turn: list[Numbered] = []
    for number, data in events:
        if data["event"] == "user" and turn:
            yield turn
            turn = []
        turn.append((number, data))
    if turn:
        yield turn


def _turn(events: Sequence[Numbered], asked: str | None) -> ReviewTurn:
    number, first = events[0]
    heard = _heard(first) if first["event"] == "user" else None
    return ReviewTurn(number, heard, _said(events), asked=asked)


def _heard(data: Data) -> Heard:
    parsed: Data = data.get("parse_data") or {}
    intent: Data = parsed.get("intent") or {}
    parts = _parts(parsed)
    labels = (part.candidates[0][0] for part in parts if part.candidates)
    answers = parsed.get("answers") or {}
    text = data.get("text") or ""
    return Heard(
        at=_at(data),
        text=text,
        channel=data.get("input_channel"),
        intent=intent.get("name"),
        confidence=intent.get("confidence"),
        others=_others(parsed, intent.get("name")),
        parts=parts,
        facet=next((label.removeprefix(FACET) for label in labels if label.startswith(FACET)), None),
        answers=_answers(parsed.get("interview")),
        flag=_flag(parsed.get("red_flag")),
        recognised=frozenset(name for name in RECOGNISED if answers.get(name)),
        taken_out=not text,
    )


def _parts(parsed: Data) -> tuple[Part, ...]:
    found = (parsed.get("understanding") or {}).get("parts") or ()
    return tuple(
        Part(
            part["text"],
            part["verdict"],
            part["confidence"],
            tuple((name, share) for name, share in part["candidates"]),
        )
        for part in found
    )


def _others(parsed: Data, intent: str | None) -> tuple[tuple[str, float], ...]:
    ranked = [(each["name"], each["confidence"]) for each in parsed.get("intent_ranking") or ()]
    likely = [(name, share) for name, share in ranked if name != intent and share >= LEAST_SHARE]
    return tuple(likely[:MOST_OTHERS])


def _answers(data: Data | None) -> tuple[str, float] | None:
    return (str(data["label"]).removeprefix(INTERVIEW), float(data["confidence"])) if data else None


def _flag(data: Data | None) -> Raised | None:
    if not data:
        return None
    return Raised(data["id"], data["class"], bool(data["certain"]), float(data.get("probability") or 0.0))


def _said(events: Sequence[Numbered]) -> tuple[Said, ...]:
    """What was said, and once more in the place of utterances of which nothing is left."""
    spoken = [(number, data) for number, data in events if data["event"] == "bot"]
    said = [_kept(item) for group in _grouped(spoken) for item in items_of(group)]
    empty = [(number, data) for number, data in spoken if not data.get("text") and not data.get("data")]
    if empty:
        number, data = empty[-1]
        said.append(Said(number, "assistant", _at(data), (), (), {}, taken_out=True))
    return tuple(sorted(said, key=lambda one: one.number))


def _grouped(spoken: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """Utterances up to the one that says what they were: what is said later has its own place."""
    group: list[Numbered] = []
    for number, data in spoken:
        group.append((number, data))
        if (data.get("data") or {}).get("custom"):
            yield group
            group = []
    if group:
        yield group


def _kept(item: Item) -> Said:
    return Said(item.cursor, item.author, item.at, item.texts, item.buttons, item.payload)


def _at(data: Data) -> datetime:
    return datetime.fromtimestamp(data["timestamp"], timezone.utc)


@dataclass(frozen=True)
class _Handoff:
    """What a hand-off held at some time."""

    details: Data = field(default_factory=dict)
    consents: int = 0


def _read(events: Sequence[Numbered], before: _Handoff | None) -> tuple[tuple[Read, ...], _Handoff | None]:
    """What the fields took in a turn, and what the hand-off holds behind it."""
    read: list[Read] = []
    for _, data in events:
        if data["event"] != "slot" or not data["value"]:
            continue
        if data["name"] in CHECK_PART.others and isinstance(data["value"], list):
            read += [_value(data["name"], one) for one in data["value"]]
        elif data["name"] == HANDOFF:
            read += _told(data["value"], before)
            before = _Handoff(data["value"], len(data["value"].get("consents") or ()))
    return tuple(dict.fromkeys(read)), before


def _value(name: str, one: Data) -> Read:
    return Read(name, one.get("value"), tuple(one.get("findings") or ()), one.get("status") == "corrected")


def _told(handoff: Data, before: _Handoff | None) -> list[Read]:
    """What is new in a hand-off; of one whose beginning is not known, nothing is."""
    consents = handoff.get("consents") or ()
    if before is None:
        before = _Handoff(handoff, len(consents)) if consents else _Handoff()
    new = [name for name in DETAILS if handoff.get(name) and handoff[name] != before.details.get(name)]
    agreed = [Read(f"consent_{one['purpose']}", "yes" if one["given"] else "no") for one in consents[before.consents :]]
    health = tuple(one for one in handoff.get("findings") or () if one not in (before.details.get("findings") or ()))
    told = [Read(HEARD, "in passing", health)] if health else []
    return [*agreed, *(Read(name, handoff[name]) for name in new), *told]
