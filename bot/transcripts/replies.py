"""The replies that wait for a channel, in SQL: claimed under a lease, sent in order for each address, gone when sent.

Every function works in the caller's transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.transcripts.addresses import index_of
from bot.transcripts.tables import opt_outs, replies

KEPT = timedelta(hours=48)


@dataclass(frozen=True)
class Claimed:
    """A reply that this process may send until `until`: `said` is JSON-like data, `part` how much of it was sent."""

    row: int
    conversation: str
    channel: str
    address: str
    said: Mapping[str, Any]
    part: int
    attempts: int
    until: datetime


def put(
    session: Session, conversation: str, channel: str, address: str, said: Mapping[str, Any], now: datetime
) -> None:
    """Let a reply wait for its channel."""
    row = {
        "conversation_id": conversation,
        "channel": channel,
        "address_index": index_of(channel, address),
        "address": address,
        "body": json.dumps(said),
        "part": 0,
        "created_at": now,
        "available_at": now,
        "attempts": 0,
    }
    session.execute(insert(replies).values(row))


def claim(
    session: Session, worker: str, channels: Sequence[str], now: datetime, lease: timedelta, most: int
) -> list[Claimed]:
    """The replies that are due, at most the oldest of each address, for `worker` alone until the lease ends."""
    earlier = replies.alias()
    behind = exists().where(
        earlier.c.address_index == replies.c.address_index, earlier.c.id < replies.c.id, earlier.c.dead_at.is_(None)
    )
    due = and_(replies.c.dead_at.is_(None), replies.c.available_at <= now, replies.c.channel.in_(channels), ~behind)
    free = or_(replies.c.locked_until.is_(None), replies.c.locked_until <= now)
    query = select(replies).where(due, free).order_by(replies.c.id).limit(most)
    rows = session.execute(query.with_for_update(of=replies, skip_locked=True)).all()
    until = now + lease
    taken = {"locked_by": worker, "locked_until": until, "attempts": replies.c.attempts + 1}
    session.execute(update(replies).where(replies.c.id.in_([row.id for row in rows])).values(taken))
    return [_claimed(row, until) for row in rows]


def _claimed(row: Any, until: datetime) -> Claimed:
    said = json.loads(row.body)
    return Claimed(row.id, row.conversation_id, row.channel, row.address, said, row.part, row.attempts + 1, until)


def any_due(session: Session, channels: Sequence[str], now: datetime) -> bool:
    """Whether there is a reply to claim, at a look that keeps no writer waiting."""
    due = (replies.c.dead_at.is_(None), replies.c.available_at <= now, replies.c.channel.in_(channels))
    free = or_(replies.c.locked_until.is_(None), replies.c.locked_until <= now)
    return session.execute(select(replies.c.id).where(*due, free).limit(1)).first() is not None


def sent_part(session: Session, worker: str, row: int, part: int) -> None:
    """Note that the first `part` parts of a reply are sent."""
    session.execute(update(replies).where(*_mine(worker, row)).values(part=part))


def sent(session: Session, worker: str, row: int) -> None:
    """A reply is sent: nothing of it stays here."""
    session.execute(delete(replies).where(*_mine(worker, row)))


def postpone(session: Session, worker: str, row: int, due: datetime, error: str) -> None:
    """Try a reply again, not before `due`."""
    values = {"available_at": due, "locked_by": None, "locked_until": None, "last_error": error}
    session.execute(update(replies).where(*_mine(worker, row)).values(values))


def give_up(session: Session, worker: str, row: int, now: datetime, error: str) -> None:
    """A reply will not be sent; what it said is taken out, and the ones behind it go on."""
    values = {"dead_at": now, "body": None, "address": None, "locked_by": None, "last_error": error}
    session.execute(update(replies).where(*_mine(worker, row)).values(values))


def _mine(worker: str, row: int) -> tuple[Any, ...]:
    return replies.c.id == row, replies.c.locked_by == worker


def forget(session: Session, conversation: str) -> None:
    """Delete what still waits to be sent of a conversation."""
    session.execute(delete(replies).where(replies.c.conversation_id == conversation))


def dead(session: Session) -> int:
    """How many replies were given up."""
    return int(session.execute(select(func.count()).where(replies.c.dead_at.is_not(None))).scalar_one())


def expired(now: datetime) -> Any:
    """The condition for rows that nobody will send any more."""
    return replies.c.created_at < now - KEPT


def opt_out(session: Session, channel: str, address: str, now: datetime) -> None:
    """Note that an address wants nothing sent to it any more."""
    if not opted_out(session, channel, address):
        row = {"channel": channel, "address_index": index_of(channel, address), "at": now}
        session.execute(insert(opt_outs).values(row))


def opt_in(session: Session, channel: str, address: str) -> bool:
    """Note that an address wants to be answered again; whether it had opted out."""
    return bool(session.execute(delete(opt_outs).where(*_of(channel, address))).rowcount)


def opted_out(session: Session, channel: str, address: str) -> bool:
    """Whether an address wants nothing sent to it."""
    return session.execute(select(opt_outs.c.at).where(*_of(channel, address))).first() is not None


def _of(channel: str, address: str) -> tuple[Any, ...]:
    return opt_outs.c.channel == channel, opt_outs.c.address_index == index_of(channel, address)
