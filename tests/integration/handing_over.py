"""Visitors who hand themselves over to the real assistant, and a look at all that is stored of them."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import select

from bot.cli.replies import fold
from bot.dialogue.assistant import Assistant, load
from bot.dialogue.executor import in_process
from bot.leads.consents import history
from bot.leads.delivery.senders import open_senders
from bot.leads.delivery.targets import read_targets
from bot.leads.delivery.worker import Worker
from bot.leads.records import Consent, Lead
from bot.leads.store import read_lead
from bot.leads.tables import leads, outbox
from bot.leads.tables import metadata as leads_metadata
from bot.settings import settings
from bot.storage.database import Database, open_database
from bot.transcripts import addresses
from bot.transcripts.tables import metadata as transcripts_metadata
from tests.conversations.conversation import PLAIN_ANSWERS

Reply = dict[str, Any]

# The telephone number that the visitor writes from.
SENDER = "+12025550171"
NAME, EMAIL, PHONE = "Zoë Quillfeather", "z.quillfeather@mail.example", "(202) 555-0143"
HEALTHY = {**PLAIN_ANSWERS, "summary": "yes"}
AGREES = {
    "age": "34",
    "consent_share": "yes",
    "consent_email": "yes",
    "consent_phone": "yes",
    "consent_text": "no",
    "name": NAME,
    "email": EMAIL,
    "phone": PHONE,
    "preferred_contact": "e-mail",
    "preferred_time": "mornings",
    "summary": "yes",
}
CONTACT = ("zoë", "zo\\u00eb", "quillfeather", "5550143", "555-0143")


async def load_anew(model: Path) -> Assistant:
    """The real assistant as a new process has it."""
    in_process.cache_clear()
    loaded = await load(model)
    in_process.cache_clear()  # it knows the real actions only; other tests bring their own
    return loaded


class Visitor:
    """Somebody who writes from an address of the channel `rest`."""

    def __init__(self, assistant: Assistant, sender: str = SENDER) -> None:
        self._assistant, self.sender = assistant, sender
        self.database = open_database(settings().database, settings().database_seconds)

    async def says(self, *texts: str) -> Reply:
        """The reply to the last of some messages."""
        reply: Reply = {}
        for text in texts:
            reply = fold(text, await self._assistant.turns.answer_from("rest", self.sender, text))
        return reply

    async def answers(self, reply: Reply, wanted: Mapping[str, str], until: str | None = None) -> Reply:
        """The reply that remains after each question was answered once, or the one that asks for `until`."""
        left = dict(wanted)
        while reply.get("field") in left and reply["field"] != until:
            reply = await self.says(left.pop(reply["field"]))
        return reply

    async def is_checked(self, **answers: str) -> Reply:
        """The outcome of a check, with plain answers but for some."""
        return await self.answers(await self.says("start the suitability check"), {**HEALTHY, **answers})

    async def asks_for_a_person(self, until: str | None = None, **answers: str) -> Reply:
        """The last reply of a hand-off, or the one that asks for the field `until`."""
        opened = await self.says("I want to talk to a person")
        return await self.answers(opened, {**AGREES, **answers}, until)

    async def hands_over(self, **answers: str) -> str:
        """The reference that the visitor is told."""
        reply = await self.asks_for_a_person(**answers)
        assert (reply["kind"], reply.get("state")) == ("handoff", "submitted"), reply
        return str(reply["reference"])

    async def conversation(self) -> str:
        """The id of the visitor's conversation."""
        found = await self.database.run(lambda session: addresses.find(session, "rest", self.sender))
        assert found
        return str(found)

    async def says_at_once(self, *texts: str) -> list[Reply]:
        """The replies to messages that come in together."""
        return await asyncio.gather(*map(self.says, texts))

    async def message_ids(self, *texts: str) -> list[str]:
        """The ids of the stored messages that are one of `texts`."""
        tracker = await self._assistant.agent.tracker_store.retrieve_full_tracker(await self.conversation())
        return [event.message_id for event in tracker.events if event.type_name == "user" and event.text in texts]


async def rows(database: Database, *columns: Any) -> list[Any]:
    return await database.run(lambda session: session.execute(select(*columns)).all(), read_only=True)


async def all_leads(database: Database) -> list[Lead]:
    references = [row.reference for row in await rows(database, leads.c.reference)]
    found = [await database.run(lambda session, of=each: read_lead(session, of)) for each in references]
    return [lead for lead in found if lead]


async def the_lead(database: Database) -> Lead:
    (lead,) = await all_leads(database)
    return lead


async def all_consents(database: Database) -> list[Consent]:
    lead = await the_lead(database)
    return await database.run(lambda session: history(session, lead.reference))


async def told(database: Database) -> list[tuple[str, bool]]:
    """The events in the outbox, and whether each is delivered."""
    found = await rows(database, outbox.c.event, outbox.c.delivered_at, outbox.c.created_at)
    return [(row.event, row.delivered_at is not None) for row in sorted(found, key=lambda row: row.created_at)]


async def unsealed(database: Database) -> str:
    """Everything that the tables hold, opened with the keys."""
    tables = [*transcripts_metadata.sorted_tables, *leads_metadata.sorted_tables]
    # As tuples: a row's own representation leaves out the middle of a long text.
    return repr([tuple(row) for table in tables for row in await rows(database, table)])


@contextmanager
def refusing(database: Database, table: str, act: str = "INSERT") -> Iterator[None]:
    """Within the block the database fails at every row that is to be written to a table, and nowhere else."""
    when = f"CREATE TRIGGER refuses BEFORE {act} ON {table} FOR EACH ROW"
    makes, ends = [f"{when} BEGIN SELECT RAISE(ABORT, 'refused'); END"], ["DROP TRIGGER refuses"]
    if database.engine.dialect.name == "postgresql":
        body = "BEGIN RAISE EXCEPTION 'refused'; END"
        makes = [
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS '{body.replace(chr(39), chr(39) * 2)}'",
            f"{when} EXECUTE FUNCTION refuse()",
        ]
        ends = [f"DROP TRIGGER refuses ON {table}", "DROP FUNCTION refuse"]
    _execute(database, makes)
    try:
        yield
    finally:
        _execute(database, ends)


def _execute(database: Database, statements: Sequence[str]) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(sqlalchemy.text(statement))


async def deliver_all(database: Database) -> None:
    """Have a worker deliver what waits."""
    async with open_senders(read_targets(settings()), settings()) as senders:
        worker = Worker(database, settings(), senders, lambda: datetime.now(timezone.utc))
        for _ in range(3):
            await worker.round()
            await worker.idle()
        await worker.round()


def left_in(text: str, secrets: Sequence[str] = CONTACT) -> list[str]:
    return [secret for secret in secrets if secret.casefold() in text.casefold()]


def purposes(given: Sequence[Consent]) -> list[tuple[str, bool]]:
    return [(row.purpose, row.given) for row in given]
