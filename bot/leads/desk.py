"""The desk where the chat hands leads in: each call is one transaction, and is through once it returns."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from bot.leads.changes import change_contact, reassess_lead, withdraw_consents
from bot.leads.consents import history
from bot.leads.erasure import erase_conversation
from bot.leads.records import Assessed, Changed, Consent, Contact, Erased, Lead, NewLead, Queue, Submitted, Withdrawn
from bot.leads.store import read_by_conversation
from bot.leads.submission import VISITOR, submit_lead
from bot.leads.tables import metadata as leads_tables
from bot.metrics import leads
from bot.settings import Settings, settings
from bot.storage.database import Database, open_database
from bot.storage.types import utc_now
from bot.transcripts.tables import metadata as transcripts_tables
from bot.transcripts.turn import current_turn


class LeadDesk:
    """Leads of one database, in the visitors' name; each method raises DatabaseUnavailable, and then nothing was done.

    Only where a commit gets no answer in time is it unknown whether it was made: every call may be made again, and does
    its work once. What is stored is `counted` in the metrics.
    """

    def __init__(
        self, database: Database, settings: Settings, clock: Callable[[], datetime] = utc_now, counted: bool = True
    ) -> None:
        self._counted = counted
        self._database = database
        self._settings = settings
        self._clock = clock

    async def submit(self, new: NewLead) -> Submitted:
        """Store a hand-off; the second time, find it. Raises LeadRefused for one that may not be stored."""
        now = self._clock()
        submitted = await self._database.run(lambda session: submit_lead(session, new, self._settings, now))
        if submitted.first and self._counted:
            leads.labels(outcome=new.assessed.outcome).inc()
        return submitted

    async def find(self, conversation: str) -> Lead | None:
        """The conversation's latest lead."""
        return await self._database.run(lambda session: read_by_conversation(session, conversation), read_only=True)

    async def consents(self, conversation: str) -> list[Consent]:
        """Every consent of the conversation's latest lead, oldest first; none without a lead."""
        return await self._database.run(lambda session: _consents(session, conversation), read_only=True)

    async def change(self, conversation: str, contact: Contact, consents: tuple[Consent, ...] = ()) -> Changed | None:
        """Replace the details that `contact` has, and add consents; None without a lead. Raises LeadRefused."""
        now, own = self._clock(), self._settings
        return await self._database.run(
            lambda session: change_contact(session, conversation, contact, consents, own, now, VISITOR)
        )

    async def reassess(self, conversation: str, assessed: Assessed, queue: Queue) -> Changed | None:
        """Take over what a later check came to; None where no lead of the conversation stands."""
        now, own = self._clock(), self._settings
        return await self._database.run(
            lambda session: reassess_lead(session, conversation, assessed, queue, own, now, VISITOR)
        )

    async def withdraw(self, conversation: str, consents: tuple[Consent, ...]) -> Withdrawn | None:
        """Take consents back, in every lead of the conversation; None without a lead."""
        now, own = self._clock(), self._settings
        return await self._database.run(
            lambda session: withdraw_consents(session, conversation, consents, own, now, VISITOR)
        )

    async def erase(self, conversation: str) -> Erased:
        """Erase everything of the conversation but its transcript, which the tracker store erases with the turn."""
        now = self._clock()
        return await erase_conversation(self._database, conversation, VISITOR, now, keep_transcript=True)


def _consents(session: Session, conversation: str) -> list[Consent]:
    lead = read_by_conversation(session, conversation)
    return history(session, lead.reference) if lead else []


def open_desk() -> LeadDesk:
    """The desk on the database of the settings, not connected yet; for a turn that nobody keeps, the throw-away one."""
    turn = current_turn.get()
    if turn and not turn.kept:
        return throwaway_desk()
    given = settings()
    return LeadDesk(open_database(given.database, given.database_seconds), given)


@lru_cache(maxsize=1)
def throwaway_desk() -> LeadDesk:
    """A desk on a database that goes with the process, and whose leads go nowhere."""
    folder = tempfile.mkdtemp(prefix="strand-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = f"sqlite:///{folder}/leads.db"
    nowhere = replace(settings(), database_url=url, leads_file="off", webhooks="", slack_url="", email_to="")
    database = Database(url, nowhere.database_seconds)
    for tables in (leads_tables, transcripts_tables):
        tables.create_all(database.engine)
    return LeadDesk(database, nowhere, counted=False)
