"""Why a turn came out as it did: what was understood, which entries were said, which danger was seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.assessment.red_flags import RedFlags
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.payload import full_text, render
from bot.knowledge.reply import ReasonsAsked, SourcesAsked
from bot.staff.conversations.words import kind_title, kind_tone, share
from bot.staff.wording import outcome_title, titled
from bot.transcripts.review_turns import Heard, Part, ReviewTurn

Mask = Callable[[str], str]
Share = tuple[str, str]

MOST_CANDIDATES = 3
LEAST_SHARE = 0.001
UNDERSTOOD = frozenset({"answer", "clarify", "refusal", "out_of_scope", "smalltalk"})
# What else a payload says, and how its value is called.
FACTS: Mapping[str, Callable[[str], str]] = {"outcome": outcome_title, "state": titled, "action": titled}


@dataclass(frozen=True)
class Known:
    """What is known besides the conversation: today's library, and the signs of danger where these can be read."""

    library: Library
    red_flags: RedFlags | None = None

    def about(self, flag: str) -> str | None:
        """What a sign of danger is about; None for one that is not in the list any more."""
        listed = self.red_flags.flags if self.red_flags else ()
        return next((each.about for each in listed if each.id == flag), None)


@dataclass(frozen=True)
class ShownEntry:
    """An entry that was said; `known` where the library still has it, `changed` where it reads differently now."""

    id: str
    title: str
    known: bool
    changed: bool


@dataclass(frozen=True)
class ShownPart:
    """One question of a message with its likeliest entries, each with its share in words."""

    text: str
    verdict: str
    candidates: Sequence[Share]


@dataclass(frozen=True)
class ShownRead:
    """What a field took; `corrected` where it does not stand any more."""

    field: str
    value: str
    findings: Sequence[str]
    corrected: bool


@dataclass(frozen=True)
class ShownFlag:
    """A danger: what became of it in words, how much it stands out, its sign and class, and what the sign is about."""

    text: str
    tone: str
    id: str | None
    kind: str
    about: str | None
    probability: str


@dataclass(frozen=True)
class Why:
    """The technical side of a turn; probabilities are in words.

    `answered` is the field that stood open, and what the message was to it.
    """

    kind: str
    tone: str
    topics: Sequence[str]
    confidence: str
    intent: str | None
    intent_share: str
    others: Sequence[Share]
    parts: Sequence[ShownPart]
    facet: str | None
    answered: Share | None
    entries: Sequence[ShownEntry]
    read: Sequence[ShownRead]
    flag: ShownFlag | None
    asks: str | None
    facts: Mapping[str, str] = field(default_factory=dict)


def why_of(turn: ReviewTurn, read: Sequence[ShownRead], mask: Mask, known: Known) -> Why | None:
    """Why a turn with a message came out as it did; None for one without."""
    heard, payload = turn.heard, turn.payload
    if heard is None:
        return None
    kind = str(payload.get("kind") or ("none" if not turn.said else "smalltalk"))
    facts = {titled(name): title(str(payload[name])) for name, title in FACTS.items() if payload.get(name)}
    return Why(
        kind=kind_title(kind),
        tone=kind_tone(kind),
        topics=[str(topic) for topic in payload.get("topics") or ()],
        confidence=share(payload.get("confidence")),
        intent=heard.intent,
        intent_share=share(heard.confidence),
        others=[(name, share(likely)) for name, likely in heard.others],
        parts=[_part(part, mask) for part in heard.parts],
        facet=heard.facet if kind in UNDERSTOOD else None,
        answered=_answered(turn, heard),
        entries=_entries(turn, known.library),
        read=read,
        flag=_flag(heard, turn, known),
        asks=str(payload["field"]) if payload.get("field") else None,
        facts=facts,
    )


def _answered(turn: ReviewTurn, heard: Heard) -> Share | None:
    if turn.asked is None or heard.answers is None:
        return None
    label, likely = heard.answers
    return turn.asked, f"{label.replace('_', ' ')}, {share(likely)}"


def _part(part: Part, mask: Mask) -> ShownPart:
    likely = [(name, share(value)) for name, value in part.candidates[:MOST_CANDIDATES] if value >= LEAST_SHARE]
    return ShownPart(mask(part.text), part.verdict, likely)


def _entries(turn: ReviewTurn, library: Library) -> list[ShownEntry]:
    texts = [text for said in turn.said if said.author == "assistant" for text in said.texts]
    return [_entry(str(name), texts, library) for name in turn.payload.get("entries") or ()]


def _entry(name: str, texts: Sequence[str], library: Library) -> ShownEntry:
    entry = library.entries.get(name)
    if entry is None:
        return ShownEntry(name, name, known=False, changed=False)
    changed = bool(texts) and not any(said in text for said in _sayings(entry, library) for text in texts)
    return ShownEntry(name, entry.title, known=True, changed=changed)


def _sayings(entry: Entry, library: Library) -> list[str]:
    """How an entry is said today: its text, its reasons, or its sources."""
    behind = (render(asked(entry), library).texts[0] for asked in (ReasonsAsked, SourcesAsked))
    return [full_text(entry), *behind]


def _flag(heard: Heard, turn: ReviewTurn, known: Known) -> ShownFlag | None:
    """What became of a danger: the advice was shown, it was asked about, or it was seen and nothing was shown."""
    payload, raised = turn.payload, heard.flag
    if payload.get("kind") == "urgent":
        certain = payload.get("certain") is not False
        words, tone = ("Red flag: advice shown", "danger") if certain else ("Danger suspected: asked about", "warn")
    elif raised:
        words, tone = "Red flag: seen, nothing shown", "info"
    else:
        return None
    kind = titled(str(payload.get("class") or (raised.kind if raised else "")))
    about = known.about(raised.id) if raised and raised.id else None
    return ShownFlag(
        words, tone, raised.id if raised else None, kind, about, share(raised.probability if raised else None)
    )
