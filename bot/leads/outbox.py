"""The outbox: messages to the targets, written in the commit of what they tell, until each of them is delivered.

A row waits, is claimed by a worker for the length of a lease, and is settled by that worker alone. Whoever dies in
between loses nothing: after the lease, another one claims the row, under the same id.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Text, and_, func, insert, or_, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.leads.delivery.payload import lead_payload, plain_payload, without_withdrawn
from bot.leads.delivery.targets import contact_kinds, noticed, read_targets
from bot.leads.records import Lead
from bot.leads.tables import disabled_targets, outbox
from bot.settings import Settings
from bot.storage.engine import forget_for_good
from bot.storage.sealing import sealer
from bot.transcripts.demonstration import is_invented

NEW = "lead.submitted"
ALERT = "delivery.failed"
WITHDRAWN = "lead.withdrawn"
ID_BYTES = 18  # 24 characters


@dataclass(frozen=True)
class Claimed:
    """A row that one worker holds until `until` (UTC); `payload` is None where the keys do not open it.

    `attempts` counts the tries that were begun, this one included.
    """

    id: str
    reference: str | None
    target: str
    event: str
    payload: str | None
    attempts: int
    until: datetime


@dataclass(frozen=True)
class Settlement:
    """What became of a claimed row.

    Delivered; to be tried again at `due`; the same, but the target is gone; dead; or given back as if never claimed.
    """

    row: Claimed
    state: Literal["delivered", "retry", "gone", "dead", "unsent"]
    due: datetime
    error: str | None = None


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up at `dead_at` (UTC), after so many attempts."""

    id: str
    reference: str | None
    target: str
    event: str
    attempts: int
    created_at: datetime
    dead_at: datetime
    last_error: str | None


@dataclass(frozen=True)
class Lag:
    """How many messages wait, for how long the oldest one that is due has been due, and how many were given up."""

    waiting: int
    oldest: timedelta
    dead: int


def enqueue(session: Session, event: str, lead: Lead, settings: Settings, now: datetime) -> int:
    """Tell the configured targets of `event` on a lead; returns how many messages that are.

    Of a new one, e-mail and Slack hear where STRAND_NOTICES has that. What a message says is fixed now; only a
    withdrawal takes what was withdrawn out of the lead's older messages. Raises SettingError where the
    settings' targets cannot be used. Of an invented lead nobody is told.
    """
    if event == WITHDRAWN:
        _take_back(session, lead)
    if is_invented(lead.conversation):
        return 0
    kinds = contact_kinds(settings)
    payloads = {wanted: lead_payload(event, lead, now, wanted) for wanted in (False, True)}
    told = [target for target in read_targets(settings) if event != NEW or noticed(target, "new_lead", settings)]
    messages = {target.name: payloads[target.kind in kinds] for target in told}
    return add(session, event, lead.reference, messages, now)


def alert(session: Session, row: Claimed, error: str, settings: Settings, now: datetime) -> int:
    """Tell the other targets that `row` could not be delivered; never for an alert. Returns how many messages."""
    if row.event == ALERT:
        return 0
    data = {"reference": row.reference, "target": row.target, "event": row.event, "error": error}
    payload = plain_payload(ALERT, data, now)
    told = [target for target in read_targets(settings) if noticed(target, "dead_letter", settings)]
    others = [target.name for target in told if target.name != row.target]
    return add(session, ALERT, row.reference, dict.fromkeys(others, payload), now)


def add(session: Session, event: str, reference: str | None, messages: Mapping[str, str], now: datetime) -> int:
    """Tell each target what `messages` has for it; returns how many these are."""
    common = {"lead_reference": reference, "event": event, "created_at": now, "available_at": now, "attempts": 0}
    rows = [
        {"id": f"msg_{secrets.token_urlsafe(ID_BYTES)}", "target": target, "payload": payload, **common}
        for target, payload in messages.items()
    ]
    if rows:
        session.execute(insert(outbox), rows)
    return len(rows)


def _take_back(session: Session, lead: Lead) -> None:
    """Take the details that a lead has no longer out of its messages that are not delivered."""
    query = select(outbox.c.id, outbox.c.payload).where(
        outbox.c.lead_reference == lead.reference, outbox.c.delivered_at.is_(None)
    )
    for identifier, payload in session.execute(query).all():
        rest = without_withdrawn(payload, lead)
        if rest is not None:
            forget_for_good(session.connection())
            session.execute(update(outbox).where(outbox.c.id == identifier).values(payload=rest))


def _waits() -> Any:
    return and_(outbox.c.delivered_at.is_(None), outbox.c.dead_at.is_(None))


def _claimable(target: str, now: datetime) -> Any:
    free = or_(outbox.c.locked_until.is_(None), outbox.c.locked_until <= now)
    enabled = outbox.c.target.not_in(select(disabled_targets.c.name))
    return and_(_waits(), outbox.c.target == target, outbox.c.available_at <= now, free, enabled)


def due(session: Session, targets: Iterable[str], now: datetime) -> bool:
    """Whether there is something to claim for one of `targets`; a cheap read."""
    queries = (select(outbox.c.id).where(_claimable(target, now)).limit(1) for target in targets)
    return any(session.execute(query).first() for query in queries)


