"""Conversations as staff look through them, with or without a lead: the flagged ones first, nobody's words in it.

Every function works in the caller's transaction; every time is UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.leads.records import Queue
from bot.leads.tables import contacts, leads
from bot.transcripts.tables import conversations, takeovers, turns

View = Literal["all", "flagged", "lead", "no_lead", "taken", "waiting"]

VIEWS: tuple[View, ...] = get_args(View)
COUNTED: tuple[View, ...] = ("flagged", "taken", "waiting")
MOST_COUNTED = 1000
HELD_BY_CLINICIANS: Queue = "clinician"


@dataclass(frozen=True)
class Wanted:
    """Which conversations: those of a view, of a channel, last used from `since` on and before `until`.

    Without `clinical`, those with a lead in the clinicians' queue are left out.
    """

    view: View = "all"
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    clinical: bool = False


@dataclass(frozen=True)
class Place:
    """Where a conversation stands in the list."""

    flagged: bool
    updated_at: datetime
    conversation: str


@dataclass(frozen=True)
class ListedConversation:
    """One line: `kinds` counts its turns by what they were, `staff` is who is in it, and the visitor is `waiting`."""

    id: str
    updated_at: datetime
    began_at: datetime | None
    channel: str | None
    flagged_at: datetime | None
    kinds: Mapping[str, int]
    lead: str | None
    staff: str | None
    waiting: bool

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.flagged_at is not None, self.updated_at, self.id)


@dataclass(frozen=True)
class HandedOver:
    """A lead of a conversation, with the name that was given."""

    reference: str
    queue: Queue
    name: str | None


def list_conversations(session: Session, wanted: Wanted, after: Place | None, most: int) -> list[ListedConversation]:
    """At most so many, behind a place: the flagged ones first, then by the last use, the latest first."""
    rows: list[Any] = []
    for flagged in (True, False):
        behind = after if after and after.flagged is flagged else None
        passed = (after and not after.flagged and flagged) or (wanted.view == "flagged" and not flagged)
        if not passed and len(rows) < most:
            rows += session.execute(_query(wanted, flagged, behind).limit(most - len(rows))).all()
    return _completed(session, rows)


def counts(session: Session, clinical: bool) -> Mapping[View, int]:
    """How many conversations there are in each of the views whose work is pressing, up to `MOST_COUNTED`."""
    return {view: _count(session, Wanted(view, clinical=clinical)) for view in COUNTED}


def _count(session: Session, wanted: Wanted) -> int:
    some = select(conversations.c.id).where(*_conditions(wanted)).limit(MOST_COUNTED).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def handed_over(session: Session, conversation: str) -> list[HandedOver]:
    """The leads of a conversation, the newest first; those that were merged into another stand last."""
    query = select(leads.c.reference, leads.c.queue, contacts.c.name).join_from(leads, contacts, isouter=True)
    order = (leads.c.merged_into.is_not(None), leads.c.created_at.desc(), leads.c.reference)
    rows = session.execute(query.where(leads.c.conversation_id == conversation).order_by(*order))
    return [HandedOver(row.reference, row.queue, row.name) for row in rows]


def _query(wanted: Wanted, flagged: bool, behind: Place | None) -> Any:
    table = conversations.c
    columns = (table.id, table.updated_at, table.began_at, table.channel, table.flagged_at)
    where = [*_conditions(wanted), table.flagged_at.is_not(None) if flagged else table.flagged_at.is_(None)]
    if behind:
        later = or_(table.updated_at < behind.updated_at, table.id < behind.conversation)
        where += [table.updated_at <= behind.updated_at, later]
    return select(*columns).where(*where).order_by(table.updated_at.desc(), table.id.desc())


def _conditions(wanted: Wanted) -> list[Any]:
    table = conversations.c
    where: list[Any] = [] if wanted.clinical else [~_has_lead(leads.c.queue == HELD_BY_CLINICIANS)]
    if wanted.channel:
        where.append(table.channel == wanted.channel)
    if wanted.since:
        where.append(table.updated_at >= wanted.since)
    if wanted.until:
        where.append(table.updated_at < wanted.until)
    return [*where, *_of_view(wanted.view)]


def _of_view(view: View) -> list[Any]:
    here = takeovers.c.ended_at.is_(None)
    waiting = and_(here, takeovers.c.waiting_since.is_not(None))
    conditions: dict[View, Any] = {
        "flagged": conversations.c.flagged_at.is_not(None),
        "lead": _has_lead(),
        "no_lead": ~_has_lead(),
        "taken": conversations.c.id.in_(select(takeovers.c.conversation_id).where(here)),
        "waiting": conversations.c.id.in_(select(takeovers.c.conversation_id).where(waiting)),
    }
    return [conditions[view]] if view in conditions else []


def _has_lead(*more: Any) -> Any:
    return exists().where(leads.c.conversation_id == conversations.c.id, *more)


def _completed(session: Session, rows: Sequence[Any]) -> list[ListedConversation]:
    ids = [row.id for row in rows]
    kinds, references, present = _kinds(session, ids), _references(session, ids), _present(session, ids)
    return [
        ListedConversation(
            **row._mapping,
            kinds=kinds.get(row.id, {}),
            lead=references.get(row.id),
            staff=present[row.id].staff if row.id in present else None,
            waiting=row.id in present and present[row.id].waiting_since is not None,
        )
        for row in rows
    ]


def _kinds(session: Session, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    mine = (turns.c.conversation_id.in_(ids), turns.c.place == 0)
    query = select(turns.c.conversation_id, turns.c.kind, func.count()).where(*mine)
    found: dict[str, dict[str, int]] = {}
    for conversation, kind, number in session.execute(query.group_by(turns.c.conversation_id, turns.c.kind)):
        found.setdefault(conversation, {})[kind] = number
    return {name: dict(sorted(each.items(), key=lambda one: (-one[1], one[0]))) for name, each in found.items()}


def _references(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The latest lead of each, that of a merged one last."""
    query = select(leads.c.conversation_id, leads.c.reference).where(leads.c.conversation_id.in_(ids))
    merged_first = (leads.c.merged_into.is_(None), leads.c.created_at, leads.c.reference)
    return {row.conversation_id: row.reference for row in session.execute(query.order_by(*merged_first))}


def _present(session: Session, ids: Sequence[str]) -> Mapping[str, Any]:
    mine = (takeovers.c.conversation_id.in_(ids), takeovers.c.ended_at.is_(None))
    query = select(takeovers.c.conversation_id, takeovers.c.staff, takeovers.c.waiting_since).where(*mine)
    return {row.conversation_id: row for row in session.execute(query)}
