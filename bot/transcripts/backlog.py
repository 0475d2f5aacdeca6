"""How far the messages and replies of all conversations are behind; nothing of what they say is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.transcripts import replies
from bot.transcripts.tables import inbox
from bot.transcripts.tables import replies as replies_table


@dataclass(frozen=True)
class Backlog:
    """How many messages wait for an answer, for how long the oldest has, how many replies wait for a channel, and how
    many were given up."""

    waiting: int
    oldest: timedelta
    replies: int
    dead: int


def backlog(session: Session, now: datetime) -> Backlog:
    """What waits at a time."""
    messages = select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.state == "waiting")
    waiting, since = session.execute(messages).one()
    unsent = select(func.count()).where(replies_table.c.dead_at.is_(None))
    oldest = max(now - since, timedelta(0)) if since else timedelta(0)
    return Backlog(waiting, oldest, int(session.execute(unsent).scalar_one()), replies.dead(session))
