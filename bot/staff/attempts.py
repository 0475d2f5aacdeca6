"""Tries to sign in, counted per account and per internet address: after five failures, each costs more time.

A try is counted as a failure before it is looked at, and forgiven afterwards: a hundred at once are worth no more than
a hundred one after the other. Every function works in the caller's transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.staff.tables import sign_in_failures
from bot.storage.sealing import sealer

Proof = Literal["password", "code"]

FREE_FAILURES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Keys:
    """What a try is counted by: what proves an account, whether it exists or not, and where the try comes from."""

    account: str
    address: str


@dataclass(frozen=True)
class Try:
    """`wait` is how long it has to wait, nothing where it may be looked at; `cost` is what it costs if it fails."""

    wait: timedelta
    cost: timedelta


def keys_of(proof: Proof, name: str, address: str) -> Keys:
    """The keys of a try, which tell neither the name nor the address."""
    seal = sealer().blind_index
    return Keys(seal(f"sign-in {proof}", name), seal("sign-in address", address))


def begin(session: Session, keys: Keys, now: datetime) -> Try:
    """Count a try, where there may be one now."""
    session.execute(delete(sign_in_failures).where(sign_in_failures.c.last_at < now - FORGOTTEN_AFTER))
    rows = [_locked(session, key, now) for key in sorted({keys.account, keys.address})]
    wait = max((row.free_at - now for row in rows if row.free_at), default=NO_TIME)
    if wait > NO_TIME:
        return Try(wait, NO_TIME)
    return Try(NO_TIME, max(_count(session, row, now) for row in rows))


def forgive(session: Session, keys: Keys, now: datetime) -> None:
    """Somebody is who they say: nothing is held against the account, nor its failures against the address."""
    rows = {key: _locked(session, key, now) for key in sorted({keys.account, keys.address})}
    own, all_there = rows[keys.account].failures, rows[keys.address].failures
    for key, left in ((keys.account, 0), (keys.address, max(0, all_there - own))):
        row = update(sign_in_failures).where(sign_in_failures.c.key == key)
        session.execute(row.values(failures=left, free_at=None))


def _locked(session: Session, key: str, now: datetime) -> Any:
    """The row of a key, which nobody else counts in until the end of this transaction."""
    kinds = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    new = kinds[session.get_bind().dialect.name](sign_in_failures).values(key=key, failures=0, last_at=now)
    session.execute(new.on_conflict_do_update(index_elements=["key"], set_={"key": key}))
    return session.execute(select(sign_in_failures).where(sign_in_failures.c.key == key)).one()


def _count(session: Session, row: Any, now: datetime) -> timedelta:
    """Count a failure; returns how long the next try has to wait for it."""
    failures = row.failures + 1
    doublings = min(failures - FREE_FAILURES, 10)  # far beyond the longest wait
    cost = NO_TIME if doublings < 0 else min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    values = {"failures": failures, "last_at": now, "free_at": now + cost if cost else None}
    session.execute(update(sign_in_failures).where(sign_in_failures.c.key == row.key).values(values))
    return cost
