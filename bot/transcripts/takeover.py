"""Somebody of the staff takes a conversation over: the assistant is silent in it until it is given back.

Every function that writes works in the caller's transaction, in a conversation that the caller holds: no turn is under
way in it. Times are in UTC. What is not possible raises TakeoverRefused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.errors import TakeoverRefused
from bot.transcripts import telling
from bot.transcripts.interjection import Standing, interject, reach, stand
from bot.transcripts.redaction import CHECK, FLAG, HANDOFF
from bot.transcripts.standing_question import standing_question
from bot.transcripts.tables import takeovers
from bot.transcripts.telling import Told

SLOT = "takeover"
OFFERED = "offered"
DANGER = "danger"
# What the last turn offered is no offer any more once a person has come in.
STALE = (OFFERED, "choices", "misses")
NOBODY = "nobody"
SENT = "handoff"  # the slot of the hand-off, which has a reference once it was sent
OFFER = {"kind": "handoff", "state": "offered", "topics": ["consultation_booking"]}

State = Literal["joined", "message", "left"]


@dataclass(frozen=True)
class Takeover:
    """`staff` is in a conversation; the visitor has waited for a word since `waiting_since`, if they do."""

    row: int
    conversation: str
    staff: str
    joined_at: datetime
    answered_at: datetime | None
    waiting_since: datetime | None


@dataclass(frozen=True)
class Regret:
    """What is said where nobody answers: that the assistant is `back`, that nobody could answer, and the `offer` of a
    call with its buttons; before it, that an open check waits."""

    back: str
    sorry: str
    check_waits: str
    offer: Sequence[str]
    buttons: Sequence[str]


def is_taken_over(tracker: DialogueStateTracker) -> bool:
    """Whether somebody of the staff is in the conversation of a tracker."""
    slot = tracker.slots.get(SLOT)
    return slot is not None and bool(slot.value)


def present(session: Session, conversation: str) -> Takeover | None:
    """Who is in a conversation now; None where the assistant answers."""
    mine = (takeovers.c.conversation_id == conversation, takeovers.c.ended_at.is_(None))
    row = session.execute(select(takeovers).where(*mine)).first()
    return _takeover(row) if row else None


def _takeover(row: Any) -> Takeover:
    return Takeover(row.id, row.conversation_id, row.staff, row.joined_at, row.answered_at, row.waiting_since)


def join(session: Session, conversation: str, staff: str, said: str, now: datetime) -> bool:
    """Silence the assistant, and tell the visitor that a person is here; false where `staff` was in already.

    The visitor waits from then on. Refused where another one is in, or the visitor cannot be spoken to.
    """
    here = _stand(session, conversation)
    taken = present(session, conversation)
    if taken and taken.staff == staff:
        return False
    if taken:
        raise TakeoverRefused(f"{taken.staff} is in this conversation")
    _require_reach(session, conversation)
    row = {"conversation_id": conversation, "staff": staff, "joined_at": now, "waiting_since": now}
    session.execute(insert(takeovers).values(row))
    at = now.timestamp()
    stale = [SlotSet(name, None, at) for name in STALE if name in here.snapshot.slots]
    taken_over = SlotSet(SLOT, {"by": staff, "since": at}, at)
    interject(session, here, [taken_over, *stale, _staff("joined", said, staff, now)], now)
    return True


def say(session: Session, conversation: str, staff: str, text: str, now: datetime) -> None:
    """Say something to the visitor, who waits no longer. Refused where `staff` is not in, or cannot be heard."""
    here = _stand(session, conversation)
    taken = _require_in(session, conversation, staff)
    _require_reach(session, conversation)
    interject(session, here, [_staff("message", text, staff, now)], now)
    answered = {"waiting_since": None, "answered_at": func.coalesce(takeovers.c.answered_at, now)}
    session.execute(update(takeovers).where(takeovers.c.id == taken.row).values(answered))


def types(session: Session, conversation: str, staff: str) -> None:
    """Show the visitor that `staff` types; refused where they are not in. Nothing is written."""
    _require_in(session, conversation, staff)
    telling.tell(session, Told(conversation, typing=True))


def leave(session: Session, conversation: str, staff: str, said: str, now: datetime, by: str | None = None) -> None:
    """Give the conversation back: the visitor is told, and the question of an open check or hand-off is asked again.

    Somebody else does it where it is ended `by` them. Refused where `staff` is not in.
    """
    here = _stand(session, conversation)
    taken = _require_in(session, conversation, staff)
    question = standing_question(session, here)
    events = [*_given_back(taken, said, now), *([_assistant(**question, now=now)] if question else [])]
    _end(session, taken, by or staff, now)
    interject(session, here, events, now)


def wait(session: Session, conversation: str, now: datetime) -> None:
    """Note that the visitor said something; whoever waits already has waited since before."""
    waits = (takeovers.c.conversation_id == conversation, takeovers.c.ended_at.is_(None))
    session.execute(update(takeovers).where(*waits, takeovers.c.waiting_since.is_(None)).values(waiting_since=now))


def overdue(session: Session, before: datetime) -> list[str]:
    """The conversations in which a visitor has waited since before a time."""
    late = (takeovers.c.ended_at.is_(None), takeovers.c.waiting_since < before)
    return list(session.execute(select(takeovers.c.conversation_id).where(*late)).scalars())


def give_up(session: Session, conversation: str, before: datetime, regret: Regret, now: datetime) -> Takeover | None:
    """Give a conversation back in which the visitor has waited since before a time, and offer a call; who was in it.

    None where somebody answered meanwhile, or another process was faster.
    """
    here, taken = stand(session, conversation), present(session, conversation)
    if taken is None or taken.waiting_since is None or taken.waiting_since >= before:
        return None
    _end(session, taken, NOBODY, now)
    if here:
        events = [*_given_back(taken, regret.back, now), *_regret(session, here, regret, now)]
        interject(session, here, events, now)
    return taken


def _regret(session: Session, here: Standing, regret: Regret, now: datetime) -> list[Event]:
    """What follows where nobody answered: the hand-off's open question, the offer of one, or neither where it would be
    wrong: to a minor, in danger, or after one."""
    at, slots = now.timestamp(), here.snapshot.slots
    question = standing_question(session, here) if here.snapshot.loop == HANDOFF else None
    if question:
        return [_assistant(regret.sorry, {}, now), _assistant(**question, now=now)]
    sent = (slots.get(SENT) or {}).get("reference")
    if slots.get(FLAG) or slots.get(DANGER) or sent:
        return [_assistant(regret.sorry, {"custom": {"kind": "smalltalk", "topics": []}}, now)]
    in_check = here.snapshot.loop == CHECK
    paused: list[Event] = [ActiveLoop(None, at), SlotSet(REQUESTED_SLOT, None, at)] if in_check else []
    texts = [regret.sorry, *([regret.check_waits] if in_check else []), *regret.offer]
    buttons = [{"title": title, "payload": title} for title in regret.buttons]
    asked = _assistant(texts[-1], {"buttons": buttons, "custom": OFFER}, now)
    return [*paused, SlotSet(OFFERED, True, at), *(_assistant(text, {}, now) for text in texts[:-1]), asked]


def _stand(session: Session, conversation: str) -> Standing:
    here = stand(session, conversation)
    if here is None:
        raise TakeoverRefused("this conversation was deleted", gone=True)
    return here


def _require_in(session: Session, conversation: str, staff: str) -> Takeover:
    taken = present(session, conversation)
    if taken is None:
        raise TakeoverRefused("nobody is in this conversation any more: join it first")
    if taken.staff != staff:
        raise TakeoverRefused(f"{taken.staff} is in this conversation")
    return taken


def _require_reach(session: Session, conversation: str) -> None:
    found = reach(session, conversation)
    if found is None:
        raise TakeoverRefused("this visitor cannot be written to: their program only hears answers")
    if found.opted_out:
        raise TakeoverRefused("this visitor has said STOP: nothing may be sent to them")


def _end(session: Session, taken: Takeover, by: str, now: datetime) -> None:
    ended = {"ended_at": now, "ended_by": by, "waiting_since": None}
    session.execute(update(takeovers).where(takeovers.c.id == taken.row).values(ended))


def _given_back(taken: Takeover, said: str, now: datetime) -> list[Event]:
    return [SlotSet(SLOT, None, now.timestamp()), _staff("left", said, taken.staff, now)]


def _staff(state: State, text: str, staff: str, now: datetime) -> Event:
    beside = {"custom": {"kind": "staff", "state": state}}
    return BotUttered(text, beside, {"staff": staff}, now.timestamp())


def _assistant(text: str, data: dict[str, Any], now: datetime) -> Event:
    return BotUttered(text, data, timestamp=now.timestamp())
