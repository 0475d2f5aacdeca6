"""Erases a person for good: the lead, how to reach them, consents, messages to targets, and the transcript.

Left on purpose are rows without a person: the receipt, the audit's rows with their contents emptied (its chain still
holds), and, for each target that may have a copy, one message that names the lead's reference and nothing else.
"""

import json
import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.leads import audit
from bot.leads.delivery.payload import plain_payload
from bot.leads.delivery.targets import read_targets
from bot.leads.family import Family, family_of, part_from_family
from bot.leads.notices import forget_notices
from bot.leads.records import Erased
from bot.leads.references import new_reference
from bot.leads.store import lock_leads
from bot.leads.tables import consents, contacts, erasures, lead_labels, leads, note_words, notes, outbox
from bot.settings import settings
from bot.storage.database import Database
from bot.storage.engine import forget_for_good
from bot.transcripts import archive
from bot.transcripts.demonstration import is_invented
from bot.transcripts.tables import addresses, conversations, inbox, replies, reviews, takeovers, turns

ACT = "record.erased"
EVENT = "lead.erased"
# Rows of delivered messages go after this time; who got an older lead is told by the settings alone.
DELIVERIES_KEPT = timedelta(days=30)


async def erase_conversation(
    database: Database, conversation: str, asked_by: str, now: datetime, *, keep_transcript: bool = False
) -> Erased:
    """Erase in one transaction, as `erase` does; raises DatabaseUnavailable, and then nothing was erased."""
    return await database.run(
        lambda session: erase(session, conversation, asked_by, now, keep_transcript=keep_transcript)
    )


def erase(
    session: Session,
    conversation: str,
    asked_by: str,
    now: datetime,
    *,
    keep_transcript: bool = False,
    reason: str | None = None,
) -> Erased:
    """Erase a conversation with all of its leads, and those that staff have merged with them; leave a receipt.

    `asked_by` is visitor, operator, staff:NAME or retention; `reason` a word of the house, never a person's. With
    `keep_transcript` the conversation's own transcript and its addresses are the caller's to delete: in a turn of the
    chat, the tracker store does it in the turn's own commit. Whoever asks twice gets a receipt twice; the second one's
    counts are all zero, which says that nothing was there any more.
    """
    counts = Counter[str]()
    family = lock_family(session, conversation)
    counts["notices"] = forget_notices(session, conversation)
    for reference in family.references:
        counts += remove_lead(session, reference, now)
    for home in family.conversations:
        if not (keep_transcript and home == conversation):
            counts += remove_transcript(session, home)
    return give_receipt(session, counts, asked_by, now, reason)


def erase_lead(session: Session, reference: str, asked_by: str, now: datetime) -> Erased | None:
    """Erase the conversation of a lead, and so everything of its person; None where there is no such lead."""
    conversation = session.execute(select(leads.c.conversation_id).where(leads.c.reference == reference)).scalar()
    return None if conversation is None else erase(session, conversation, asked_by, now)


def lock_family(session: Session, conversation: str) -> Family:
    """Everything that is one person's with a conversation, which nobody else changes until the commit."""
    while True:
        family = family_of(session, conversation=conversation)
        for home in family.conversations:
            lock_leads(session, home)
        # Looked at once more: what was merged while the locks were waited for belongs to it too.
        if family_of(session, conversation=conversation) == family:
            return family


def is_kept(session: Session, conversation: str) -> bool:
    """Whether there is anything to erase: events, an address, a message, a reply or a lead of the conversation."""
    others = (addresses, inbox, replies, leads)
    columns = (conversations.c.id, *(table.c.conversation_id for table in others))
    return any(session.execute(select(column).where(column == conversation).limit(1)).first() for column in columns)


def remove_lead(session: Session, reference: str, now: datetime) -> Counter[str]:
    """Delete a lead with all that hangs on it, and tell the targets that may have a copy; the transcript stays.

    Returns how many rows of what are gone; the caller leaves the receipt.
    """
    forget_for_good(session.connection())
    told = _told(session, reference, now)
    part_from_family(session, reference)
    noted = forget_notices(session, reference)
    of_notes = select(notes.c.id).where(notes.c.lead_reference == reference)
    session.execute(delete(note_words).where(note_words.c.note_id.in_(of_notes)))
    removed = {
        "notes": delete(notes).where(notes.c.lead_reference == reference),
        "labels": delete(lead_labels).where(lead_labels.c.lead_reference == reference),
        "deliveries": delete(outbox).where(outbox.c.lead_reference == reference),
        "consents": delete(consents).where(consents.c.lead_reference == reference),
        "contacts": delete(contacts).where(contacts.c.lead_reference == reference),
        "leads": delete(leads).where(leads.c.reference == reference),
    }
    counts = Counter({name: session.execute(statement).rowcount for name, statement in removed.items()})
    audit.forget(session, reference)
    _tell(session, reference, told, now)
    return counts + Counter({"notices": noted, "targets told": len(told)})


