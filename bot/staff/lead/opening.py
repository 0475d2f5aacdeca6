"""Opens a lead for an account: whether it is there, and whether it is theirs to see."""

import re
from collections.abc import Sequence

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads.merged import kept_for
from bot.leads.records import Queue
from bot.leads.worked import Work, read_work
from bot.staff import accounts
from bot.staff.access import QUEUES, account_of, may_see
from bot.staff.accounts import Account

REFERENCE = re.compile(r"[A-Z]-[0-9A-Z]{4,12}")


def reference_of(request: web.Request) -> str:
    """The reference in the address, in any case; raises HTTPNotFound for what is none."""
    reference = request.match_info["reference"].upper()
    if not REFERENCE.fullmatch(reference):
        raise web.HTTPNotFound
    return reference


def opened(session: Session, account: Account, reference: str) -> Work:
    """The lead that stands for `reference`; raises HTTPNotFound, HTTPForbidden where the account may not see it."""
    work = read_work(session, kept_for(session, reference))
    if work is None:
        raise web.HTTPNotFound
    if not may_see(account, work.queue):
        raise web.HTTPForbidden(reason="a clinician looks at this lead first")
    return work


def actor_of(request: web.Request) -> str:
    """Who asks, as the audit names them."""
    return f"staff:{account_of(request).name}"


def assignable(session: Session, queue: Queue) -> Sequence[str]:
    """The accounts that may see leads of a queue, by name."""
    found = accounts.everyone(session)
    return [one.name for one in found if one.disabled_at is None and one.may(QUEUES[queue])]
