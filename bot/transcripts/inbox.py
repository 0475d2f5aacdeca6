"""The inbox in SQL: what came in is stored before it is worked on, found again when it is sent again, and done once.

Every function works in the caller's transaction.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.errors import DatabaseUnavailable
from bot.storage.sealing import sealer
from bot.transcripts import addresses
from bot.transcripts.tables import inbox

WEB = "web"
KEPT = timedelta(hours=48)
MOST_OPEN = 20

State = Literal["waiting", "failed", "noticed"]


@dataclass(frozen=True)
class Inbound:
    """A message from an address of a channel; `message_id` is the provider's id of it, or on the web the client's."""

    channel: str
    address: str
    message_id: str
    text: str
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its answer: number `row` of the inbox, taken up `attempts` times after a failure.

    There are `more` where another one waits behind it.
    """

    row: int
    conversation: str
    channel: str
    message_id: str
    text: str
    metadata: Mapping[str, Any] | None
    attempts: int
    more: bool = False


@dataclass(frozen=True)
class Accepted:
    """Where a message was stored; `fresh` where it is new, or waits anew, and `waits` where it waits for its answer.

    It is the `next` one where no other of its conversation waits.
    """

    conversation: str
    fresh: bool
    waits: bool = False
    next: Waiting | None = None


@dataclass(frozen=True)
class Open:
    """A message on the web that no turn has answered; `notice` is what was said instead, as JSON-like data."""

    message_id: str
    text: str
    state: State
    at: datetime
    notice: Mapping[str, Any] | None


def accept(session: Session, inbound: Inbound, now: datetime) -> Accepted:
    """Store a message, unless it is known; on the web, one that had failed waits again when it is sent again."""
    conversation = addresses.find_or_make(session, inbound.channel, inbound.address, now)
    key = _key(inbound, conversation)
    if _store(session, inbound, conversation, key, now):
        first = next_waiting(session, conversation)
        alone = first if first and not first.more else None
        return Accepted(conversation, fresh=True, waits=True, next=alone)
    known = session.execute(select(inbox.c.id, inbox.c.state).where(inbox.c.key == key)).one()
    revived = known.state == "failed" and inbound.channel == WEB and _revive(session, known.id)
    return Accepted(conversation, revived, revived or known.state == "waiting")


def _key(inbound: Inbound, conversation: str) -> str:
    # A web session's address changes from time to time, a provider's stays when its conversation is deleted.
    whose = conversation if inbound.channel == WEB else inbound.address
    return sealer().blind_index(f"message of {inbound.channel}", f"{whose}\0{inbound.message_id}")


def _store(session: Session, inbound: Inbound, conversation: str, key: str, now: datetime) -> bool:
    row = {
        "key": key,
        "conversation_id": conversation,
        "channel": inbound.channel,
        "message_id": inbound.message_id if inbound.channel == WEB else secrets.token_urlsafe(12),
        "body": json.dumps({"text": inbound.text, "metadata": inbound.metadata}),
        "state": "waiting",
        "attempts": 0,
        "received_at": now,
    }
    statement = addresses.insert_of(session)(inbox).values(row).on_conflict_do_nothing()
    return bool(session.execute(statement).rowcount)


def remember(session: Session, inbound: Inbound, now: datetime) -> bool:
    """Note a message that no turn answers, such as a picture, by its id alone; false where it is known already."""
    row = {
        "key": _key(inbound, ""),
        "conversation_id": "",
        "channel": inbound.channel,
        "message_id": secrets.token_urlsafe(12),
        "state": "done",
        "attempts": 0,
        "received_at": now,
    }
    statement = addresses.insert_of(session)(inbox).values(row).on_conflict_do_nothing()
    return bool(session.execute(statement).rowcount)


def _revive(session: Session, row: int) -> bool:
    failed = (inbox.c.id == row, inbox.c.state == "failed")
    changed = session.execute(update(inbox).where(*failed).values(state="waiting", notice=None, attempts=0))
    return bool(changed.rowcount)


def next_waiting(session: Session, conversation: str) -> Waiting | None:
    """The oldest message of a conversation that waits for its answer."""
    mine = (inbox.c.conversation_id == conversation, inbox.c.state == "waiting")
    query = select(inbox, func.count().over().label("count")).where(*mine).order_by(inbox.c.id).limit(1)
    row = session.execute(query).first()
    if row is None:
        return None
    body = json.loads(row.body)
    said = (row.message_id, body["text"], body["metadata"])
    return Waiting(row.id, row.conversation_id, row.channel, *said, row.attempts, more=row.count > 1)


