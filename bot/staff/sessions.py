"""Sign-ins that are not over: a random id in an encrypted cookie, of which the database keeps the digest only.

Every function works in the caller's transaction.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.staff import accounts
from bot.staff.accounts import Account
from bot.staff.tables import staff, staff_sessions

# Seen again within this time is not written down: reading a page stays reading.
SEEN_WITHIN = timedelta(seconds=60)
# How long a password waits for its second factor.
CODE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Signed:
    """A sign-in: whose, and since when; `digest` is what the database knows it by."""

    account: Account
    digest: str
    began_at: datetime
    seen_at: datetime

    def is_over(self, settings: Settings, now: datetime) -> bool:
        """Whether it is `staff_idle_minutes` since it was last seen, or `staff_session_hours` since it began."""
        idle = now - self.seen_at > timedelta(minutes=settings.staff_idle_minutes)
        return idle or now - self.began_at > timedelta(hours=settings.staff_session_hours)

    def is_stale(self, now: datetime) -> bool:
        """Whether that it was seen is worth writing down again."""
        return now - self.seen_at > SEEN_WITHIN


def begin(session: Session, name: str, settings: Settings, now: datetime, *, password_only: bool = False) -> str:
    """Sign an account in; returns the id for its cookie, which is new each time. What is over goes."""
    _sweep(session, settings, now)
    identifier = secrets.token_urlsafe(32)
    row = {"digest": _digest(identifier), "name": name, "began_at": now, "seen_at": now, "password_only": password_only}
    session.execute(insert(staff_sessions).values(row))
    if not password_only:
        accounts.change(session, name, seen_at=now)
    return identifier


def find(session: Session, identifier: str) -> Signed | None:
    """The sign-in of an id, be it over or not; None where there is none, or its account is disabled."""
    found = _select(session, staff_sessions.c.digest == _digest(identifier))
    return found[0] if found else None


def of_account(session: Session, name: str, settings: Settings, now: datetime) -> list[Signed]:
    """An account's sign-ins that are not over, the one that was seen last first."""
    found = _select(session, staff_sessions.c.name == name)
    return [signed for signed in found if not signed.is_over(settings, now)]


def waiting(session: Session, identifier: str, now: datetime) -> str | None:
    """The account whose password was given a moment ago, and which still owes the second factor."""
    mine = staff_sessions.c.digest == _digest(identifier)
    recent = staff_sessions.c.began_at >= now - CODE_WITHIN
    query = select(staff_sessions.c.name).where(mine, recent, staff_sessions.c.password_only.is_(True))
    name: str | None = session.execute(query).scalar()
    return name


def note_seen(session: Session, signed: Signed, now: datetime) -> None:
    """Write down that somebody is at work."""
    session.execute(update(staff_sessions).where(staff_sessions.c.digest == signed.digest).values(seen_at=now))
    accounts.change(session, signed.account.name, seen_at=now)


def end(session: Session, identifier: str) -> None:
    """Sign out."""
    session.execute(delete(staff_sessions).where(staff_sessions.c.digest == _digest(identifier)))


def end_all(session: Session, name: str) -> int:
    """Sign an account out everywhere; returns how many sessions that were."""
    return int(session.execute(delete(staff_sessions).where(staff_sessions.c.name == name)).rowcount)


def _select(session: Session, which: object) -> list[Signed]:
    own = staff_sessions.c
    query = select(own.digest, own.began_at, own.seen_at, *accounts.COLUMNS).join_from(staff_sessions, staff)
    query = query.where(which, own.password_only.is_(False), staff.c.disabled_at.is_(None))
    rows = session.execute(query.order_by(own.seen_at.desc()))
    return [Signed(Account(*row[3:]), *row[:3]) for row in rows]


def _sweep(session: Session, settings: Settings, now: datetime) -> None:
    own = staff_sessions.c
    over = own.began_at < now - timedelta(hours=settings.staff_session_hours)
    idle = own.seen_at < now - timedelta(minutes=settings.staff_idle_minutes)
    session.execute(delete(staff_sessions).where(or_(over, idle)))


def _digest(identifier: str) -> str:
    return sha256(identifier.encode()).hexdigest()
