"""The lines of the list as they are read: everything in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.leads.listing import Delivery
from bot.leads.paging import WAITING
from bot.leads.records import Status
from bot.leads.rows import Row
from bot.leads.states import TITLES
from bot.staff.leads import wording
from bot.staff.wording import channel_title, language_title, outcome_title

STATUS_TONES: Mapping[Status, str] = {"new": "info", "booked": "good"}
DELIVERY_TONES: Mapping[Delivery, str] = {"dead": "danger", "delivered": "good"}


@dataclass(frozen=True)
class Line:
    """One lead in words; `came` is in the reader's zone.

    `waits` is empty for one that was contacted or is closed, which has `waited` instead.
    """

    reference: str
    version: int
    flagged: bool
    came: str
    came_utc: str
    waits: str
    waited: str
    outcome: str
    queue: str
    status: str
    status_tone: str
    channel: str
    language: str
    assignee: str | None
    labels: Sequence[str]
    delivery: str
    delivery_tone: str


def line_of(row: Row, now: datetime, zone: ZoneInfo) -> Line:
    """A row in words, as it is at a time (UTC), for a reader in a zone."""
    return Line(
        reference=row.reference,
        version=row.version,
        flagged=row.flagged,
        came=f"{row.created_at.astimezone(zone):%d %b %Y, %H:%M}",
        came_utc=f"{row.created_at:%Y-%m-%d %H:%M}",
        waits=wording.span(now - row.created_at) if row.status == WAITING else "",
        waited=f"waited {wording.span(row.first_contact_at - row.created_at)}" if row.first_contact_at else "–",
        outcome=outcome_title(row.outcome),
        queue=wording.QUEUES[row.queue],
        status=TITLES[row.status],
        status_tone=STATUS_TONES.get(row.status, "plain"),
        channel=channel_title(row.channel),
        language=language_title(row.language),
        assignee=row.assignee,
        labels=row.labels,
        delivery=wording.DELIVERIES[row.delivery],
        delivery_tone=DELIVERY_TONES.get(row.delivery, "plain"),
    )
