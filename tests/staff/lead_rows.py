"""Leads for the list: each as its columns are given."""

import itertools
from datetime import datetime
from typing import Any

from console import Console
from sqlalchemy import insert, update

from bot.leads.records import Assessed, Contact, NewLead
from bot.leads.store import insert_lead
from bot.leads.tables import leads, outbox

NUMBERS = itertools.count(1)


async def add_lead(
    console: Console,
    at: datetime | None = None,
    contact: Contact | None = None,
    flags: tuple[str, ...] = (),
    **columns: Any,
) -> str:
    """A lead that came at `at`, else now; returns its reference."""
    number, came = next(NUMBERS), at or console.clock()
    outcome = columns.pop("outcome", "qualified")
    new = NewLead(
        f"conversation {number}",
        "1",
        columns.pop("channel", "web"),
        columns.pop("language", "en"),
        columns.pop("queue", "sales"),
        Assessed(outcome, "1", flags=flags),
        contact or Contact("Ada Example", f"ada{number}@mail.example"),
        (),
    )

    def work(session: Any) -> str:
        reference = insert_lead(session, new, came).reference
        if columns:
            session.execute(update(leads).where(leads.c.reference == reference).values(columns))
        return reference

    return str(await console.run(work))


async def add_message(console: Console, reference: str, target: str = "webhook", **columns: Any) -> str:
    """A message on a lead to a target; returns its id."""
    now = console.clock()
    row = {"id": f"msg_{next(NUMBERS)}", "lead_reference": reference, "target": target, "event": "lead.submitted"}
    row |= {"payload": "{}", "created_at": now, "available_at": now, "attempts": 0}
    await console.run(lambda session: session.execute(insert(outbox).values(row | columns)))
    return str(row["id"])
