"""Sign-ins that are not over: a random id in an encrypted cookie, of which the database keeps the digest only.

Every function works in the caller's transaction.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.staff import accounts
from bot.staff.accounts import Account
from bot.staff.tables import staff_sessions

# Seen again within this time is not written down: reading a page stays reading.
SEEN_WITHIN = timedelta(seconds=60)


def begin(session: Session, name: str, now: datetime) -> str:
    """Sign an account in; returns the id for its cookie, which is new each time."""
    identifier = secrets.token_urlsafe(32)
    row = {"digest": _digest(identifier), "name": name, "began_at": now, "seen_at": now}
    session.execute(insert(staff_sessions).values(row))
    return identifier


def account_of(session: Session, identifier: str, settings: Settings, now: datetime) -> Account | None:
    """Whose session that is, which is seen with it; None where it is over, or the account is disabled.

    It is over `staff_idle_minutes` after it was last seen, and `staff_session_hours` after it began.
    """
    mine = staff_sessions.c.digest == _digest(identifier)
    row = session.execute(select(staff_sessions).where(mine)).first()
    if row is None:
        return None
    idle = now - row.seen_at > timedelta(minutes=settings.staff_idle_minutes)
    if idle or now - row.began_at > timedelta(hours=settings.staff_session_hours):
        session.execute(delete(staff_sessions).where(mine))
        return None
    if now - row.seen_at > SEEN_WITHIN:
        session.execute(update(staff_sessions).where(mine).values(seen_at=now))
    account = accounts.find(session, row.name)
    return account if account and account.disabled_at is None else None


def end(session: Session, identifier: str) -> None:
    """Sign out."""
    session.execute(delete(staff_sessions).where(staff_sessions.c.digest == _digest(identifier)))


def end_all(session: Session, name: str) -> int:
    """Sign an account out everywhere; returns how many sessions that were."""
    return int(session.execute(delete(staff_sessions).where(staff_sessions.c.name == name)).rowcount)


def _digest(identifier: str) -> str:
    return sha256(identifier.encode()).hexdigest()
