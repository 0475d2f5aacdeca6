"""Passwords of the staff: what is good enough to be one, what is stored of it, and whether one fits."""

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import AccountRefused

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else
GROUPS, GROUP = 4, 5


@lru_cache(maxsize=1)
def hasher() -> PasswordHasher:
    """Argon2id, with the parameters of RFC 9106's second choice."""
    return PasswordHasher()


def hashed(password: str) -> str:
    """What is stored of a password, in some 50 ms; raises AccountRefused for one that is too short, long or plain."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountRefused(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password.lower())) < FEWEST_DIFFERENT:
        raise AccountRefused(f"a password has at least {FEWEST_DIFFERENT} different characters")
    return hasher().hash(_normal(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was stored; for None, nobody's, it takes as long to say no."""
    try:
        return hasher().verify(stored or nobodys(), _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with parameters other than today's."""
    return hasher().check_needs_rehash(stored)


def generated() -> str:
    """A new random password of nearly 100 bits, in groups that can be read aloud."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


@lru_cache(maxsize=1)
def nobodys() -> str:
    """A hash that no account has; made at first use."""
    return hasher().hash(generated())


def _normal(password: str) -> str:
    """The same text from every keyboard: some send an accent as a character of its own."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()
