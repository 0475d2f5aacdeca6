"""What stands in the database after a crash, as plain data; and the verdict on it. The verdict is pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.leads.audit import verify
from bot.leads.records import PURPOSES
from bot.leads.tables import audit, consents, contacts, leads, outbox
from bot.storage.engine import make_engine

SECONDS = 30.0
SUBMITTED = "lead.submitted"


def facts(url: str, chain: bool) -> dict[str, Any]:
    """Leads with what belongs to each, messages and, with `chain`, the first broken row of the audit."""
    engine = make_engine(url, SECONDS)
    try:
        with Session(engine, future=True) as session:
            return {
                "leads": [list(row) for row in session.execute(select(leads.c.reference, leads.c.conversation_id))],
                "contacts": _count(session, contacts.c.lead_reference),
                "consents": _count(session, consents.c.lead_reference),
                "audited": _count(session, audit.c.subject),
                "messages": [
                    [*row[:3], row[3] is not None]
                    for row in session.execute(
                        select(outbox.c.id, outbox.c.lead_reference, outbox.c.event, outbox.c.delivered_at)
                    )
                ],
                "broken": verify(session).broken if chain else None,
            }
    finally:
        engine.dispose()


def _count(session: Session, column: Any) -> dict[str, int]:
    return dict(session.execute(select(column, func.count()).group_by(column)).all())


@dataclass(frozen=True)
class Verdict:
    """What went wrong, a sentence each.

    A lead or a message is lost, or there twice; something was said that is not true; a lead is there in part; a message
    is not the one that was signed, or another one than before; the audit does not hold.
    """

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    untrue: tuple[str, ...]
    torn: tuple[str, ...]
    forged: tuple[str, ...]
    broken: tuple[str, ...]


KINDS = tuple(one.name for one in fields(Verdict))


def judge(
    found: Mapping[str, Any],
    conversations: Iterable[str],
    said: Sequence[Sequence[str]],
    kept: Mapping[str, tuple[str, str]],
    refused: Sequence[str] = (),
) -> Verdict:
    """Compare the database with the visitors' `conversations`, with what was `said` to them (conversation, reference),
    and with what a receiver `kept` that honours the id (by id, reference and event) or `refused`."""
    leads_of = Counter(who for _, who in found["leads"])
    held = {(reference, who) for reference, who in found["leads"]}
    of = dict(found["leads"])
    arrived = Counter(kept.values())
    messages = Counter((reference, event) for _, reference, event, _ in found["messages"])
    return Verdict(
        lost=(
            *(
                f"{who} was never told that it was sent"
                for who in sorted(set(conversations) - {who for who, _ in said})
            ),
            *(f"{of[one]}: {one} never arrived" for one in of if not arrived[one, SUBMITTED]),
            *(f"{of.get(one)}: {event} waits" for _, one, event, delivered in found["messages"] if not delivered),
        ),
        doubled=(
            *(f"{who} has several leads" for who, times in leads_of.items() if times > 1),
            *(
                f"{of.get(one)}: {event} is twice in the outbox"
                for (one, event), times in messages.items()
                if times > 1
            ),
            *(f"{of.get(one)}: {event} has several ids" for (one, event), times in arrived.items() if times > 1),
        ),
        untrue=(
            *(f"{who} was told {one}, which is not its lead" for who, one in said if (one, who) not in held),
            *(f"{one} arrived, and there is no such lead" for one, _ in arrived if one not in of),
        ),
        torn=tuple(f"{of[one]}: {one} is not whole" for one in of if not _is_whole(found, one, messages)),
        forged=tuple(refused),
        broken=() if found["broken"] is None else (f"the audit breaks at row {found['broken']}",),
    )


def _is_whole(found: Mapping[str, Any], reference: str, messages: Mapping[tuple[str, str], int]) -> bool:
    parts = (found["contacts"].get(reference), found["audited"].get(reference), messages[reference, SUBMITTED])
    return parts == (1, 1, 1) and found["consents"].get(reference) == len(PURPOSES)
