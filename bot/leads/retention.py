"""Keeps nothing longer than it may be kept: old leads, unused conversations, and what was left half-finished, go.

Everything goes in batches, each a short transaction that looks again at what it takes: whoever comes back in the
meantime is kept, and a run that was cut short is taken up by the next one.
"""

import asyncio
import calendar
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Table, and_, delete, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from bot.leads import notices as told
from bot.leads.erasure import DELIVERIES_KEPT, give_receipt, remove_lead, remove_transcript
from bot.leads.tables import leads, notices, outbox
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.engine import forget_for_good
from bot.transcripts import addresses as channel_addresses
from bot.transcripts import archive
from bot.transcripts import inbox as messages
from bot.transcripts import replies as channel_replies
from bot.transcripts.tables import addresses, conversations, inbox, replies

ASKED_BY = "retention"
BATCH = 50
# Between two batches other writers get their turn: SQLite lets nobody queue.
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Retained:
    """How much went: conversations and leads erased, half-finished checks and hand-offs emptied (`expired`), rows of
    messages to targets, addresses, rows of the inbox (`messages`) and of replies to a channel, and what was noted of
    notices to the staff."""

    conversations: int = 0
    leads: int = 0
    expired: int = 0
    deliveries: int = 0
    addresses: int = 0
    messages: int = 0
    replies: int = 0
    notices: int = 0


@dataclass(frozen=True)
class _Limits:
    """What is older than these times goes; all UTC."""

    now: datetime
    unused: datetime
    lead: datetime
    delivered: datetime


