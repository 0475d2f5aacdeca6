"""The staff's accounts: who they are, what they may do, and whether a password is theirs.

Every function works in the caller's transaction.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.staff.tables import staff

Role = Literal["reviewer", "clinician", "admin"]

# From the one who may do least to the one who may do most.
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class Account:
    """A person of the staff; `zone` is an IANA time zone, `protected` whether a second factor is set up."""

    name: str
    role: Role
    created_at: datetime
    totp_required: bool = False
    protected: bool = False
    zone: str | None = None
    disabled_at: datetime | None = None

    def may(self, role: Role) -> bool:
        """Whether the account may do what is for `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


@lru_cache(maxsize=1)
def hasher() -> PasswordHasher:
    """Argon2id, with the parameters of RFC 9106's second choice."""
    return PasswordHasher()


def add(session: Session, name: str, role: Role, password: str, now: datetime) -> Account:
    """Make an account; raises SettingError for a name that is taken or is none, or a password that is too short."""
    if not NAME.fullmatch(name):
        raise SettingError(f"{name!r} is no name: 1 to 40 of a-z, 0-9, '.', '_' and '-', such as dana or j.ortiz")
    if find(session, name):
        raise SettingError(f"there is an account {name} already")
    row = {"name": name, "role": role, "password": hashed(password), "totp_required": False, "created_at": now}
    session.execute(insert(staff).values(row))
    return Account(name, role, now)


def hashed(password: str) -> str:
    """What is stored of a password; raises SettingError where it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise SettingError(f"a password has at least {SHORTEST_PASSWORD} characters")
    return hasher().hash(password)


def find(session: Session, name: str) -> Account | None:
    """The account of a name, a disabled one too."""
    row = session.execute(select(staff).where(staff.c.name == name)).mappings().first()
    return _account(row) if row else None


def everyone(session: Session) -> list[Account]:
    """All accounts, by name."""
    return [_account(row) for row in session.execute(select(staff).order_by(staff.c.name)).mappings()]


def change(session: Session, name: str, **values: Any) -> None:
    """Replace columns of an account."""
    session.execute(update(staff).where(staff.c.name == name).values(values))


def fits(session: Session, name: str, password: str) -> bool:
    """Whether a password is the account's; it takes as long where there is no such account."""
    known = session.execute(select(staff.c.password).where(staff.c.name == name)).scalar()
    try:
        return hasher().verify(known or _nobodys(), password) and known is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hasher().hash("the password of nobody")


def _account(row: Any) -> Account:
    protected = row["totp"] is not None
    return Account(
        row["name"], row["role"], row["created_at"], row["totp_required"], protected, row["zone"], row["disabled_at"]
    )
