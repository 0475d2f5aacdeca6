"""Finds all that is kept of a person: their leads, whatever was merged with them, and their conversations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import phonenumbers
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.leads.duplicates import probable_duplicates
from bot.leads.erasure import is_kept
from bot.leads.family import Family, family_of
from bot.leads.records import Lead
from bot.leads.store import email_index, phone_index, read_lead
from bot.leads.tables import audit, consents, contacts, lead_labels, notes, notices, outbox
from bot.transcripts.addresses import find as find_conversation
from bot.transcripts.tables import addresses, conversations, inbox, replies, reviews, takeovers, tracker_events, turns

# The channels whose addresses are telephone numbers.
NUMBERED = ("sms", "whatsapp")
OF_LEADS: Mapping[str, Any] = {
    "consents": consents.c.lead_reference,
    "notes": notes.c.lead_reference,
    "labels": lead_labels.c.lead_reference,
    "messages to targets": outbox.c.lead_reference,
}
OF_CONVERSATIONS: Mapping[str, Any] = {
    "events of the transcript": tracker_events.c.conversation_id,
    "addresses of channels": addresses.c.conversation_id,
    "messages in the inbox": inbox.c.conversation_id,
    "replies that wait": replies.c.conversation_id,
    "turns": turns.c.conversation_id,
    "takeovers": takeovers.c.conversation_id,
    "marks of turns": reviews.c.conversation_id,
}
OF_BOTH: Mapping[str, Any] = {"notices": notices.c.subject, "rows of the audit": audit.c.subject}


@dataclass(frozen=True)
class Talk:
    """A conversation; the times are UTC, None where they are not known."""

    id: str
    channel: str | None
    began_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True)
class Person:
    """What there is of somebody: `subject` is a reference or a conversation that leads to all of it.

    `counts` says how many rows of what hang on it; `others` are leads of other people, or so it seems, with the same
    e-mail address or number.
    """

    subject: str
    family: Family
    leads: Sequence[Lead]
    talks: Sequence[Talk]
    counts: Mapping[str, int]
    others: Sequence[str]


def find(session: Session, words: str, region: str) -> list[Family]:
    """Everybody to whom a reference, a conversation, an exact e-mail address or a telephone number belongs.

    `region` is where a number without a country's code is taken to be, like US.
    """
    plain = "".join(words.split())
    found = [family_of(session, reference=plain.upper()), *_by_contact(session, plain, region)]
    if is_kept(session, words):
        found.append(family_of(session, conversation=words))
    found += [family_of(session, conversation=home) for home in _by_number(session, words, region)]
    return list(dict.fromkeys(family for family in found if family.conversations))


def belonging_to(session: Session, subject: str) -> Family:
    """Everything of a lead's reference or of a conversation; empty where nothing is kept."""
    family = family_of(session, reference=subject)
    if family.references or not is_kept(session, subject):
        return family
    return family_of(session, conversation=subject)


def read_person(session: Session, subject: str) -> Person | None:
    """What there is of the person of a reference or a conversation; None where there is nothing."""
    family = belonging_to(session, subject)
    if not family.conversations:
        return None
    found = [read_lead(session, reference) for reference in family.references]
    alike = {other for reference in family.references for other in probable_duplicates(session, reference)}
    others = sorted(alike.difference(family.references))
    leads = [lead for lead in found if lead]
    return Person(subject, family, leads, _talks(session, family), _counts(session, family), others)


def _by_contact(session: Session, words: str, region: str) -> list[Family]:
    same = [contacts.c.email_index == email_index(words)]
    number = _number(words, region)
    if number:
        same.append(contacts.c.phone_index == phone_index(number))
    query = select(contacts.c.lead_reference).where(or_(*same)).order_by(contacts.c.lead_reference)
    return [family_of(session, reference=reference) for reference in session.execute(query).scalars()]


def _by_number(session: Session, words: str, region: str) -> list[str]:
    number = _number(words, region)
    if not number:
        return []
    homes = (find_conversation(session, channel, number) for channel in NUMBERED)
    return [home for home in homes if home]


def _number(words: str, region: str) -> str | None:
    """A telephone number as E.164 has it; None where the words are none."""
    try:
        number = phonenumbers.parse(words, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def _talks(session: Session, family: Family) -> list[Talk]:
    columns = (conversations.c.id, conversations.c.channel, conversations.c.began_at, conversations.c.updated_at)
    query = select(*columns).where(conversations.c.id.in_(family.conversations))
    known = {row.id: Talk(*row) for row in session.execute(query)}
    return [known.get(home, Talk(home, None, None, None)) for home in family.conversations]


def _counts(session: Session, family: Family) -> dict[str, int]:
    wanted = (
        (OF_LEADS, family.references),
        (OF_CONVERSATIONS, family.conversations),
        (OF_BOTH, (*family.references, *family.conversations)),
    )
    return {name: _count(session, column, keys) for of, keys in wanted for name, column in of.items()}


def _count(session: Session, column: Any, keys: Sequence[str]) -> int:
    return int(session.execute(select(func.count()).where(column.in_(keys))).scalar_one())