def remove_transcript(session: Session, conversation: str) -> Counter[str]:
    """Delete a conversation with its events, messages, replies and addresses; returns how many rows of what are gone.

    Of a message that was known, nothing is left but that it was.
    """
    forget_for_good(session.connection())
    known = {
        "conversations": conversations.c.id,
        "addresses": addresses.c.conversation_id,
        "messages": inbox.c.conversation_id,
        "replies": replies.c.conversation_id,
        "turns": turns.c.conversation_id,
        "takeovers": takeovers.c.conversation_id,
        "marks of turns": reviews.c.conversation_id,
    }
    counts = Counter({name: _count(session, column, conversation) for name, column in known.items()})
    counts["events"] = archive.erase(session, conversation)
    counts["notices"] = forget_notices(session, conversation)
    audit.forget(session, conversation)
    return counts


def give_receipt(
    session: Session, counts: Mapping[str, int], asked_by: str, now: datetime, reason: str | None = None
) -> Erased:
    """Note what was erased, how much of it, and on whose word, in the receipts and the audit; nothing of the person."""
    told = {name: number for name, number in sorted(counts.items()) if number}
    receipt = _new_receipt(session)
    row = {"receipt": receipt, "at": now, "asked_by": asked_by, "counts": json.dumps(told)}
    session.execute(insert(erasures).values(row))
    noted = {**told, "reason": reason} if reason else told
    audit.append(session, _actor(asked_by), ACT, receipt, None, noted, now)
    return Erased(receipt, told)


def _new_receipt(session: Session) -> str:
    while True:
        receipt = new_reference("E")
        if not session.execute(select(erasures.c.receipt).where(erasures.c.receipt == receipt)).first():
            return receipt


def _actor(asked_by: str) -> str:
    return "system" if asked_by == "retention" else asked_by


def _count(session: Session, column: object, value: str) -> int:
    query = select(func.count()).where(column == value)
    return int(session.execute(query).scalar_one())


def _told(session: Session, reference: str, now: datetime) -> dict[str, datetime]:
    """The targets that may have a copy of the lead, and from when on they can hear that it is gone."""
    columns = (outbox.c.target, outbox.c.attempts, outbox.c.last_error, outbox.c.locked_until)
    # All are locked, so that no worker begins to send one that is about to be deleted.
    query = select(*columns).where(outbox.c.lead_reference == reference).with_for_update()
    told: dict[str, datetime] = dict.fromkeys(_configured() if _is_old(session, reference, now) else (), now)
    for target, attempts, last_error, locked_until in session.execute(query):
        # A replayed message has no attempts, but its last error.
        if attempts or last_error:
            # What is being sent at this moment arrives first.
            told[target] = max(told.get(target, now), locked_until or now)
    return told


def _is_old(session: Session, reference: str, now: datetime) -> bool:
    query = select(leads.c.created_at, leads.c.conversation_id).where(leads.c.reference == reference)
    row = session.execute(query).first()
    return bool(row and row.created_at <= now - DELIVERIES_KEPT and not is_invented(row.conversation_id))


def _configured() -> list[str]:
    try:
        return [target.name for target in read_targets(settings())]
    except SettingError:  # targets that cannot be used are no reason to keep a person
        return []


def _tell(session: Session, reference: str, told: Mapping[str, datetime], now: datetime) -> None:
    payload = plain_payload(EVENT, {"reference": reference}, now)
    for target, available in told.items():
        row = {
            "id": f"msg_{secrets.token_urlsafe(18)}",
            "lead_reference": reference,
            "target": target,
            "event": EVENT,
            "payload": payload,
            "created_at": now,
            "available_at": available,
            "attempts": 0,
        }
        session.execute(insert(outbox).values(row))
