"""The accounts of the demonstration: three people whose names end in .demo, as no account that is made otherwise."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.staff import accounts
from bot.staff.accounts import Role
from bot.staff.tables import staff, staff_sessions

PEOPLE: Mapping[str, Role] = {"dana.demo": "reviewer", "cleo.demo": "clinician", "adam.demo": "admin"}
PASSWORD_BYTES = 12


def new_passwords() -> dict[str, str]:
    """A password for each of them, which is kept nowhere."""
    return {name: secrets.token_urlsafe(PASSWORD_BYTES) for name in PEOPLE}


def add_accounts(session: Session, stored: Mapping[str, str], now: datetime) -> bool:
    """Make the accounts with what is stored of their passwords; False where there is any account, and none is made."""
    if session.execute(select(staff.c.name).limit(1)).first() is not None:
        return False
    for name, role in PEOPLE.items():
        accounts.insert_account(session, name, role, stored[name], now)
    return True


def remove_accounts(session: Session) -> int:
    """Delete the accounts and sign them out; returns how many there were."""
    for table in (staff_sessions, staff):
        gone = session.execute(delete(table).where(table.c.name.in_(PEOPLE)))
    return int(gone.rowcount)