def waiting_conversations(session: Session, before: datetime) -> list[str]:
    """The conversations with a message that has waited since before a time."""
    query = select(inbox.c.conversation_id).where(inbox.c.state == "waiting", inbox.c.received_at < before).distinct()
    return list(session.execute(query).scalars())


def take_up(session: Session, row: int) -> None:
    """Count that a message, left behind by a process that ended or by a turn that failed, is worked on again."""
    session.execute(update(inbox).where(inbox.c.id == row).values(attempts=inbox.c.attempts + 1))


def finish(session: Session, row: int) -> None:
    """Mark a message as answered by the turn of this transaction; raises DatabaseUnavailable where it was already."""
    _settle(session, row, state="done", body=None, notice=None)


def give_notice(session: Session, row: int, state: Literal["failed", "done"], notice: Mapping[str, Any]) -> None:
    """Mark a message as one that no turn answers, with what is said instead; raises DatabaseUnavailable where it does
    not wait any more."""
    _settle(session, row, state=state, notice=json.dumps(notice))


def _settle(session: Session, row: int, **values: object) -> None:
    waiting = (inbox.c.id == row, inbox.c.state == "waiting")
    if session.execute(update(inbox).where(*waiting).values(**values)).rowcount != 1:
        raise DatabaseUnavailable("another process has answered this message meanwhile")


def still_waits(session: Session, row: int) -> bool:
    """Whether a message waits for its answer, which it then cannot get before the transaction ends."""
    query = select(inbox.c.id).where(inbox.c.id == row, inbox.c.state == "waiting").with_for_update()
    return session.execute(query).first() is not None


def open_messages(session: Session, conversation: str) -> list[Open]:
    """The last messages of a conversation on the web that no turn has answered, oldest first."""
    unanswered = or_(inbox.c.state != "done", inbox.c.notice.is_not(None))
    mine = and_(inbox.c.conversation_id == conversation, inbox.c.channel == WEB, unanswered)
    rows = session.execute(select(inbox).where(mine).order_by(inbox.c.id.desc()).limit(MOST_OPEN)).all()
    return [_open(row) for row in reversed(rows)]


def _open(row: Any) -> Open:
    state: State = "noticed" if row.state == "done" else row.state
    notice = json.loads(row.notice) if row.notice else None
    return Open(row.message_id, json.loads(row.body)["text"], state, row.received_at, notice)


def wipe(session: Session, conversation: str) -> None:
    """Take out what the messages of a conversation said that no turn has answered, but for those that still wait.

    On the web one that had failed is unknown afterwards, so that it is answered where it is sent again.
    """
    mine = inbox.c.conversation_id == conversation
    session.execute(delete(inbox).where(mine, inbox.c.state == "failed", inbox.c.channel == WEB))
    noticed = (mine, inbox.c.state != "waiting", inbox.c.notice.is_not(None))
    session.execute(update(inbox).where(*noticed).values(body=None, notice=None, state="done"))


def set_apart(session: Session, conversation: str, now: datetime) -> str | None:
    """Let the messages of a conversation that wait begin another one of the same address, whose id is returned; None
    where there are none."""
    addresses.hold(session, conversation)
    waiting = (inbox.c.conversation_id == conversation, inbox.c.state == "waiting")
    another = secrets.token_urlsafe(addresses.ID_BYTES)
    if not session.execute(update(inbox).where(*waiting).values(conversation_id=another)).rowcount:
        return None
    addresses.lead_to(session, conversation, another, now)
    return another


def forget(session: Session, conversation: str) -> int:
    """Take out all that a conversation's messages said, also of those that wait, and whose they are; returns how many
    there were. What stays says only that a message was known."""
    addresses.hold(session, conversation)
    emptied = {"body": None, "notice": None, "state": "done", "conversation_id": "", "message_id": ""}
    mine = inbox.c.conversation_id == conversation
    return int(session.execute(update(inbox).where(mine).values(emptied)).rowcount)


def expired(now: datetime) -> Any:
    """The condition for rows that need not be kept any more: providers send a message again for 48 hours at most."""
    return and_(inbox.c.received_at < now - KEPT, inbox.c.state != "waiting")
