"""The tables of the leads, as the migrations make them. All times are UTC; `Sealed` columns are unreadable at rest."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.types import Sealed, UtcTime

metadata = MetaData()

NUMBER = BigInteger().with_variant(Integer, "sqlite")
# What a list of leads is filtered by, in one text; none for a lead that is shown elsewhere. See bot.leads.paging.
FACET = (
    "CASE WHEN merged_into IS NULL THEN status || '|' || outcome || '|' || queue || '|' || channel || '|' || language "
    "|| '|' || CASE WHEN flagged THEN 'yes' ELSE 'no' END END"
)

# One row a lead. A conversation and the version of its form make one, however often it is sent. `assessment` is JSON:
# outcome, reasons, findings, answers and flags as bot.leads.records.Assessed has them. `flagged`: staff look first.
# `version` counts the changes: staff who change a lead name the version that they looked at. A lead that was
# `merged_into` another is shown there.
leads = Table(
    "leads",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("table_version", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("assessment", Sealed, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("assignee", Text),
    Column("status_reason", Sealed),
    Column("first_contact_at", UtcTime),
    Column("merged_into", Text),
    Column("facet", Text, Computed(FACET)),
    UniqueConstraint("conversation_id", "form_version", name="one_lead_a_form"),
    Index("leads_by_creation", "created_at"),
    Index("leads_by_facet", "facet", "created_at", "reference"),
    Index("leads_by_assignee", "assignee", "facet", "created_at", "reference"),
)

# Every facet that a lead has or had, with what it is made of; triggers of the database add them.
lead_facets = Table(
    "lead_facets",
    metadata,
    Column("facet", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("status", "outcome", "queue", "channel", "language")),
    Column("flagged", Boolean, nullable=False),
)
Index(
    "leads_by_merge",
    leads.c.merged_into,
    sqlite_where=text("merged_into IS NOT NULL"),
    postgresql_where=text("merged_into IS NOT NULL"),
)

# How to reach the person of a lead; every detail is sealed, e-mail and phone have a blind index.
contacts = Table(
    "contacts",
    metadata,
    Column("lead_reference", Text, ForeignKey("leads.reference"), primary_key=True),
    Column("name", Sealed),
    Column("email", Sealed),
    Column("phone", Sealed),
    Column("email_index", Text),
    Column("phone_index", Text),
    Column("preferred_contact", Text),
    Column("preferred_time", Sealed),
    Index("contacts_by_email", "email_index"),
    Index("contacts_by_phone", "phone_index"),
)

# Consents as they were given or withdrawn, in order; rows are never changed. `shown` is the text that was agreed to.
consents = Table(
    "consents",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("lead_reference", Text, ForeignKey("leads.reference"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("wording_id", Text, nullable=False),
    Column("wording_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Index("consents_by_lead", "lead_reference"),
)

# The audit: append-only, each row's hash covers the row before. `before` and `after` are JSON, sealed, and emptied when
# their person is erased; the hash covers their digests, which stay, so that the chain still holds.
audit = Table(
    "audit",
    metadata,
    Column("sequence", NUMBER, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Sealed),
    Column("after", Sealed),
    Column("before_digest", Text),
    Column("after_digest", Text),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_by_subject", "subject"),
)

# One row for each message to each target, written in the commit of what it tells. `id` is constant over all tries.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_reference", Text),
    Column("target", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("payload", Sealed, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("available_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("locked_by", Text),
    Column("locked_until", UtcTime),
    Column("delivered_at", UtcTime),
    Column("dead_at", UtcTime),
    Column("last_error", Text),
    Index("outbox_by_lead", "lead_reference"),
)
Index(
    "outbox_waiting",
    outbox.c.target,
    outbox.c.available_at,
    sqlite_where=text("delivered_at IS NULL AND dead_at IS NULL"),
    postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL"),
)
Index(
    "outbox_delivered",
    outbox.c.delivered_at,
    sqlite_where=text("delivered_at IS NOT NULL"),
    postgresql_where=text("delivered_at IS NOT NULL"),
)
Index(
    "outbox_dead",
    outbox.c.dead_at,
    sqlite_where=text("dead_at IS NOT NULL"),
    postgresql_where=text("dead_at IS NOT NULL"),
)

# Targets that said they are gone (HTTP 410); nothing is sent to them until they are enabled again.
disabled_targets = Table(
    "disabled_targets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("disabled_at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
)

# Receipts of erasures: that something was erased, when, on whose word and how much; nothing of the person.
erasures = Table(
    "erasures",
    metadata,
    Column("receipt", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("counts", Text, nullable=False),
)

# Labels of leads. `created_at` is the lead's; triggers of the database keep `facet` and `assignee` as the lead has
# them.
lead_labels = Table(
    "lead_labels",
    metadata,
    Column("lead_reference", Text, ForeignKey("leads.reference"), primary_key=True),
    Column("label", Text, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("facet", Text),
    Column("assignee", Text),
    Index("labels_by_facet", "label", "facet", "created_at", "lead_reference"),
    Index("labels_by_assignee", "label", "assignee", "facet", "created_at", "lead_reference"),
)

# What staff note on a lead, in order.
notes = Table(
    "notes",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("lead_reference", Text, ForeignKey("leads.reference"), nullable=False),
    Column("staff", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("text", Sealed, nullable=False),
    Index("notes_by_lead", "lead_reference", "id"),
)

# The words of the notes, by their blind indexes, so that notes can be searched.
note_words = Table(
    "note_words",
    metadata,
    Column("word_index", Text, primary_key=True),
    Column("note_id", NUMBER, ForeignKey("notes.id"), primary_key=True, autoincrement=False),
    Index("words_by_note", "note_id"),
)

# What staff were told of already: `kind` is one of bot.leads.notices, `subject` a reference, a message's id or a
# conversation.
notices = Table(
    "notices",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)
