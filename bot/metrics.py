"""What is counted: turns, refusals, leads, deliveries and failures. No label says anything of a visitor."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

turns = Counter("strand_turns", "Turns that were answered.", ["kind", "channel"], registry=registry)
turn_seconds = Histogram("strand_turn_seconds", "From a turn's begin to its commit.", ["channel"], registry=registry)
red_flags = Counter("strand_red_flags", "Turns that gave urgent advice.", ["class"], registry=registry)
leads = Counter("strand_leads", "Leads that were stored.", ["outcome"], registry=registry)
messages = Counter("strand_messages", "Messages that were taken in.", ["channel"], registry=registry)
refusals = Counter(
    "strand_refusals", "Requests that were refused at the door.", ["channel", "reason"], registry=registry
)
sent = Counter("strand_replies_sent", "Replies that a channel took.", ["channel", "result"], registry=registry)
failures = Counter("strand_failures", "Errors that were caught at an edge.", ["where"], registry=registry)
sockets = Gauge("strand_sockets", "Web chats that are connected now.", registry=registry)
