"""Targets that said that they are gone: nothing is sent to them until somebody enables them again."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.leads.tables import disabled_targets


def disable(session: Session, name: str, reason: str, now: datetime) -> bool:
    """Send nothing to a target any more; False where that was so already."""
    known = select(disabled_targets.c.name).where(disabled_targets.c.name == name)
    if session.execute(known).first():
        return False
    # Two workers may hear it at once: the second one's row is the first one's, and its transaction is tried again.
    session.execute(insert(disabled_targets).values(name=name, disabled_at=now, reason=reason))
    return True


def enable(session: Session, name: str) -> bool:
    """Send to a target again, beginning with what has waited; False where it was not disabled."""
    return bool(session.execute(delete(disabled_targets).where(disabled_targets.c.name == name)).rowcount)


def disabled(session: Session) -> dict[str, datetime]:
    """The disabled targets, and since when (UTC)."""
    return {row.name: row.disabled_at for row in session.execute(select(disabled_targets))}
