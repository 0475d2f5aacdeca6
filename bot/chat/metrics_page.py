"""The page that Prometheus reads: what this process has counted, and how far work is behind in the database."""

from datetime import datetime, timezone

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.chat.callers import refusal
from bot.errors import StorageError
from bot.leads import outbox
from bot.metrics import registry
from bot.settings import Settings
from bot.storage.database import Database
from bot.transcripts.backlog import backlog

PLACE = "/metrics"
HEADERS = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}


def add_route(app: web.Application, settings: Settings, database: Database) -> None:
    """Serve the page at /metrics, for callers on this machine or with the token."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # when a series began: that doubles the page
    app.router.add_get(PLACE, MetricsPage(settings, database).show)


class MetricsPage:
    """Shows the metrics of this process with those of its database, which is asked each time."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)

    async def show(self, request: web.Request) -> web.Response:
        """The page as text; 401 or 403 for a caller that it is not for."""
        refused = refusal(request, self._settings)
        if refused:
            status, reason = refused
            return web.json_response({"error": reason}, status=status)
        found = await backlog_metrics(self._database)
        return web.Response(body=b"".join(map(generate_latest, (registry, self._process, found))), headers=HEADERS)


async def backlog_metrics(database: Database) -> CollectorRegistry:
    """What waits in the database, in a registry of its own; of a database that gives no answer, only that."""
    found = CollectorRegistry()
    up = Gauge("strand_database_up", "Whether the database answered.", registry=found)
    now = datetime.now(timezone.utc)
    try:
        said, lag = await database.run(
            lambda session: (backlog(session, now), outbox.lag(session, now)), read_only=True
        )
    except StorageError:
        return found
    up.set(1)
    values = {
        "strand_inbox_waiting": ("Messages that wait for an answer.", said.waiting),
        "strand_inbox_oldest_seconds": ("How long the oldest of them has waited.", said.oldest.total_seconds()),
        "strand_replies_waiting": ("Replies that wait for a channel.", said.replies),
        "strand_replies_dead": ("Replies that were given up.", said.dead),
        "strand_outbox_waiting": ("Messages on leads that wait for a target.", lag.waiting),
        "strand_outbox_lag_seconds": ("For how long the oldest that is due has been due.", lag.oldest.total_seconds()),
        "strand_outbox_dead": ("Messages on leads that were given up.", lag.dead),
    }
    for name, (meaning, value) in values.items():
        Gauge(name, meaning, registry=found).set(value)
    return found
