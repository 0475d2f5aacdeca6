"""Tells other processes on the same PostgreSQL that something is new; on SQLite there is one process, and no need."""

from sqlalchemy import text
from sqlalchemy.orm import Session

CHANNEL = "strand_news"


def tell(session: Session, word: str) -> None:
    """Say `word` to every process that listens, once the transaction is committed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_notify(:channel, :word)"), {"channel": CHANNEL, "word": word})
