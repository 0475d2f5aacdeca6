"""The second factor: six digits that an authenticator app makes of a secret and the time (TOTP, RFC 6238).

What has a session works in the caller's transaction.
"""

import hmac
from datetime import datetime

import pyotp
import segno
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.staff.tables import staff

ISSUER = "Strand"
STEPS = (0, -1, 1)  # of 30 s: clocks differ
GROUP = 4


def new_secret() -> str:
    """A secret of 160 bits, in base32."""
    return pyotp.random_base32()


def in_groups(secret: str) -> str:
    """A secret as one types it."""
    return " ".join(secret[place : place + GROUP] for place in range(0, len(secret), GROUP))


def image(secret: str, name: str) -> str:
    """What an authenticator app scans, as the address of an SVG image that holds itself."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    drawn: str = segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return drawn


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The number of the time step whose code this is, one step before or after the present allowed; else None."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now)
    fitting = [step for step in (present + each for each in STEPS) if _same(totp.generate_otp(step), digits)]
    return fitting[0] if fitting else None


def is_set(session: Session, name: str) -> bool:
    """Whether an account has a second factor."""
    return bool(session.execute(select(staff.c.totp.isnot(None)).where(staff.c.name == name)).scalar())


def use(session: Session, name: str, code: str, now: datetime) -> bool:
    """Whether a code is the account's; whichever was used, or is older than it, is none any more."""
    secret = session.execute(select(staff.c.totp).where(staff.c.name == name, staff.c.disabled_at.is_(None))).scalar()
    step = step_of(secret, code, now) if secret else None
    if step is None:
        return False
    unused = or_(staff.c.totp_used.is_(None), staff.c.totp_used < step)
    used = session.execute(update(staff).where(staff.c.name == name, unused).values(totp_used=step))
    return bool(used.rowcount)


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
