"""The replies that wait for a channel, in SQL: claimed under a lease, sent in order for each address, gone when sent.

Every function works in the caller's transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Text, and_, delete, exists, func, insert, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.storage.sealing import sealer
from bot.transcripts.addresses import index_of
from bot.transcripts.tables import opt_outs, replies

KEPT = timedelta(hours=48)

State = Literal["sent", "unwanted", "retry", "unsent", "given_up"]


@dataclass(frozen=True)
class Claimed:
    """A reply that one worker may send until `until` (UTC): `said` is JSON-like data, `part` how much of it was sent.

    `address` and `said` are None where the keys do not open them; `attempts` counts the claims, this one included.
    `opted_out` is whether its address wants nothing sent to it.
    """

    row: int
    conversation: str
    channel: str
    address: str | None
    said: Mapping[str, Any] | None
    part: int
    attempts: int
    until: datetime
    opted_out: bool


@dataclass(frozen=True)
class Settlement:
    """What became of a claimed reply, of which `part` parts are sent.

    Sent; unwanted, by someone who has opted out; to be tried again at `due`; the same, as if it had not been claimed;
    or given up.
    """

    reply: Claimed
    state: State
    part: int
    due: datetime
    error: str | None = None


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


def _claimable(channels: Sequence[str], now: datetime) -> Any:
    """The condition for replies that are due, at most the oldest of each address."""
    earlier = replies.alias()
    behind = exists().where(
        earlier.c.address_index == replies.c.address_index, earlier.c.id < replies.c.id, earlier.c.dead_at.is_(None)
    )
    free = or_(replies.c.locked_until.is_(None), replies.c.locked_until <= now)
    waits = and_(replies.c.dead_at.is_(None), replies.c.available_at <= now, replies.c.channel.in_(channels))
    return and_(waits, free, ~behind)


def any_due(session: Session, channels: Sequence[str], now: datetime) -> bool:
    """Whether there is a reply to claim, at a look that keeps no writer waiting."""
    return session.execute(select(replies.c.id).where(_claimable(channels, now)).limit(1)).first() is not None


def claim(session: Session, worker: str, room: Mapping[str, int], now: datetime, lease: timedelta) -> list[Claimed]:
    """The replies that are due, at most the oldest of each address and so many of a channel as it has `room` for.

    They are for `worker` alone until the lease ends; those that another one holds stay.
    """
    found = [reply for channel, most in room.items() for reply in _claim_of(session, channel, most, now, now + lease)]
    taken = {"locked_by": worker, "locked_until": now + lease, "attempts": replies.c.attempts + 1}
    if found:
        session.execute(update(replies).where(replies.c.id.in_([reply.row for reply in found])).values(taken))
    return found


def _claim_of(session: Session, channel: str, most: int, now: datetime, until: datetime) -> list[Claimed]:
    same = (opt_outs.c.channel == replies.c.channel, opt_outs.c.address_index == replies.c.address_index)
    columns = (replies.c.id, replies.c.conversation_id, replies.c.channel, replies.c.part, replies.c.attempts)
    # Opened one by one here: what other keys have sealed holds up no other.
    sealed = (type_coerce(replies.c.address, Text).label("address"), type_coerce(replies.c.body, Text).label("body"))
    query = select(*columns, *sealed, exists().where(*same).label("opted_out")).where(_claimable([channel], now))
    query = query.order_by(replies.c.id).limit(most).with_for_update(of=replies, skip_locked=True)
    return [_claimed(row, until) for row in session.execute(query)]


def _claimed(row: Any, until: datetime) -> Claimed:
    address, body = _opened(row.address), _opened(row.body)
    said = json.loads(body) if body is not None else None
    attempts, opted_out = row.attempts + 1, bool(row.opted_out)
    return Claimed(row.id, row.conversation_id, row.channel, address, said, row.part, attempts, until, opted_out)


def _opened(token: str) -> str | None:
    try:
        return sealer().unseal(token)
    except SettingError:
        return None


def sent_part(session: Session, worker: str, reply: Claimed, part: int) -> bool:
    """Note that the first `part` parts of a reply are sent; False where the reply is not the worker's any more."""
    return bool(session.execute(update(replies).where(*_mine(worker, reply)).values(part=part)).rowcount)


def settle(session: Session, worker: str, settlements: Sequence[Settlement], now: datetime) -> list[Settlement]:
    """Write down what became of replies; returns those that `worker` still held, the others are left as they are.

    Nothing that was said stays here of one that is sent, unwanted or given up.
    """
    return [settlement for settlement in settlements if _settle(session, worker, settlement, now)]


def _settle(session: Session, worker: str, settlement: Settlement, now: datetime) -> bool:
    mine = _mine(worker, settlement.reply)
    if settlement.state in ("sent", "unwanted"):
        return bool(session.execute(delete(replies).where(*mine)).rowcount)
    values: dict[str, Any] = {"part": settlement.part, "locked_by": None, "locked_until": None}
    if settlement.state == "given_up":
        values |= {"dead_at": now, "body": None, "address": None, "last_error": settlement.error}
    else:
        values |= {"available_at": settlement.due, "last_error": settlement.error}
    if settlement.state == "unsent":
        values["attempts"] = settlement.reply.attempts - 1
    return bool(session.execute(update(replies).where(*mine).values(values)).rowcount)


def _mine(worker: str, reply: Claimed) -> tuple[Any, ...]:
    # The lease's end is compared too: a worker may hold the same reply again, under a new lease.
    return replies.c.id == reply.row, replies.c.locked_by == worker, replies.c.locked_until == reply.until


def forget(session: Session, conversation: str) -> None:
    """Delete what still waits to be sent of a conversation."""
    session.execute(delete(replies).where(replies.c.conversation_id == conversation))


def drop(session: Session, channel: str, address: str) -> None:
    """Delete what still waits to be sent to an address."""
    session.execute(delete(replies).where(replies.c.address_index == index_of(channel, address)))


def unsent(session: Session, conversation: str) -> tuple[int, int]:
    """How many replies of a conversation wait for their channel, and how many were given up."""
    query = select(func.count(), func.count(replies.c.dead_at)).where(replies.c.conversation_id == conversation)
    every, lost = session.execute(query).one()
    return every - lost, lost


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
