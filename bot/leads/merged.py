"""Which lead stands for which: staff merge leads of one person, and the one that is kept is shown for all of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.tables import leads


def kept_for(session: Session, reference: str) -> str:
    """The lead that stands for a lead: the one that it was merged into, else itself."""
    above = leads.alias()
    query = select(above.c.reference).join_from(leads, above, leads.c.merged_into == above.c.reference)
    into = session.execute(query.where(leads.c.reference == reference)).scalar()
    return reference if into is None else kept_for(session, into)


def family(session: Session, reference: str) -> tuple[str, ...]:
    """The lead that stands for a lead, then all that were merged into it, oldest first."""
    found = [kept_for(session, reference)]
    nearest = found
    while nearest:
        below = select(leads.c.reference).where(leads.c.merged_into.in_(nearest))
        nearest = list(session.execute(below.order_by(leads.c.created_at, leads.c.reference)).scalars())
        found = [*found, *nearest]
    return tuple(found)
