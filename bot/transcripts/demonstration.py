"""Conversations that were invented to show the console: told from real ones by their ids, and put at times gone by.

A conversation that somebody had has a random id of 22 characters; an invented one is called demo-0001 and so on.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.transcripts import addresses, sessions
from bot.transcripts.inbox import WEB
from bot.transcripts.tables import addresses as table
from bot.transcripts.tables import conversations, turns

SHAPE = re.compile(r"demo-\d{4}")
LIKE = "demo-____"


def identifier(number: int) -> str:
    """The id of the invented conversation of that number."""
    return f"demo-{number:04d}"


def is_invented(conversation: str) -> bool:
    """Whether a conversation is the demonstration's."""
    return SHAPE.fullmatch(conversation) is not None


def invented(session: Session) -> list[str]:
    """The ids of all invented conversations, in their order."""
    found = session.execute(select(conversations.c.id).where(conversations.c.id.like(LIKE))).scalars()
    return sorted(filter(is_invented, found))


def any_invented(session: Session) -> bool:
    """Whether there is one; a cheap read."""
    return session.execute(select(conversations.c.id).where(conversations.c.id.like(LIKE)).limit(1)).first() is not None


def any_real(session: Session) -> bool:
    """Whether somebody talked here."""
    return (
        session.execute(select(conversations.c.id).where(conversations.c.id.not_like(LIKE)).limit(1)).first()
        is not None
    )


def put_at(session: Session, conversation: str, **times: datetime | None) -> None:
    """Have an invented conversation begin (`began_at`), be used last (`updated_at`) or be flagged (`flagged_at`) at
    times (UTC) that are gone by."""
    if not is_invented(conversation):
        raise ValueError("only invented conversations are put at another time")
    session.execute(update(conversations).where(conversations.c.id == conversation).values(times))


def give_address(session: Session, conversation: str, now: datetime) -> None:
    """Give a conversation an address of the web chat that no browser knows: who speaks to it is heard by nobody."""
    address = sessions.new_address()
    index = addresses.index_of(WEB, address)
    row = {"channel": WEB, "address_index": index, "address": address, "created_at": now}
    session.execute(insert(table).values(conversation_id=conversation, **row))


def led_on(session: Session, channel: str) -> list[tuple[str, datetime]]:
    """The invented conversations of a channel, and when each was used last (UTC)."""
    query = select(conversations.c.id, conversations.c.updated_at).where(conversations.c.channel == channel)
    rows = session.execute(query.order_by(conversations.c.id)).all()
    return [(row.id, row.updated_at) for row in rows if is_invented(row.id)]


def turns_of(session: Session, kinds: Sequence[str]) -> list[tuple[str, int, datetime]]:
    """The turns of the invented conversations that are of some kinds: conversation, number and time (UTC)."""
    query = select(turns.c.conversation_id, turns.c.sequence, turns.c.at).where(
        turns.c.kind.in_(kinds), turns.c.place == 0
    )
    rows = session.execute(query.order_by(turns.c.conversation_id, turns.c.sequence)).all()
    return [(row.conversation_id, row.sequence, row.at) for row in rows if is_invented(row.conversation_id)]
