"""Finds leads by what somebody types: a reference, an exact e-mail address or phone number, or words of the notes."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import phonenumbers
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from bot.leads.records import Queue
from bot.leads.references import ALPHABET, LENGTH
from bot.leads.store import email_index, phone_index
from bot.leads.tables import contacts, leads, note_words, notes
from bot.storage.sealing import sealer

SearchKind = Literal["reference", "email", "phone", "notes"]

WORD = re.compile(r"\w+")
REFERENCE = re.compile(rf"(?:S-?)?([{ALPHABET}]{{{LENGTH}}})")
NUMBER = re.compile(r"\+?[\d\s()./-]+")
FEWEST_DIGITS = 7
MOST_WORDS = 12
MOST_NOTES = 2000
MOST_MATCHES = 250


@dataclass(frozen=True)
class Hits:
    """The leads that were found, the newest first, and as what the text was read.

    Not `whole`: there may be more, among older notes or beyond the most that are shown.
    """

    references: Sequence[str]
    kind: SearchKind
    whole: bool = True


def index_words(text: str) -> set[str]:
    """The blind indexes of a note's words, the same for any case."""
    return {sealer().blind_index("note", word) for word in set(WORD.findall(text.casefold()))}


def search(session: Session, text: str, region: str, queues: Collection[Queue], most: int) -> Hits:
    """At most `most` leads of `queues`; `region` is where a number without a country code belongs."""
    reference = read_reference(text)
    if reference and (found := _visible(session, [reference], queues, most)):
        return Hits(found, "reference")
    if "@" in text:
        return _by_contact(session, "email", contacts.c.email_index == email_index(text.strip("<> ")), queues, most)
    number = _read_number(text, region)
    if number:
        return _by_contact(session, "phone", contacts.c.phone_index == phone_index(number), queues, most)
    if reference and "-" in text:
        return Hits([], "reference")
    return _by_notes(session, text, queues, most)


def read_reference(text: str) -> str | None:
    """The reference that a text may be, in whatever case and with whatever spaces; None where it is none."""
    match = REFERENCE.fullmatch("".join(text.split()).upper())
    return f"S-{match[1]}" if match else None


def _read_number(text: str, region: str) -> str | None:
    """A number in E.164, as it is kept; one from abroad may lack its plus."""
    digits = re.sub(r"\D", "", text)
    if not NUMBER.fullmatch(text) or len(digits) < FEWEST_DIGITS:
        return None
    read = [_parsed(attempt, region) for attempt in (text, f"+{digits}")]
    best = [number for number in read if number and phonenumbers.is_valid_number(number)]
    number = next(iter([*best, *filter(None, read)]), None)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if number else None


def _parsed(text: str, region: str) -> Any:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _by_contact(session: Session, kind: SearchKind, same: Any, queues: Collection[Queue], most: int) -> Hits:
    found = session.execute(select(contacts.c.lead_reference).where(same)).scalars().all()
    return _cut(_visible(session, found, queues, most + 1), kind, most)


def _by_notes(session: Session, text: str, queues: Collection[Queue], most: int) -> Hits:
    """Leads with a note that has all the words; of a frequent word, the latest notes are looked at."""
    counts = sorted((_frequency(session, word), word) for word in sorted(index_words(text))[:MOST_WORDS])
    if not counts or not counts[0][0]:
        return Hits([], "notes")
    number, rarest = counts[0]
    latest = select(note_words.c.note_id).where(note_words.c.word_index == rarest)
    latest = latest.order_by(note_words.c.note_id.desc()).limit(MOST_NOTES).subquery()
    word = note_words.alias()
    every = select(word.c.note_id).join(latest, latest.c.note_id == word.c.note_id)
    every = every.where(word.c.word_index.in_([index for _, index in counts])).group_by(word.c.note_id)
    every = every.having(func.count() == len(counts)).order_by(word.c.note_id.desc()).limit(MOST_MATCHES)
    fitting = session.execute(every).scalars().all()
    query = select(notes.c.lead_reference).where(notes.c.id.in_(fitting))
    found = set(session.execute(query).scalars()) if fitting else set()
    hits = _cut(_visible(session, found, queues, most + 1), "notes", most)
    looked_at_all = number <= MOST_NOTES and len(fitting) < MOST_MATCHES
    return hits if looked_at_all else Hits(hits.references, "notes", whole=False)


def _frequency(session: Session, word: str) -> int:
    some = select(literal_column("1")).where(note_words.c.word_index == word).limit(MOST_NOTES + 1)
    number: int = session.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return number


def _visible(session: Session, references: Collection[str], queues: Collection[Queue], most: int) -> list[str]:
    """The newest of some leads, or where they were merged into others, those."""
    if not references:
        return []
    shown = select(func.coalesce(leads.c.merged_into, leads.c.reference)).where(leads.c.reference.in_(references))
    query = select(leads.c.reference).where(leads.c.reference.in_(shown), leads.c.queue.in_(queues))
    query = query.order_by(leads.c.created_at.desc(), leads.c.reference.desc()).limit(most)
    return list(session.execute(query).scalars())


def _cut(references: Sequence[str], kind: SearchKind, most: int) -> Hits:
    return Hits(references[:most], kind, whole=len(references) <= most)
