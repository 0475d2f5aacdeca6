"""People who handed something over, or only talked: as the chat leaves them in the database."""

import json
from dataclasses import replace
from datetime import datetime, timezone

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.leads.desk import LeadDesk
from bot.leads.records import Assessed, Consent, Contact, NewLead, Purpose
from bot.settings import settings
from bot.storage.database import Database, open_database
from bot.storage.sealing import sealer
from bot.transcripts.tables import addresses, conversations, tracker_events

NOON = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
SECRETS = ("Marguerite", "Oyelaran", "marguerite@mail.example", "+14155550142", "after the school run", "plaquenil")
CONTACT = Contact("Marguerite Oyelaran", "marguerite@mail.example", "+14155550142", "email", "after the school run")
ASSESSED = Assessed(
    "clinician_review",
    "3",
    ({"field": "conditions", "finding": "autoimmune", "outcome": "clinician_review"},),
    ("autoimmune",),
    {"age": [{"value": 44, "findings": [], "status": "current"}], "medicines": [{"value": "plaquenil"}]},
)


def opened() -> Database:
    return open_database(settings().database, settings().database_seconds)


async def inside(work):
    """What `work` makes of a session, committed."""
    return await opened().run(work)


async def count(*tables) -> int:
    """How many rows there are in all of the tables."""
    queries = [select(func.count()).select_from(table) for table in tables]
    return await inside(lambda session: sum(session.execute(query).scalar_one() for query in queries))


def consent(purpose: Purpose, at: datetime, given: bool = True) -> Consent:
    return Consent(purpose, given, f"consent_{purpose}", "1", "en", f"May we {purpose}?", at, "rest", f"m-{purpose}")


async def hand_over(conversation: str, at: datetime = NOON, contact: Contact = CONTACT, form: str = "1") -> str:
    """Somebody's lead, from the chat; returns its reference."""
    agreed = tuple(consent(purpose, at) for purpose in ("share", "email", "phone"))
    new = NewLead(conversation, form, "rest", "en", "clinician", ASSESSED, contact, agreed)
    return (await LeadDesk(opened(), settings(), lambda: at).submit(new)).reference


async def talk(conversation: str, at: datetime = NOON, expires: datetime | None = None) -> None:
    """A conversation in which somebody tells who they are, last used at that time."""
    await inside(lambda session: _talk(session, conversation, at, expires))


def _talk(session: Session, conversation: str, at: datetime, expires: datetime | None) -> None:
    words = f"i am {CONTACT.name}, {CONTACT.email}, {CONTACT.phone}, and take plaquenil"
    part = {"expires_at": expires.timestamp()} if expires else {}
    slots = {"handoff": {"name": CONTACT.name, **part}, "check": part, "medications": "plaquenil"}
    snapshot = {"slots": slots, "loop": "handoff_form" if expires else None, "paused": False}
    parsed = {"text": words, "intent": {"name": "interview"}, "entities": [], "answers": {"email": CONTACT.email}}
    said = {"event": "user", "timestamp": at.timestamp(), "text": words, "parse_data": parsed, "metadata": {}}
    row = {"id": conversation, "last_sequence": 1, "snapshot": json.dumps(snapshot)}
    session.execute(insert(conversations).values({**row, "updated_at": at, "expires_at": expires}))
    event = {"conversation_id": conversation, "sequence": 1, "type": "user", "timestamp": at.timestamp()}
    session.execute(insert(tracker_events).values({**event, "data": json.dumps(said)}))
    _note_address(session, conversation, at)


async def note_address(conversation: str, at: datetime) -> None:
    """The address of a first message, of which nothing else was stored."""
    await inside(lambda session: _note_address(session, conversation, at))


def _note_address(session: Session, conversation: str, at: datetime) -> None:
    address = f"{CONTACT.phone} {conversation}"
    row = {"channel": "rest", "address_index": sealer().blind_index("address", address), "address": address}
    session.execute(insert(addresses).values({**row, "conversation_id": conversation, "created_at": at}))


def somebody_else(number: int) -> Contact:
    return replace(CONTACT, name=f"Person {number}", email=f"person{number}@mail.example", phone=f"+1415555{number:04}")


def files() -> bytes:
    """All that stands in the state directory, the keys left out: SQLite's file with its log."""
    return b"".join(path.read_bytes() for path in settings().state_dir.glob("strand.db*"))
