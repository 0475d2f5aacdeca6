"""Turns as the pages show them: contact details masked, entries by their titles, and why each turn came out as it did.

Pure functions: what is known of entries and red flags is handed in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.knowledge.library import Library
from bot.leads.masking import HIDDEN
from bot.staff.conversations.reasons import Known, ShownRead, Why, why_of
from bot.staff.masking import finds, mask_field, mask_text
from bot.transcripts.review_turns import Read, ReviewTurn, Said

Mask = Callable[[str], str]

NAME = "name"
TOLD_UNDER = frozenset({"email", "phone"})
# Turns of these kinds answer a message that is no answer to the open question. Where none stands open, and so none is
# asked again, a number in their words is a paper's or a hotline's.
TALKS = frozenset({"answer", "clarify", "refusal", "smalltalk", "urgent"})


@dataclass(frozen=True)
class ShownSaid:
    """What was said at once; `number` is that of its event."""

    number: int
    author: str
    at: datetime
    texts: tuple[str, ...]
    buttons: tuple[str, ...]
    taken_out: bool


@dataclass(frozen=True)
class ShownTurn:
    """A turn; without a message `at` and `text` are None. Something of it is `masked`, or its words are `taken_out`."""

    sequence: int
    at: datetime | None
    text: str | None
    said: Sequence[ShownSaid]
    why: Why | None
    masked: bool
    taken_out: bool
    verdict: str | None


def shown_turns(
    turns: Sequence[ReviewTurn], names: Collection[str], known: Known, verdicts: Mapping[int, str]
) -> list[ShownTurn]:
    """Turns with the contact details masked; `names` are those of the person."""
    return [
        _shown(turn, before.said if before else (), lambda text: mask_text(text, names), known, verdicts)
        for before, turn in zip([None, *turns], turns, strict=False)
    ]


def shown_in_clear(turn: ReviewTurn, library: Library) -> ShownTurn:
    """A turn with everything that was said."""
    return _shown(turn, (), None, Known(library), {})


def _shown(
    turn: ReviewTurn, before: Sequence[Said], mask: Mask | None, known: Known, verdicts: Mapping[int, str]
) -> ShownTurn:
    heard = turn.heard
    text = _message(turn, before, mask) if heard else None
    own_words = turn.payload.get("kind") in TALKS and not turn.payload.get("field")
    said = [_said(one, None if own_words and one.author == "assistant" else mask) for one in turn.said]
    plain = [(one.texts, one.buttons) for one in turn.said]
    hides = (heard is not None and text != heard.text) or [(one.texts, one.buttons) for one in said] != plain
    change: Mask = (lambda _: HIDDEN) if text == HIDDEN else mask or str
    why = why_of(turn, [_read(one, mask) for one in turn.read], change, known)
    taken_out = heard is not None and heard.taken_out
    return ShownTurn(
        turn.sequence, heard.at if heard else None, text, said, why, hides, taken_out, verdicts.get(turn.sequence)
    )


def _message(turn: ReviewTurn, before: Sequence[Said], mask: Mask | None) -> str:
    """What the visitor wrote; hidden as a whole where a detail was asked for or recognised that nothing else masks."""
    text = turn.heard.text if turn.heard else ""
    if mask is None or not text or any(text in said.buttons for said in before):
        return text
    told = turn.payload.get("kind") not in TALKS
    expected = set(turn.heard.recognised if turn.heard else ())
    if told and turn.asked in TOLD_UNDER:
        expected.add(turn.asked)
    named = told and turn.asked == NAME
    return HIDDEN if named or not all(finds(detail, text) for detail in expected) else mask(text)


def _said(said: Said, mask: Mask | None) -> ShownSaid:
    change = mask or str
    texts, buttons = tuple(map(change, said.texts)), tuple(map(change, said.buttons))
    return ShownSaid(said.number, said.author, said.at, texts, buttons, said.taken_out)


def _read(read: Read, mask: Mask | None) -> ShownRead:
    value = "no answer" if read.value is None else str(read.value)
    if mask is not None:
        value = mask(mask_field(read.field, value)) if isinstance(read.value, str) else value
    if read.field == "duration" and isinstance(read.value, int):
        value = f"{value} months"
    return ShownRead(read.field, value, read.findings, read.corrected)
