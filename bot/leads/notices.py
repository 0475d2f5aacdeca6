"""Notices to the staff: a conversation was flagged, or a lead waits too long; each is told once, without the person.

They go by the outbox to the targets of the kinds e-mail and Slack, in the commit that notes that they were told. That
there is a new lead, or a dead letter, these targets hear from the deliveries themselves (bot.leads.outbox).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.leads import outbox
from bot.leads.delivery.payload import iso, plain_payload
from bot.leads.delivery.targets import NOTICED_KINDS, Notice, notice_kinds, read_targets
from bot.leads.store import INSERTS
from bot.leads.tables import leads, notices
from bot.leads.tables import outbox as messages
from bot.settings import Settings
from bot.transcripts.tables import conversations

FLAGGED = "notice.flagged"
WAITING = "notice.waiting"
# What is older when it is seen first is no news: so a start after a long while, or after an update, tells nothing old.
NEWS = timedelta(days=1)
# Told again where a conversation is flagged anew so long after the last notice.
AGAIN = timedelta(days=1)
KEPT = timedelta(days=30)
MOST = 50


@dataclass(frozen=True)
class Due:
    """Something to tell: `subject` is a conversation or a lead's reference, `data` what the message says of it."""

    kind: Notice
    event: str
    subject: str
    data: dict[str, Any]


def due(session: Session, settings: Settings, now: datetime) -> list[Due]:
    """What staff were not told of yet, the oldest first, at most so much; nothing where nobody is to be told."""
    if not _told(settings):
        return []
    wanted = notice_kinds(settings)
    found = _flagged(session, now) if "red_flag" in wanted else []
    return found + (_waiting(session, settings, now) if "waiting" in wanted else [])


def tell(session: Session, found: Sequence[Due], settings: Settings, now: datetime) -> int:
    """Put what is due into the outbox, and note that it was told; returns how many messages that are.

    What another process has told meanwhile is not told again.
    """
    targets = _told(settings)
    number = 0
    for each in found:
        if _note(session, each, now):
            payload = plain_payload(each.event, each.data, now)
            reference = each.data.get("reference")
            number += outbox.add(session, each.event, reference, dict.fromkeys(targets, payload), now)
    return number


def forget_notices(session: Session, subject: str) -> int:
    """Delete what was noted of a conversation or a lead, and the messages about the conversation that still wait;
    returns how much was noted."""
    noted = session.execute(delete(notices).where(notices.c.subject == subject)).rowcount
    waiting = and_(messages.c.event == FLAGGED, messages.c.delivered_at.is_(None))
    query = select(messages.c.id, messages.c.payload).where(waiting)
    about = [row.id for row in session.execute(query) if json.loads(row.payload)["data"]["conversation"] == subject]
    if about:
        session.execute(delete(messages).where(messages.c.id.in_(about)))
    return int(noted)


def expired(now: datetime) -> Any:
    """The condition for rows that are of no use any more."""
    return notices.c.at < now - KEPT


def _told(settings: Settings) -> list[str]:
    """The names of the targets that notices go to."""
    return [target.name for target in read_targets(settings) if target.kind in NOTICED_KINDS]


def _flagged(session: Session, now: datetime) -> list[Due]:
    flagged = conversations.c.flagged_at
    known = exists().where(
        notices.c.kind == "red_flag",
        notices.c.subject == conversations.c.id,
        or_(notices.c.at >= flagged, notices.c.at > now - AGAIN),
    )
    query = select(conversations.c.id, flagged).where(flagged > now - NEWS, ~known).order_by(flagged).limit(MOST)
    return [
        Due("red_flag", FLAGGED, row.id, {"conversation": row.id, "flagged_at": iso(row.flagged_at)})
        for row in session.execute(query)
    ]


def _waiting(session: Session, settings: Settings, now: datetime) -> list[Due]:
    since = now - timedelta(minutes=settings.waiting_minutes)
    known = exists().where(notices.c.kind == "waiting", notices.c.subject == leads.c.reference)
    untouched = and_(leads.c.status == "new", leads.c.first_contact_at.is_(None), leads.c.merged_into.is_(None))
    made = and_(leads.c.created_at <= since, leads.c.created_at > since - NEWS)
    query = select(leads.c.reference, leads.c.created_at, leads.c.queue).where(made, untouched, ~known)
    return [
        Due("waiting", WAITING, row.reference, _waiting_data(row))
        for row in session.execute(query.order_by(leads.c.created_at).limit(MOST))
    ]


def _waiting_data(row: Any) -> dict[str, Any]:
    return {"reference": row.reference, "queue": row.queue, "created_at": iso(row.created_at)}


def _note(session: Session, each: Due, now: datetime) -> bool:
    """Note that something was told; False where it was meanwhile."""
    make = INSERTS[session.get_bind().dialect.name](notices)
    key = {"kind": each.kind, "subject": each.subject}
    renewed = make.values(**key, at=now).on_conflict_do_update(
        index_elements=["kind", "subject"], set_={"at": now}, where=notices.c.at <= now - AGAIN
    )
    return bool(session.execute(renewed).rowcount)
