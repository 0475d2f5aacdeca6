"""The staff console: accounts, what staff do with leads and conversations, and what each turn was."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
FLAGGED = sa.text("flagged_at IS NOT NULL")
NEW_COLUMNS = {
    "conversations": (sa.Column("began_at", TIME), sa.Column("channel", sa.Text()), sa.Column("flagged_at", TIME)),
    "leads": (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("assignee", sa.Text()),
        sa.Column("status_reason", sa.Text()),
        sa.Column("first_contact_at", TIME),
        sa.Column("merged_into", sa.Text()),
    ),
}
TABLES = (
    "sign_in_failures",
    "staff_sessions",
    "staff",
    "notices",
    "note_words",
    "notes",
    "lead_labels",
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
    op.create_index(
        "conversations_flagged", "conversations", ["flagged_at"], sqlite_where=FLAGGED, postgresql_where=FLAGGED
    )
    _create_turns()
    _create_takeovers()
    _create_reviews()
    _create_labels_and_notes()
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
        sa.Column("label", sa.Text(), primary_key=True),
        sa.Column("created_at", TIME, primary_key=True),
        sa.Column("lead_reference", sa.Text(), lead.copy(), primary_key=True),
    )
    op.create_index("labels_by_lead", "lead_labels", ["lead_reference"])
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


def _create_accounts() -> None:
    op.create_table(
        "staff",
        sa.Column("name", sa.Text(), primary_key=True),
        *_texts("role", "password"),
        *_texts("totp", required=False),
        sa.Column("totp_required", sa.Boolean(), nullable=False),
        sa.Column("totp_used", sa.Integer()),
        *_texts("zone", required=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), sa.ForeignKey("staff.name"), nullable=False),
        *(sa.Column(name, TIME, nullable=False) for name in ("began_at", "seen_at")),
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
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("conversations_flagged", "conversations")
    for table, columns in NEW_COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for column in columns:
                altered.drop_column(column.name)
