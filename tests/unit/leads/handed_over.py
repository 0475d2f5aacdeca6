"""Hand-offs as tests need them: a person, what they agreed to, and a desk whose clock the test sets."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.desk import LeadDesk
from bot.leads.records import Assessed, Consent, Contact, NewLead, Purpose
from bot.leads.tables import audit, outbox
from bot.settings import settings
from bot.storage.database import Database

NOON = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
SAM = Contact("Sam Quillfeather", "Sam@Quillfeather.example", "+12025550143", "email", "after the late shift")
AGED = {"age": [{"value": 41, "findings": [], "status": "current"}]}
QUALIFIED = Assessed("qualified", "table 3", ({"field": "age", "finding": "none"},), ("diabetes",), AGED)


def word(purpose: Purpose, given: bool = True, at: datetime = NOON, message: str = "m1") -> Consent:
    return Consent(purpose, given, f"{purpose}_wording", "2026-07", "en", f"May we use {purpose}?", at, "rest", message)


def words(*purposes: Purpose, given: bool = True, at: datetime = NOON, message: str = "m1") -> tuple[Consent, ...]:
    return tuple(word(purpose, given, at, message) for purpose in purposes)


ALL = words("share", "email", "phone", "text")


def handed_over(conversation: str = "talk", **changes: Any) -> NewLead:
    new = NewLead(conversation, "form 1", "rest", "en", "sales", QUALIFIED, SAM, ALL)
    return replace(new, **changes)


@dataclass
class World:
    """One database with a desk, at a time that the test moves."""

    url: str
    now: datetime = NOON
    database: Database = field(init=False)
    desk: LeadDesk = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url, 10)
        self.desk = LeadDesk(self.database, settings(), lambda: self.now)

    def later(self) -> datetime:
        self.now += MINUTE
        return self.now

    def events(self) -> list[str]:
        """What the targets are told, the oldest first."""
        order = outbox.c.created_at
        return list(self.do(lambda session: session.execute(select(outbox.c.event).order_by(order)).scalars().all()))

    def acts(self) -> list[str]:
        """What the audit says was done."""
        query = select(audit.c.act).order_by(audit.c.sequence)
        return list(self.do(lambda session: session.execute(query).scalars().all()))

    def do(self, work: Any) -> Any:
        with Session(self.database.engine, future=True) as session:
            result = work(session)
            session.commit()
            return result
