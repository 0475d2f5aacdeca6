"""`strand leads list`: the newest leads, without a person in them."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import datetime

from bot.cli.leads.wording import moment, table
from bot.leads.export import as_json_time
from bot.leads.listing import Listed, list_leads
from bot.storage.database import Database

HEADER = ("REFERENCE", "MADE", "OUTCOME", "QUEUE", "STATUS", "DELIVERY", "")
NONE_YET = "There are no leads yet: visitors make them in the chat, which ./strand up serves."
NONE_SUCH = "No lead is like that; ./strand leads list shows all of them."


def run(arguments: argparse.Namespace, database: Database, _now: datetime) -> int:
    """Print the list, as lines of text or of JSON."""
    wanted = (arguments.status, arguments.queue, arguments.limit)
    found = asyncio.run(database.run(lambda session: list_leads(session, *wanted), read_only=True))
    if arguments.json:
        for lead in found:
            print(json.dumps(asdict(lead), default=as_json_time))
        return 0
    if not found:
        print(NONE_SUCH if arguments.status or arguments.queue else NONE_YET)
        return 0
    print(table(HEADER, map(_line, found)))
    if len(found) == arguments.limit:
        print(f"These are the newest {arguments.limit}; --limit shows more.")
    return 0


def _line(lead: Listed) -> tuple[str, ...]:
    flag = "flagged" if lead.flagged else ""
    return lead.reference, moment(lead.created_at), lead.outcome, lead.queue, lead.status, lead.delivery, flag
