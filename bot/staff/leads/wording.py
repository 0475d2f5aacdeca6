"""What the list of leads says in words."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.leads.listing import Delivery
from bot.leads.paging import Sort
from bot.leads.records import Queue
from bot.leads.views import View

VIEWS: Mapping[View, str] = {
    "new": "New",
    "clinician": "Clinician queue",
    "urgent": "Urgent",
    "waiting": "Waiting",
    "mine": "Mine",
    "all": "All",
}
QUEUES: Mapping[Queue, str] = {"sales": "Sales", "clinician": "Clinician"}
SORTS: Mapping[Sort, str] = {"newest": "Newest first", "waiting": "Longest waiting first"}
DELIVERIES: Mapping[Delivery, str] = {
    "none": "not sent anywhere",
    "waiting": "on its way",
    "delivered": "delivered",
    "dead": "given up",
}
# What stands where a view has no lead: what that means, and what to do.
EMPTY: Mapping[View, tuple[str, str]] = {
    "new": ("No new lead", "Everybody has been contacted. Who hands something over next appears here."),
    "clinician": ("Nothing for a clinician", "Leads whose answers a clinician has to look at appear here."),
    "urgent": ("Nothing urgent", "Leads in which a sign of danger was noticed appear here, until they are settled."),
    "waiting": ("Nobody has waited too long", "Look at “New” for those who came a short while ago."),
    "mine": ("Nothing is yours", "Tick leads under “New” and choose “me” to take them."),
    "all": (
        "There is no lead yet",
        "A lead comes when a visitor hands a request over in the chat. ./strand demo fills a new database with "
        "invented ones.",
    ),
}
FILTERED = ("No lead fits", "Take a filter away, or clear them all.")
STEPS: Sequence[tuple[str, timedelta]] = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("min", timedelta(minutes=1)),
)


def span(time: timedelta) -> str:
    """A length of time in its largest unit: `2 d`, `3 h`, `5 min`."""
    for unit, length in STEPS:
        if time >= length:
            return f"{time // length} {unit}"
    return "less than a minute"


def count(number: int, most: int) -> str:
    """A number that was counted up to `most`."""
    return f"{most:,}+" if number > most else f"{number:,}"


def leads(number: int) -> str:
    """So many leads."""
    return "1 lead" if number == 1 else f"{number:,} leads"


def is_narrowed(fields: Mapping[str, str]) -> bool:
    """Whether a filter is chosen besides the view."""
    return bool(set(fields) - {"sort"})
