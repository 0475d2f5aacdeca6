"""The tables of the staff's accounts, as the migrations make them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text

from bot.storage.types import Sealed, UtcTime

metadata = MetaData()

# One row a person of the staff. `password` is an argon2id hash; `totp` is the secret of the second factor, once it is
# confirmed, and `totp_used` the number of the time step whose code was used last; `zone` is the time zone that they
# read dates in; `seen_at` is to the minute.
staff = Table(
    "staff",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("totp", Sealed),
    Column("totp_required", Boolean, nullable=False),
    Column("totp_used", Integer),
    Column("zone", Text),
    Column("seen_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

# One row a sign-in that is not over. `digest` is the SHA-256 of what the cookie holds: the table alone lets nobody in.
# `password_only` is one that waits for the second factor, and opens nothing yet.
staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, ForeignKey("staff.name"), nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("password_only", Boolean, nullable=False),
    Index("sessions_by_name", "name"),
)

# Failures to sign in, by the blind index of an account's name or of an internet address.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("free_at", UtcTime),
)
