"""The staff's accounts: who they are, and what they may do.

Every function works in the caller's transaction.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.errors import AccountRefused
from bot.staff import passwords
from bot.staff.tables import staff

Role = Literal["reviewer", "clinician", "admin"]

# From the one who may do least to the one who may do most.
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Account:
    """A person of the staff; `zone` is an IANA time zone, `protected` whether a second factor is set up."""

    name: str
    role: Role
    created_at: datetime
    totp_required: bool = False
    protected: bool = False
    zone: str | None = None
    seen_at: datetime | None = None
    disabled_at: datetime | None = None

    def may(self, role: Role) -> bool:
        """Whether the account may do what is for `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


# What an account is read from: neither its password nor its secret.
PROTECTED = staff.c.totp.isnot(None).label("protected")
COLUMNS = tuple(PROTECTED if name == "protected" else staff.c[name] for name in Account.__dataclass_fields__)


def add(session: Session, name: str, role: Role, password: str, now: datetime) -> Account:
    """Make an account; raises AccountRefused for a name that is taken or is none, or a password that is none."""
    return insert_account(session, name, role, passwords.hashed(password), now)


def insert_account(session: Session, name: str, role: Role, stored: str, now: datetime) -> Account:
    """Make an account with what is stored of its password; raises AccountRefused as `add`."""
    require_free(session, name)
    row = {"name": name, "role": role, "password": stored, "totp_required": False, "created_at": now}
    session.execute(insert(staff).values(row))
    return Account(name, role, now)


def require_free(session: Session, name: str) -> None:
    """Raise AccountRefused unless an account of that name can be made."""
    if not NAME.fullmatch(name):
        raise AccountRefused(f"{name!r} is no name: 1 to 40 of a-z, 0-9, '.', '_' and '-', such as dana or j.ortiz")
    if find(session, name):
        raise AccountRefused(f"there is an account {name} already")


def require(session: Session, name: str) -> Account:
    """The account of a name; raises AccountRefused where there is none."""
    account = find(session, name)
    if account is None:
        raise AccountRefused(f"there is no account {name!r}; ./strand staff list shows them")
    return account


def find(session: Session, name: str) -> Account | None:
    """The account of a name, a disabled one too."""
    row = session.execute(select(*COLUMNS).where(staff.c.name == name)).first()
    return Account(*row) if row else None


def everyone(session: Session) -> list[Account]:
    """All accounts, by name."""
    return [Account(*row) for row in session.execute(select(*COLUMNS).order_by(staff.c.name))]


def change(session: Session, name: str, **values: Any) -> None:
    """Replace columns of an account."""
    session.execute(update(staff).where(staff.c.name == name).values(values))


def password_of(session: Session, name: str) -> str | None:
    """What is stored of an account's password; None where nobody signs in under that name."""
    enabled = staff.c.disabled_at.is_(None)
    stored: str | None = session.execute(select(staff.c.password).where(staff.c.name == name, enabled)).scalar()
    return stored
