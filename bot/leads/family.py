"""Whose leads belong together: those of one conversation, and those that staff have merged as one person's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.leads.tables import leads


@dataclass(frozen=True)
class Family:
    """The leads that are one person's, oldest first, and their conversations, by name."""

    references: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()


def family_of(session: Session, *, reference: str | None = None, conversation: str | None = None) -> Family:
    """Everything that belongs to a lead, or to a conversation; empty for a lead that is not there."""
    references = {reference} if reference else set()
    conversations = {conversation} if conversation else set()
    while True:
        found = _near(session, references, conversations)
        wider = references | {row.reference for row in found} | {row.merged_into for row in found if row.merged_into}
        homes = conversations | {row.conversation_id for row in found}
        if (wider, homes) == (references, conversations):
            return Family(tuple(row.reference for row in found), tuple(sorted(homes)))
        references, conversations = wider, homes


def _near(session: Session, references: Collection[str], conversations: Collection[str]) -> Sequence[Any]:
    """The leads one step away from those that are known."""
    near = or_(
        leads.c.reference.in_(references),
        leads.c.merged_into.in_(references),
        leads.c.conversation_id.in_(conversations),
    )
    columns = (leads.c.reference, leads.c.conversation_id, leads.c.merged_into)
    query = select(*columns).where(near).order_by(leads.c.created_at, leads.c.reference)
    found: Sequence[Any] = session.execute(query).all()
    return found


def part_from_family(session: Session, reference: str) -> None:
    """Before a lead goes alone: what was merged into it belongs to where it was merged itself, else to the youngest."""
    mine = leads.c.merged_into == reference
    query = select(leads.c.reference).where(mine).order_by(leads.c.created_at.desc(), leads.c.reference)
    children = list(session.execute(query).scalars())
    if not children:
        return
    above = session.execute(select(leads.c.merged_into).where(leads.c.reference == reference)).scalar()
    head = above or children[0]
    session.execute(update(leads).where(mine).values(merged_into=head))
    if not above:
        session.execute(update(leads).where(leads.c.reference == head).values(merged_into=None))
