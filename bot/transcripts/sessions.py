"""Sessions of the web chat: a token that this server signed stands for an address, and so for one conversation.

A token is `version.address.end.signature`: 128 random bits, the end of its life in seconds since 1970, and an HMAC
under the key of the blind indexes. The address is replaced by another one from time to time, and with it the token; of
a conversation's addresses the last two are good, so that a second tab can follow.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.errors import SessionRefused
from bot.storage.sealing import sealer
from bot.transcripts import addresses
from bot.transcripts.inbox import WEB
from bot.transcripts.tables import addresses as table

VERSION = "1"
BYTES = 16
ROTATED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Token:
    """A session's token, good for `seconds`."""

    text: str
    seconds: int


def new_address() -> str:
    """The address of a session that begins."""
    return secrets.token_urlsafe(BYTES)


def sign(address: str, now: datetime, life: timedelta) -> Token:
    """The token of an address."""
    end = int((now + life).timestamp())
    return Token(f"{VERSION}.{address}.{end}.{_signature(address, end)}", int(life.total_seconds()))


def verify(token: str, now: datetime) -> str:
    """The address of a token; raises SessionRefused where this server did not sign it, or its life is over."""
    version, _, rest = token.partition(".")
    address, _, rest = rest.partition(".")
    end, _, signature = rest.partition(".")
    if version != VERSION or not (token.isascii() and end.isdigit() and len(end) < 12):
        raise SessionRefused("no token of this server")
    if not hmac.compare_digest(signature, _signature(address, int(end))):
        raise SessionRefused("no token of this server")
    if datetime.fromtimestamp(int(end), timezone.utc) <= now:
        raise SessionRefused("the session is over")
    return address


def _signature(address: str, end: int) -> str:
    return sealer().blind_index("session", f"{VERSION}.{address}.{end}")


def known(session: Session, address: str) -> str | None:
    """The conversation of a session's address; None where nothing was said yet, or the session was ended."""
    return addresses.find(session, WEB, address)


def renew(session: Session, address: str, now: datetime) -> str:
    """The address to go on with: the same, or where that is old, another one of the same conversation."""
    mine = (table.c.channel == WEB, table.c.address_index == addresses.index_of(WEB, address))
    row = session.execute(select(table.c.conversation_id, table.c.created_at).where(*mine)).first()
    if row is None or now - row.created_at < ROTATED_AFTER:
        return address
    ours = (table.c.channel == WEB, table.c.conversation_id == row.conversation_id)
    newer = select(table.c.address).where(*ours, table.c.created_at > row.created_at).order_by(table.c.created_at)
    found: list[str] = list(session.execute(newer).scalars())
    if found:
        return found[-1]
    session.execute(delete(table).where(*ours, table.c.created_at < row.created_at))
    return _add(session, row.conversation_id, now)


def _add(session: Session, conversation: str, now: datetime) -> str:
    address = new_address()
    row = {
        "channel": WEB,
        "address_index": addresses.index_of(WEB, address),
        "address": address,
        "conversation_id": conversation,
        "created_at": now,
    }
    session.execute(insert(table).values(row))
    return address