async def retain(database: Database, settings: Settings, now: datetime, dry_run: bool = False) -> Retained:
    """Let go of what `settings` keep no longer; a dry run changes nothing and returns what would go.

    Leads go `lead_months` calendar months after they were made, conversations `conversation_days` after they were last
    used; a conversation lives at least as long as its leads. Where a lead goes and its conversation was used since, the
    conversation stays without the contact details. Raises DatabaseUnavailable; whole batches are done by then.
    """
    limits = _limits(settings, now)
    if dry_run:
        return await database.run(lambda session: _count_all(session, limits), read_only=True)
    total = Counter[str]()
    # Messages and replies first: what would go with a conversation is counted once.
    for kind in (_MESSAGES, _REPLIES, _LEADS, _CONVERSATIONS, _HALF_FINISHED, _DELIVERIES, _ADDRESSES, _NOTICES):
        total += await _in_batches(database, kind, limits)
    return Retained(**{field.name: total[field.name] for field in fields(Retained)})


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time that many calendar months earlier, or the last day of a month that is shorter."""
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, calendar.monthrange(years, month + 1)[1])
    return now.replace(year=years, month=month + 1, day=day)


def _limits(settings: Settings, now: datetime) -> _Limits:
    unused = now - timedelta(days=settings.conversation_days)
    return _Limits(now, unused, months_before(now, settings.lead_months), now - DELIVERIES_KEPT)


async def _in_batches(database: Database, kind: "_Kind", limits: _Limits) -> Counter[str]:
    total = Counter[str]()
    while True:
        # Looked for without keeping writers waiting; what was found is looked at again where it is taken.
        found = await database.run(partial(_find, kind=kind, limits=limits), read_only=True)
        taken = await database.run(partial(_take, kind=kind, found=found, limits=limits)) if found else None
        if not taken:
            return total
        total += taken
        await asyncio.sleep(PAUSE_SECONDS)


def _find(session: Session, kind: "_Kind", limits: _Limits) -> list[str]:
    query = select(kind.column).where(kind.condition(limits)).order_by(kind.oldest).limit(BATCH * kind.times)
    return list(session.execute(query).scalars())


def _take(session: Session, kind: "_Kind", found: Sequence[str], limits: _Limits) -> Counter[str]:
    """Take those of `found` that may still go, locked where the database can; with a receipt where one is due."""
    query = select(kind.column).where(kind.column.in_(found), kind.condition(limits)).order_by(kind.column)
    still = list(session.execute(query.with_for_update(of=kind.column.table)).scalars())
    counts = kind.take(session, still, limits)
    if counts and kind.receipt:
        give_receipt(session, counts, ASKED_BY, limits.now)
    return counts


def _old(limits: _Limits) -> Any:
    return leads.c.created_at < limits.lead


def _unused(limits: _Limits) -> Any:
    """Conversations that nobody has used, that no lead keeps alive, and in which no message waits."""
    living = exists().where(leads.c.conversation_id == conversations.c.id, not_(_old(limits)))
    back = exists().where(inbox.c.conversation_id == conversations.c.id, inbox.c.state == "waiting")
    return and_(conversations.c.updated_at < limits.unused, not_(living), not_(back))


def _half_finished(limits: _Limits) -> Any:
    return conversations.c.expires_at <= limits.now


def _delivered_long_ago(limits: _Limits) -> Any:
    return outbox.c.delivered_at < limits.delivered


def _led_nowhere(limits: _Limits) -> Any:
    """Addresses whose first message was never stored."""
    used = exists().where(conversations.c.id == addresses.c.conversation_id)
    living = exists().where(leads.c.conversation_id == addresses.c.conversation_id, not_(_old(limits)))
    back = exists().where(inbox.c.conversation_id == addresses.c.conversation_id, inbox.c.state == "waiting")
    return and_(addresses.c.created_at < limits.unused, not_(used), not_(living), not_(back))


def _known_long_enough(limits: _Limits) -> Any:
    return messages.expired(limits.now)


def _too_late_to_send(limits: _Limits) -> Any:
    return channel_replies.expired(limits.now)


def _told_long_ago(limits: _Limits) -> Any:
    return told.expired(limits.now)


def _let_leads_go(session: Session, references: Sequence[str], limits: _Limits) -> Counter[str]:
    counts = Counter[str]()
    query = select(leads.c.conversation_id).where(leads.c.reference.in_(references)).distinct()
    homes = list(session.execute(query).scalars())
    for reference in references:
        counts += remove_lead(session, reference, limits.now)
    for conversation in homes:
        counts += _leave_home(session, conversation, limits)
    return counts


def _leave_home(session: Session, conversation: str, limits: _Limits) -> Counter[str]:
    """What becomes of the conversation of a lead that is gone."""
    if session.execute(select(leads.c.reference).where(leads.c.conversation_id == conversation)).first():
        return Counter()
    query = select(conversations.c.id).where(conversations.c.id == conversation, _unused(limits))
    if session.execute(query.with_for_update(of=conversations)).first():
        return remove_transcript(session, conversation)
    archive.redact_contact(session, conversation)
    return Counter()


def _let_conversations_go(session: Session, ids: Sequence[str], _limits: _Limits) -> Counter[str]:
    counts = Counter[str]()
    for conversation in ids:
        channel_addresses.hold(session, conversation)
        # Looked at once more: from here on nobody comes back in the middle.
        if messages.next_waiting(session, conversation) is None:
            counts += remove_transcript(session, conversation)
    return counts


def _expire(session: Session, ids: Sequence[str], _limits: _Limits) -> Counter[str]:
    for conversation in ids:
        archive.expire(session, conversation)
    return +Counter(expired=len(ids))


def _let_deliveries_go(session: Session, ids: Sequence[str], _limits: _Limits) -> Counter[str]:
    return +Counter(deliveries=session.execute(delete(outbox).where(outbox.c.id.in_(ids))).rowcount)


def _let_addresses_go(session: Session, ids: Sequence[str], _limits: _Limits) -> Counter[str]:
    forget_for_good(session.connection())
    gone = delete(addresses).where(addresses.c.conversation_id.in_(ids))
    return +Counter(addresses=session.execute(gone).rowcount)


def _let_messages_go(session: Session, ids: Sequence[str], _limits: _Limits) -> Counter[str]:
    forget_for_good(session.connection())
    return +Counter(messages=session.execute(delete(inbox).where(inbox.c.id.in_(ids))).rowcount)


def _let_replies_go(session: Session, ids: Sequence[str], _limits: _Limits) -> Counter[str]:
    forget_for_good(session.connection())
    return +Counter(replies=session.execute(delete(replies).where(replies.c.id.in_(ids))).rowcount)


def _let_notices_go(session: Session, subjects: Sequence[str], limits: _Limits) -> Counter[str]:
    gone = delete(notices).where(notices.c.subject.in_(subjects), _told_long_ago(limits))
    return +Counter(notices=session.execute(gone).rowcount)


@dataclass(frozen=True)
class _Kind:
    """What goes in one way: which rows, the oldest first, and how to take them; erasures leave a receipt a batch.

    Of what costs little, `times` as much goes at once.
    """

    column: Any
    condition: Callable[[_Limits], Any]
    oldest: Any
    take: Callable[[Session, Sequence[str], _Limits], Counter[str]]
    receipt: bool = False
    times: int = 1


_LEADS = _Kind(leads.c.reference, _old, leads.c.created_at, _let_leads_go, receipt=True)
_CONVERSATIONS = _Kind(conversations.c.id, _unused, conversations.c.updated_at, _let_conversations_go, receipt=True)
_HALF_FINISHED = _Kind(conversations.c.id, _half_finished, conversations.c.expires_at, _expire)
_DELIVERIES = _Kind(outbox.c.id, _delivered_long_ago, outbox.c.delivered_at, _let_deliveries_go, times=20)
_ADDRESSES = _Kind(addresses.c.conversation_id, _led_nowhere, addresses.c.created_at, _let_addresses_go)
_MESSAGES = _Kind(inbox.c.id, _known_long_enough, inbox.c.received_at, _let_messages_go, times=20)
_REPLIES = _Kind(replies.c.id, _too_late_to_send, replies.c.created_at, _let_replies_go, times=20)
_NOTICES = _Kind(notices.c.subject, _told_long_ago, notices.c.at, _let_notices_go, times=20)


def _count_all(session: Session, limits: _Limits) -> Retained:
    """What `retain` would take; what goes with something else is counted once."""
    old_lead = exists().where(leads.c.reference == outbox.c.lead_reference, _old(limits))
    unused_home = exists().where(conversations.c.id == addresses.c.conversation_id, _unused(limits))
    return Retained(
        conversations=_count(session, conversations, _unused(limits)),
        leads=_count(session, leads, _old(limits)),
        expired=_count(session, conversations, and_(_half_finished(limits), not_(_unused(limits)))),
        deliveries=_count(session, outbox, or_(_delivered_long_ago(limits), old_lead)),
        addresses=_count(session, addresses, or_(_led_nowhere(limits), unused_home)),
        messages=_count(session, inbox, _known_long_enough(limits)),
        replies=_count(session, replies, _too_late_to_send(limits)),
        notices=_count(session, notices, _told_long_ago(limits)),
    )


def _count(session: Session, table: Table, condition: Any) -> int:
    return int(session.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
