"""Which conversations an account may look into, as conditions of a query."""

from typing import Any

from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session

from bot.leads.records import Queue
from bot.leads.tables import leads
from bot.staff.access import QUEUES
from bot.staff.accounts import Account


def visible(account: Account, conversation: Any) -> Any:
    """The condition that the conversation in a column is none that only others may see."""
    hidden = _hidden(account)
    if not hidden:
        return true()
    return ~exists().where(leads.c.conversation_id == conversation, leads.c.queue.in_(hidden))


def may_look(session: Session, account: Account, conversation: str) -> bool:
    """Whether an account may see a conversation."""
    hidden = _hidden(account)
    if not hidden:
        return True
    of_others = select(leads.c.reference).where(leads.c.conversation_id == conversation, leads.c.queue.in_(hidden))
    return session.execute(of_others.limit(1)).first() is None


def _hidden(account: Account) -> list[Queue]:
    return [queue for queue, role in QUEUES.items() if not account.may(role)]
