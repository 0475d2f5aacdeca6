"""What is counted: turns, refusals, leads, deliveries and failures.

No label says anything of a visitor: each takes its values from a closed set, and whatever else comes is `other`.
"""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

Metric = TypeVar("Metric", bound=MetricWrapperBase)

OTHER = "other"
CHANNELS = ("web", "rest", "sms", "whatsapp", "telegram", "messenger", "slack")
# As docs/payload.md has them; `none` is a turn in which the assistant only listens.
KINDS = (
    "answer",
    "clarify",
    "question",
    "assessment",
    "handoff",
    "account",
    "urgent",
    "refusal",
    "out_of_scope",
    "smalltalk",
    "error",
    "none",
)
CLASSES = ("emergency", "urgent_care", "self_harm", "clinician_first")
OUTCOMES = ("qualified", "clinician_review", "not_now", "underage", "urgent", "none")
REASONS = ("slow", "busy", "long", "unreadable", "session", "origin", "signature", "opted_out")
RESULTS = ("sent", "failed", "given_up")
EDGES = (
    "action",
    "broker",
    "delivery",
    "inbox",
    "message",
    "news",
    "request",
    "retention",
    "sending",
    "socket",
    "staff",
    "turn",
)

# A turn has 30 seconds; most take some milliseconds.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Labelled(Generic[Metric]):
    """A metric whose labels have closed sets of values; what is in none of them counts as `other`.

    A metric of one label shows all of its values from the start, so that the first count of each is seen as a change.
    """

    def __init__(self, metric: Metric, **values: Sequence[str]) -> None:
        self.metric: Metric = metric
        self.values: Mapping[str, Sequence[str]] = {name: (*each, OTHER) for name, each in values.items()}
        if len(self.values) == 1:
            for name, each in self.values.items():
                for value in each:
                    metric.labels(**{name: value})

    def labels(self, *given: str, **named: str) -> Metric:
        """The metric at these values, in the order of the labels or by their names."""
        chosen = {**dict(zip(self.values, given, strict=False)), **named}
        return self.metric.labels(**{name: self._closed(name, value) for name, value in chosen.items()})

    def _closed(self, name: str, value: str) -> str:
        return value if value in self.values[name] else OTHER


registry = CollectorRegistry()

turns = Labelled(
    Counter("strand_turns", "Turns that were answered.", ["kind", "channel"], registry=registry),
    kind=KINDS,
    channel=CHANNELS,
)
turn_seconds = Labelled(
    Histogram(
        "strand_turn_seconds",
        "From a turn's begin to its commit or its end.",
        ["channel"],
        buckets=SECONDS,
        registry=registry,
    ),
    channel=CHANNELS,
)
red_flags = Labelled(
    Counter("strand_red_flags", "Turns that gave urgent advice.", ["class"], registry=registry),
    **{"class": CLASSES},
)
leads = Labelled(
    Counter("strand_leads", "Leads that were stored.", ["outcome"], registry=registry),
    outcome=OUTCOMES,
)
messages = Labelled(
    Counter("strand_messages", "Messages that were taken into the inbox.", ["channel"], registry=registry),
    channel=CHANNELS,
)
refusals = Labelled(
    Counter("strand_refusals", "Requests that were refused at the door.", ["channel", "reason"], registry=registry),
    channel=CHANNELS,
    reason=REASONS,
)
sent = Labelled(
    Counter("strand_replies_sent", "Replies that were handed to a channel.", ["channel", "result"], registry=registry),
    channel=CHANNELS,
    result=RESULTS,
)
failures = Labelled(
    Counter("strand_failures", "Errors that were caught at an edge.", ["where"], registry=registry),
    where=EDGES,
)
sockets = Gauge("strand_sockets", "Web chats that are connected now.", registry=registry)
