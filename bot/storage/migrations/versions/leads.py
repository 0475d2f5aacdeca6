"""Sealed conversations with addresses and an expiry, and the leads: contact, consents, audit, outbox, receipts."""

import sqlalchemy as sa
from alembic import op

from bot.storage.engine import forget_for_good
from bot.storage.sealing import sealer
from bot.storage.sealing_check import KNOWN, PURPOSE

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
WAITING = sa.text("delivered_at IS NULL AND dead_at IS NULL")
DELIVERED = sa.text("delivered_at IS NOT NULL")
DEAD = sa.text("dead_at IS NOT NULL")
BATCH = 1000
AUDIT_STAYS = ("sequence", "at", "actor", "act", "subject", "before_digest", "after_digest", "previous", "hash")


def upgrade() -> None:
    """Seal what is there, and create the tables of the leads."""
    forget_for_good(op.get_bind())
    _create_sealing_check()
    _extend_transcripts()
    _seal("conversations", "id", "snapshot")
    _seal("tracker_events", "id", "data")
    _create_leads()
    _create_audit()
    _create_delivery()
    _forbid_changes()


def _create_sealing_check() -> None:
    created = op.create_table(
        "sealing_check",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("indexed", sa.Text(), nullable=False),
    )
    row = {"id": 1, "sealed": sealer().seal(KNOWN), "indexed": sealer().blind_index(PURPOSE, KNOWN)}
    op.bulk_insert(created, [row])


def _extend_transcripts() -> None:
    op.add_column("conversations", sa.Column("expires_at", TIME))
    op.create_index("conversations_by_update", "conversations", ["updated_at"])
    op.create_index("conversations_by_expiry", "conversations", ["expires_at"])
    op.create_table(
        "addresses",
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("address_index", sa.Text(), primary_key=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_index("addresses_by_conversation", "addresses", ["conversation_id"])


def _seal(table: str, key: str, column: str) -> None:
    """Seal a column that stood in the clear, some rows at a time."""
    connection, last = op.get_bind(), None
    rows = sa.table(table, sa.column(key), sa.column(column))
    while True:
        query = sa.select(rows.c[key], rows.c[column]).order_by(rows.c[key]).limit(BATCH)
        found = connection.execute(query if last is None else query.where(rows.c[key] > last)).all()
        for identifier, value in found:
            sealed = {column: sealer().seal(value)}
            connection.execute(sa.update(rows).where(rows.c[key] == identifier).values(sealed))
        if len(found) < BATCH:
            return
        last = found[-1][0]


def _create_leads() -> None:
    op.create_table(
        "leads",
        sa.Column("reference", sa.Text(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("conversation_id", "form_version", "channel")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("language", "outcome", "table_version")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("queue", "status")),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        *(sa.Column(name, TIME, nullable=False) for name in ("created_at", "updated_at")),
        sa.UniqueConstraint("conversation_id", "form_version", name="one_lead_a_form"),
    )
    op.create_index("leads_by_creation", "leads", ["created_at"])
    op.create_table(
        "contacts",
        sa.Column("lead_reference", sa.Text(), sa.ForeignKey("leads.reference"), primary_key=True),
        *(sa.Column(name, sa.Text()) for name in ("name", "email", "phone", "email_index", "phone_index")),
        *(sa.Column(name, sa.Text()) for name in ("preferred_contact", "preferred_time")),
    )
    op.create_index("contacts_by_email", "contacts", ["email_index"])
    op.create_index("contacts_by_phone", "contacts", ["phone_index"])
    op.create_table(
        "consents",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("lead_reference", sa.Text(), sa.ForeignKey("leads.reference"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("purpose", "wording_id", "wording_version")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("language", "shown")),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("channel", "message_id")),
    )
    op.create_index("consents_by_lead", "consents", ["lead_reference"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", TIME, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("actor", "act", "subject")),
        *(sa.Column(name, sa.Text()) for name in ("before", "after", "before_digest", "after_digest")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("previous", "hash")),
    )
    op.create_index("audit_by_subject", "audit", ["subject"])


def _create_delivery() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("lead_reference", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("target", "event", "payload")),
        *(sa.Column(name, TIME, nullable=False) for name in ("created_at", "available_at")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_by", sa.Text()),
        *(sa.Column(name, TIME) for name in ("locked_until", "delivered_at", "dead_at")),
        sa.Column("last_error", sa.Text()),
    )
    op.create_index("outbox_by_lead", "outbox", ["lead_reference"])
    op.create_index(
        "outbox_waiting", "outbox", ["target", "available_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("outbox_delivered", "outbox", ["delivered_at"], sqlite_where=DELIVERED, postgresql_where=DELIVERED)
    op.create_index("outbox_dead", "outbox", ["dead_at"], sqlite_where=DEAD, postgresql_where=DEAD)
    op.create_table(
        "disabled_targets",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("disabled_at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("receipt", sa.Text(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
    )


def _forbid_changes() -> None:
    """Consents are never changed, and of the audit only `before` and `after`, which an erasure empties."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'these rows are never changed'; END $$"
        )
        refuse = "EXECUTE FUNCTION refuse_change()"
    else:
        refuse = "BEGIN SELECT RAISE(ABORT, 'these rows are never changed'); END"
    columns = ", ".join(f'"{name}"' for name in AUDIT_STAYS)
    op.execute(f"CREATE TRIGGER consents_stay BEFORE UPDATE ON consents FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER audit_stays BEFORE UPDATE OF {columns} ON audit FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit FOR EACH ROW {refuse}")


def downgrade() -> None:
    """Not offered: what was sealed would have to stand in the clear again, and consents would be lost."""
    raise NotImplementedError("restore a backup instead")
