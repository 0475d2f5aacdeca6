"""The staff console: accounts, what staff do with leads and conversations, and what each turn was."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
# As bot.leads.tables has it.
FACET = (
    "CASE WHEN merged_into IS NULL THEN status || '|' || outcome || '|' || queue || '|' || channel || '|' || language "
    "|| '|' || CASE WHEN flagged THEN 'yes' ELSE 'no' END END"
)
OPEN = sa.text("ended_at IS NULL")
FLAGGED = sa.text("flagged_at IS NOT NULL")
FLAGGED_INDEXES = {"conversations_flagged": "flagged_at", "conversations_flagged_by_update": "updated_at"}
MERGED = sa.text("merged_into IS NOT NULL")
NEW_COLUMNS = {
    "conversations": (sa.Column("began_at", TIME), sa.Column("channel", sa.Text()), sa.Column("flagged_at", TIME)),
    "leads": (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("assignee", sa.Text()),
        sa.Column("status_reason", sa.Text()),
        sa.Column("first_contact_at", TIME),
        sa.Column("merged_into", sa.Text()),
        sa.Column("facet", sa.Text(), sa.Computed(FACET)),
    ),
}
FACET_PARTS = ("status", "outcome", "queue", "channel", "language", "flagged")
FACET_SOURCES = ", ".join(FACET_PARTS)
# A facet that is new is noted; PostgreSQL lets two who note the same one at once wait for each other.
NOTE_FACET = (
    f"INSERT INTO lead_facets (facet, {FACET_SOURCES}) "  # noqa: S608  # names of our own
    f"SELECT NEW.facet, {', '.join(f'NEW.{name}' for name in FACET_PARTS)} "
    "WHERE NEW.facet IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lead_facets WHERE facet = NEW.facet) "
    "ON CONFLICT DO NOTHING"
)
MOVE_LABELS = "UPDATE lead_labels SET facet = NEW.facet, assignee = NEW.assignee WHERE lead_reference = NEW.reference"
TABLES = (
    "sign_in_failures",
    "staff_sessions",
    "staff",
    "notices",
    "note_words",
    "notes",
    "lead_labels",
    "lead_facets",
    "examples",
    "reviews",
    "takeovers",
    "turns",
)


def upgrade() -> None:
    """Create the tables, and add the columns."""
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.add_column(table, column.copy())
    op.create_index("conversations_by_channel", "conversations", ["channel", "updated_at"])
    for name, column in FLAGGED_INDEXES.items():
        op.create_index(name, "conversations", [column], sqlite_where=FLAGGED, postgresql_where=FLAGGED)
    op.create_index("leads_by_merge", "leads", ["merged_into"], sqlite_where=MERGED, postgresql_where=MERGED)
    _create_turns()
    _create_takeovers()
    _create_reviews()
    _create_labels_and_notes()
    _create_facets()
    _create_accounts()


def _texts(*names: str, required: bool = True) -> Sequence[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=not required) for name in names]


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.Text(), primary_key=True),
        sa.Column("sequence", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", TIME, nullable=False),
        *_texts("channel", "kind"),
        *_texts("topic", "entry", required=False),
        sa.Column("confidence", sa.Float(precision=53)),
        *_texts("field", "outcome", "class", "state", required=False),
    )
    op.create_index("turns_by_time", "turns", ["at"])
    op.create_index("turns_by_kind", "turns", ["kind", "at"])
    op.create_index("turns_by_entry", "turns", ["entry", "at"])


def _create_takeovers() -> None:
    op.create_table(
        "takeovers",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        *_texts("conversation_id", "staff"),
        sa.Column("joined_at", TIME, nullable=False),
        *(sa.Column(name, TIME) for name in ("answered_at", "waiting_since", "ended_at")),
        *_texts("ended_by", required=False),
    )
    op.create_index("takeovers_by_conversation", "takeovers", ["conversation_id", "id"])
    op.create_index(
        "one_takeover_at_once", "takeovers", ["conversation_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("conversation_id", sa.Text(), primary_key=True),
        sa.Column("sequence", sa.Integer(), primary_key=True, autoincrement=False),
        *_texts("verdict", required=False),
        *_texts("state"),
        *_texts("entry", required=False),
        *_texts("staff"),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_index("reviews_by_state", "reviews", ["state", "at"])
    op.create_table(
        "examples",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        *_texts("text", "entry", "staff"),
        sa.Column("at", TIME, nullable=False),
        sa.Column("exported_at", TIME),
    )


def _create_labels_and_notes() -> None:
    lead = sa.ForeignKey("leads.reference")
    op.create_table(
        "lead_labels",
        sa.Column("lead_reference", sa.Text(), lead.copy(), primary_key=True),
        sa.Column("label", sa.Text(), primary_key=True),
        sa.Column("created_at", TIME, nullable=False),
        *_texts("facet", "assignee", required=False),
    )
    op.create_table(
        "notes",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("lead_reference", sa.Text(), lead.copy(), nullable=False),
        *_texts("staff"),
        sa.Column("at", TIME, nullable=False),
        *_texts("text"),
    )
    op.create_index("notes_by_lead", "notes", ["lead_reference", "id"])
    op.create_table(
        "note_words",
        sa.Column("word_index", sa.Text(), primary_key=True),
        sa.Column("note_id", NUMBER, sa.ForeignKey("notes.id"), primary_key=True, autoincrement=False),
    )
    op.create_index("words_by_note", "note_words", ["note_id"])
    op.create_table(
        "notices",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("kind", "subject")),
        sa.Column("at", TIME, nullable=False),
    )


def _create_facets() -> None:
    """What lists of leads are found by, kept by the database itself: whoever writes a lead need not know of it."""
    op.create_table(
        "lead_facets",
        sa.Column("facet", sa.Text(), primary_key=True),
        *_texts(*FACET_PARTS[:-1]),
        sa.Column("flagged", sa.Boolean(), nullable=False),
    )
    op.execute(
        f"INSERT INTO lead_facets (facet, {FACET_SOURCES}) "  # noqa: S608  # names of our own
        f"SELECT DISTINCT facet, {FACET_SOURCES} FROM leads WHERE facet IS NOT NULL"
    )
    place = ["facet", "created_at"]
    op.create_index("leads_by_facet", "leads", [*place, "reference"])
    op.create_index("leads_by_assignee", "leads", ["assignee", *place, "reference"])
    op.create_index("labels_by_facet", "lead_labels", ["label", *place, "lead_reference"])
    op.create_index("labels_by_assignee", "lead_labels", ["label", "assignee", *place, "lead_reference"])
    if op.get_bind().dialect.name == "postgresql":
        _keep_facets_in_postgresql()
    else:
        _keep_facets_in_sqlite()


def _keep_facets_in_sqlite() -> None:
    mine = "lead_reference = NEW.lead_reference AND label = NEW.label"
    columns = f"{FACET_SOURCES}, assignee, merged_into"
    op.execute(f"CREATE TRIGGER lead_notes_facet AFTER INSERT ON leads FOR EACH ROW BEGIN {NOTE_FACET}; END")
    op.execute(
        f"CREATE TRIGGER lead_moves AFTER UPDATE OF {columns} ON leads FOR EACH ROW "
        f"BEGIN {NOTE_FACET}; {MOVE_LABELS}; END"
    )
    op.execute(
        "CREATE TRIGGER label_finds_lead AFTER INSERT ON lead_labels FOR EACH ROW BEGIN "  # noqa: S608  # our own names
        "UPDATE lead_labels SET (facet, assignee) = "
        f"(SELECT facet, assignee FROM leads WHERE reference = NEW.lead_reference) WHERE {mine}; END"
    )


def _keep_facets_in_postgresql() -> None:
    make = "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NEW; END $$"
    op.execute(make.format("lead_noted", f"{NOTE_FACET};"))
    op.execute(make.format("lead_moved", f"{NOTE_FACET}; {MOVE_LABELS};"))
    # FOR SHARE waits for whoever is changing the lead, so that the label is not left with what the lead was before.
    found = "SELECT facet, assignee INTO NEW.facet, NEW.assignee FROM leads WHERE reference = NEW.lead_reference"
    op.execute(make.format("label_found", f"{found} FOR SHARE;"))
    columns = f"{FACET_SOURCES}, assignee, merged_into"
    for name, when, function in (
        ("lead_notes_facet", "AFTER INSERT ON leads", "lead_noted"),
        ("lead_moves", f"AFTER UPDATE OF {columns} ON leads", "lead_moved"),
        ("label_finds_lead", "BEFORE INSERT ON lead_labels", "label_found"),
    ):
        op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {function}()")


def _drop_facets() -> None:
    on = {"lead_notes_facet": "leads", "lead_moves": "leads", "label_finds_lead": "lead_labels"}
    shared = op.get_bind().dialect.name == "postgresql"
    for trigger, table in on.items():
        op.execute(f"DROP TRIGGER {trigger} ON {table}" if shared else f"DROP TRIGGER {trigger}")
    for function in ("lead_noted", "lead_moved", "label_found") if shared else ():
        op.execute(f"DROP FUNCTION {function}()")
    for index in ("leads_by_facet", "leads_by_assignee"):
        op.drop_index(index, "leads")


def _create_accounts() -> None:
    op.create_table(
        "staff",
        sa.Column("name", sa.Text(), primary_key=True),
        *_texts("role", "password"),
        *_texts("totp", required=False),
        sa.Column("totp_required", sa.Boolean(), nullable=False),
        sa.Column("totp_used", sa.Integer()),
        *_texts("zone", required=False),
        sa.Column("seen_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), sa.ForeignKey("staff.name"), nullable=False),
        *(sa.Column(name, TIME, nullable=False) for name in ("began_at", "seen_at")),
        sa.Column("password_only", sa.Boolean(), nullable=False),
    )
    op.create_index("sessions_by_name", "staff_sessions", ["name"])
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("free_at", TIME),
    )


def downgrade() -> None:
    """Drop them."""
    _drop_facets()
    for table in TABLES:
        op.drop_table(table)
    for name in (*FLAGGED_INDEXES, "conversations_by_channel"):
        op.drop_index(name, "conversations")
    op.drop_index("leads_by_merge", "leads")
    for table, columns in NEW_COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for column in reversed(columns):
                altered.drop_column(column.name)
