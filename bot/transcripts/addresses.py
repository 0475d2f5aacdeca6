"""Which conversation an address of a channel belongs to: ids are random ones of ours, addresses stand sealed."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.storage.sealing import sealer
from bot.transcripts.tables import addresses

ID_BYTES = 16


def find(session: Session, channel: str, address: str) -> str | None:
    """The conversation of an address; None where there is none yet. Raises SettingError where the keys are wrong."""
    found: str | None = session.execute(_query(channel, address)).scalar()
    return found


def _query(channel: str, address: str) -> Any:
    mine = (addresses.c.channel == channel, addresses.c.address_index == index_of(channel, address))
    return select(addresses.c.conversation_id).where(*mine)


def find_or_make(session: Session, channel: str, address: str, now: datetime) -> str:
    """The conversation of an address, a new one at its first message; two who make it at once get the same.

    It is not deleted before the transaction ends: what is stored beside it is not left behind.
    """
    mine = _query(channel, address).with_for_update(read=True)
    while True:
        found: str | None = session.execute(mine).scalar()
        if found is not None:
            return found
        _make(session, channel, address, now)


def _make(session: Session, channel: str, address: str, now: datetime) -> None:
    row = {
        "channel": channel,
        "address_index": index_of(channel, address),
        "address": address,
        "conversation_id": secrets.token_urlsafe(ID_BYTES),
        "created_at": now,
    }
    session.execute(insert_of(session)(addresses).values(row).on_conflict_do_nothing())


def address_of(session: Session, conversation: str) -> tuple[str, str] | None:
    """The channel and the address that a conversation is answered at; None for one that has none."""
    query = select(addresses.c.channel, addresses.c.address).where(addresses.c.conversation_id == conversation)
    row = session.execute(query).first()
    return (row.channel, row.address) if row else None


def hold(session: Session, conversation: str) -> None:
    """Let no message come in from the addresses of a conversation until the transaction ends."""
    query = select(addresses.c.address_index).where(addresses.c.conversation_id == conversation)
    session.execute(query.with_for_update()).all()


def lead_to(session: Session, conversation: str, another: str, now: datetime) -> None:
    """Let the addresses of a conversation begin another one."""
    mine = addresses.c.conversation_id == conversation
    session.execute(update(addresses).where(mine).values(conversation_id=another, created_at=now))


def forget(session: Session, conversation: str) -> None:
    """Delete the addresses of a conversation: the next message from there begins another."""
    session.execute(delete(addresses).where(addresses.c.conversation_id == conversation))


def index_of(channel: str, address: str) -> str:
    """The blind index that an address is found by."""
    return sealer().blind_index(f"address of {channel}", address)


def insert_of(session: Session) -> Any:
    """The INSERT of the database at hand, which knows what to do about a conflict."""
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
