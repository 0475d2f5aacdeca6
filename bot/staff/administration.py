"""Changes to the staff's accounts, each with its row in the audit.

`actor` is operator or staff:NAME. Every function works in the caller's transaction, and raises AccountRefused for an
account that is not there, and for what would leave nobody to administer the console.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import AccountRefused
from bot.leads import audit
from bot.staff import accounts, sessions
from bot.staff.accounts import Account, Role
from bot.staff.tables import staff


def add(session: Session, name: str, role: Role, stored: str, actor: str, now: datetime) -> None:
    """Make an account with what is stored of its password."""
    accounts.insert_account(session, name, role, stored, now)
    audit.append(session, actor, "staff.added", name, None, {"role": role}, now)


def change_role(session: Session, name: str, role: Role, actor: str, now: datetime) -> None:
    """Let an account do more, or less, from its next page on."""
    account = _locked(session, name)
    if account.role == role:
        return
    if role != "admin":
        _require_another_admin(session, account)
    accounts.change(session, name, role=role)
    audit.append(session, actor, "staff.role", name, {"role": account.role}, {"role": role}, now)


def disable(session: Session, name: str, actor: str, now: datetime) -> None:
    """Shut an account out at once; what it did stays under its name."""
    account = _locked(session, name)
    if account.disabled_at:
        return
    _require_another_admin(session, account)
    accounts.change(session, name, disabled_at=now)
    ended = sessions.end_all(session, name)
    audit.append(session, actor, "staff.disabled", name, None, {"signed_out": ended}, now)


def enable(session: Session, name: str, actor: str, now: datetime) -> None:
    """Let a disabled account in again, with the password that it had."""
    if _locked(session, name).disabled_at:
        accounts.change(session, name, disabled_at=None)
        audit.append(session, actor, "staff.enabled", name, None, None, now)


def set_password(session: Session, name: str, stored: str, actor: str, now: datetime) -> None:
    """Replace a password, and sign the account out everywhere."""
    _locked(session, name)
    accounts.change(session, name, password=stored)
    ended = sessions.end_all(session, name)
    audit.append(session, actor, "staff.password", name, None, {"signed_out": ended}, now)


def change_zone(session: Session, name: str, zone: str | None, actor: str, now: datetime) -> None:
    """Show an account's dates in a time zone; None is that of its browser."""
    before = accounts.require(session, name).zone
    accounts.change(session, name, zone=zone)
    audit.append(session, actor, "staff.zone", name, {"zone": before}, {"zone": zone}, now)


def require_factor(session: Session, name: str, required: bool, actor: str, now: datetime) -> None:
    """Ask for a second factor from now on, or not any more; one that is set up is asked for in any case."""
    account = _locked(session, name)
    if account.totp_required != required:
        accounts.change(session, name, totp_required=required)
        change = ({"required": not required}, {"required": required})
        audit.append(session, actor, "staff.factor_required", name, *change, now)


def set_factor(session: Session, name: str, secret: str, step: int, actor: str, now: datetime) -> None:
    """Set the second factor up, whose code of `step` was just used, and sign the account out everywhere."""
    _locked(session, name)
    accounts.change(session, name, totp=secret, totp_used=step)
    ended = sessions.end_all(session, name)
    audit.append(session, actor, "staff.factor_set", name, None, {"signed_out": ended}, now)


def remove_factor(session: Session, name: str, actor: str, now: datetime) -> bool:
    """Take the second factor away, as for a telephone that is lost; returns whether there was one."""
    if not _locked(session, name).protected:
        return False
    accounts.change(session, name, totp=None, totp_used=None)
    audit.append(session, actor, "staff.factor_removed", name, None, None, now)
    return True


def sign_out(session: Session, name: str, actor: str, now: datetime) -> int:
    """Sign an account out everywhere; returns how many sign-ins ended."""
    _locked(session, name)
    ended = sessions.end_all(session, name)
    audit.append(session, actor, "staff.signed_out", name, None, {"signed_out": ended}, now)
    return ended


def _locked(session: Session, name: str) -> Account:
    """An account, while nobody else changes any: who is the last administrator is known until the commit."""
    session.execute(select(staff.c.name).order_by(staff.c.name).with_for_update())
    return accounts.require(session, name)


def _require_another_admin(session: Session, account: Account) -> None:
    admins = {each.name for each in accounts.everyone(session) if each.role == "admin" and not each.disabled_at}
    if admins == {account.name}:
        raise AccountRefused(f"{account.name} is the last administrator: make somebody else one first")
