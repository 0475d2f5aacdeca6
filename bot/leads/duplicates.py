"""Leads that are probably of one person: staff are shown them; nothing is merged by itself."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.leads.tables import contacts, leads


def probable_duplicates(session: Session, reference: str) -> list[str]:
    """The references of other leads with the same e-mail address or phone number, oldest first."""
    indexes = (contacts.c.email_index, contacts.c.phone_index)
    mine = session.execute(select(*indexes).where(contacts.c.lead_reference == reference)).first()
    same = [column == value for column, value in zip(indexes, mine or (), strict=False) if value]
    if not same:
        return []
    query = select(leads.c.reference).join(contacts, contacts.c.lead_reference == leads.c.reference)
    others = query.where(or_(*same), leads.c.reference != reference)
    return list(session.execute(others.order_by(leads.c.created_at, leads.c.reference)).scalars())