def claim(
    session: Session, worker: str, now: datetime, lease: timedelta, most: int, targets: Sequence[str]
) -> list[Claimed]:
    """At most `most` rows of `targets` that are due, the longest waiting first, now held by `worker` for `lease`.

    Rows that another one holds, and those of a disabled target, stay. Each claim counts as an attempt.
    """
    rows: list[Claimed] = []
    for target in targets:
        rows += _claim_of(session, target, now, now + lease, most - len(rows))
    if rows:
        held = {"locked_by": worker, "locked_until": now + lease, "attempts": outbox.c.attempts + 1}
        session.execute(update(outbox).where(outbox.c.id.in_([row.id for row in rows])).values(held))
    return rows


def _claim_of(session: Session, target: str, now: datetime, until: datetime, most: int) -> list[Claimed]:
    columns = (outbox.c.id, outbox.c.lead_reference, outbox.c.target, outbox.c.event, outbox.c.attempts)
    query = select(*columns, type_coerce(outbox.c.payload, Text).label("sealed")).where(_claimable(target, now))
    query = query.order_by(outbox.c.available_at).limit(most).with_for_update(skip_locked=True)
    return [
        Claimed(row.id, row.lead_reference, row.target, row.event, _opened(row.sealed), row.attempts + 1, until)
        for row in session.execute(query)
    ]


def _opened(token: str) -> str | None:
    try:
        return sealer().unseal(token)
    except SettingError:  # one row under lost keys holds up no other
        return None


def settle(session: Session, worker: str, settlements: Sequence[Settlement], now: datetime) -> list[Settlement]:
    """Write down what became of rows; returns those that `worker` still held, the others are left as they are.

    A row that is delivered keeps nothing of what it said.
    """
    delivered = [settlement for settlement in settlements if settlement.state == "delivered"]
    done = _settle_delivered(session, worker, delivered, now)
    for settlement in settlements:
        if settlement.state != "delivered" and _settle_other(session, worker, settlement, now):
            done.append(settlement)
    return done


def _held_by(worker: str) -> Any:
    # Beside it, the lease's end is compared: a worker that settles late may hold the same row again, under a new lease.
    return and_(outbox.c.locked_by == worker, _waits())


def _settle_delivered(
    session: Session, worker: str, settlements: Sequence[Settlement], now: datetime
) -> list[Settlement]:
    if not settlements:
        return []
    held = [(settlement.row.id, settlement.row.until) for settlement in settlements]
    still = and_(_held_by(worker), tuple_(outbox.c.id, outbox.c.locked_until).in_(held))
    mine = set(session.execute(select(outbox.c.id).where(still).with_for_update()).scalars())
    values = {"delivered_at": now, "payload": "", "locked_by": None, "locked_until": None}
    session.execute(update(outbox).where(outbox.c.id.in_(mine)).values(values))
    return [settlement for settlement in settlements if settlement.row.id in mine]


def _settle_other(session: Session, worker: str, settlement: Settlement, now: datetime) -> bool:
    row = settlement.row
    values: dict[str, Any] = {"available_at": settlement.due, "locked_by": None, "locked_until": None}
    if settlement.state == "unsent":
        values["attempts"] = row.attempts - 1
    else:
        values["last_error"] = settlement.error
        values["dead_at"] = now if settlement.state == "dead" else None
    still = and_(_held_by(worker), outbox.c.id == row.id, outbox.c.locked_until == row.until)
    return bool(session.execute(update(outbox).where(still).values(values)).rowcount)


def replay(session: Session, ids: Collection[str] | None, now: datetime) -> int:
    """Make dead letters due again, from the first try on and under their old ids; None: all. Returns how many."""
    dead = outbox.c.dead_at.is_not(None)
    chosen = dead if ids is None else and_(dead, outbox.c.id.in_(list(ids)))
    again = {"dead_at": None, "attempts": 0, "available_at": now, "locked_by": None, "locked_until": None}
    return int(session.execute(update(outbox).where(chosen).values(again)).rowcount)


def dead_letters(session: Session, most: int) -> list[DeadLetter]:
    """The messages that were given up, the latest first."""
    columns = (outbox.c.id, outbox.c.lead_reference, outbox.c.target, outbox.c.event, outbox.c.attempts)
    times = (outbox.c.created_at, outbox.c.dead_at, outbox.c.last_error)
    query = select(*columns, *times).where(outbox.c.dead_at.is_not(None)).order_by(outbox.c.dead_at.desc()).limit(most)
    return [DeadLetter(*row) for row in session.execute(query)]


def lag(session: Session, now: datetime) -> Lag:
    """How far delivery is behind; messages to a disabled target do not count."""
    enabled = outbox.c.target.not_in(select(disabled_targets.c.name))
    waiting, oldest = session.execute(
        select(func.count(), func.min(outbox.c.available_at)).where(_waits(), enabled)
    ).one()
    dead = session.execute(select(func.count()).where(outbox.c.dead_at.is_not(None))).scalar_one()
    behind = now - oldest if oldest is not None and oldest < now else timedelta(0)
    return Lag(waiting, behind, dead)


def unclaimed(session: Session, configured: Collection[str]) -> dict[str, int]:
    """How many messages wait for targets that are not `configured`: nobody sends them until these are again."""
    query = select(outbox.c.target, func.count()).where(_waits(), outbox.c.target.not_in(list(configured)))
    return dict(session.execute(query.group_by(outbox.c.target)).all())
