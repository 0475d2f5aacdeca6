"""The question of an open check or hand-off, as it was put last: what is asked again where something came between."""

from collections.abc import Iterator, Mapping
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.transcripts.encoding import decode
from bot.transcripts.interjection import Standing
from bot.transcripts.tables import tracker_events

BATCH = 50
ASKING = ("question", "handoff")
CHOOSING = "clarify"  # its buttons are no answers to the question

Data = Mapping[str, Any]


def standing_question(session: Session, here: Standing) -> dict[str, Any] | None:
    """The open question's `text` and `data` (its buttons, and the payload as `custom`); None where no question is open,
    or what it said was taken out."""
    field = here.snapshot.slots.get(REQUESTED_SLOT)
    if not here.snapshot.loop or field is None:
        return None
    payload: Data | None = None
    for data in _said_before(session, here):
        beside = data.get("data") or {}
        said = beside.get("custom") or {}
        if said.get("field") == field and payload is None:
            payload = said
        if payload is not None and data.get("text"):
            return _put_again(data["text"], beside.get("buttons") or [], payload, field)
    return None


def _said_before(session: Session, here: Standing) -> Iterator[Data]:
    """What the assistant and the staff have said, from the latest back."""
    spoken = (tracker_events.c.conversation_id == here.conversation, tracker_events.c.type == BotUttered.type_name)
    query = select(tracker_events.c.sequence, tracker_events.c.data).where(*spoken)
    last = here.last_sequence + 1
    while True:
        before = query.where(tracker_events.c.sequence < last).order_by(tracker_events.c.sequence.desc())
        rows = session.execute(before.limit(BATCH)).all()
        yield from (decode(row.data) for row in rows)
        if len(rows) < BATCH:
            return
        last = rows[-1].sequence


def _put_again(text: str, buttons: list[Data], payload: Data, field: str) -> dict[str, Any]:
    asks = payload.get("kind") in ASKING
    custom = {key: payload[key] for key in ("kind", "state", "field") if key in payload}
    beside = [] if payload.get("kind") == CHOOSING else buttons
    return {
        "text": text,
        "data": {"buttons": beside, "custom": custom if asks else {"kind": "question", "field": field}},
    }
