"""When what is half-finished expires, and what goes with it: a part says so itself, with `expires_at` in its slot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from bot.transcripts.redaction import CHECK, HANDOFF
from bot.transcripts.tail import Snapshot

EXPIRES_AT = "expires_at"  # in seconds since 1970, UTC
REQUESTED = "requested_slot"


@dataclass(frozen=True)
class Part:
    """A part of a conversation that may stay half-finished: its slot, its form, and the slots that go with it."""

    slot: str
    form: str
    others: frozenset[str] = frozenset()


CHECK_PART = Part(
    "check",
    CHECK,
    frozenset({
        "age", "hair_loss_pattern", "duration", "prior_treatments", "conditions", "medications",
        "pregnancy_or_breastfeeding", "scalp_symptoms", "expectations", "timeline",
    }),
)  # fmt: skip
HANDOFF_PART = Part("handoff", HANDOFF)
PARTS = (CHECK_PART, HANDOFF_PART)


def _expiry(snapshot: Snapshot, part: Part) -> float | None:
    state = snapshot.slots.get(part.slot)
    found = state.get(EXPIRES_AT) if isinstance(state, Mapping) else None
    return float(found) if isinstance(found, int | float) else None


def expires_at(snapshot: Snapshot) -> datetime | None:
    """When the first part expires; None where nothing is half-finished."""
    times = [found for part in PARTS if (found := _expiry(snapshot, part)) is not None]
    return datetime.fromtimestamp(min(times), timezone.utc) if times else None


def unfinished(snapshot: Snapshot) -> tuple[Part, ...]:
    """The parts that expire."""
    return tuple(part for part in PARTS if _expiry(snapshot, part) is not None)


def without(snapshot: Snapshot, *parts: Part) -> Snapshot:
    """A snapshot in which some parts were never begun."""
    closes = any(snapshot.loop == part.form for part in parts)
    gone = {REQUESTED} if closes else set()
    for part in parts:
        gone |= {part.slot, *part.others}
    slots = {name: value for name, value in snapshot.slots.items() if name not in gone}
    return replace(snapshot, slots=slots, loop=None if closes else snapshot.loop)
