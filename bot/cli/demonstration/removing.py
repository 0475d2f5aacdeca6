"""Takes the invented conversations, leads and accounts out again, and nothing else."""

from datetime import datetime
from functools import partial
from typing import Any

from bot.leads import demonstration
from bot.leads.erasure import erase
from bot.staff.demonstration import remove_accounts
from bot.storage.database import Database
from bot.transcripts.demonstration import invented

ASKED_BY = "operator"
AT_ONCE = 25


async def remove(database: Database, now: datetime) -> tuple[int, int]:
    """Erase all of it; returns how many conversations and accounts that were. What the audit says of it stays empty."""
    found = await database.run(_everything, read_only=True)
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        await database.run(partial(_erase, conversations=some, now=now))
    accounts = await database.run(_end)
    return len(found), accounts


def _everything(session: Any) -> list[str]:
    return sorted({*invented(session), *(home for _, home in demonstration.invented_leads(session))})


def _erase(session: Any, conversations: list[str], now: datetime) -> None:
    """Erase conversations; no target is told, since none has ever heard of them."""
    wanted = set(conversations)
    references = [reference for reference, home in demonstration.invented_leads(session) if home in wanted]
    demonstration.forget_deliveries(session, references)
    for conversation in conversations:
        erase(session, conversation, ASKED_BY, now)
    demonstration.forget_deliveries(session, references)


def _end(session: Any) -> int:
    demonstration.switch_on_targets(session)
    return remove_accounts(session)
