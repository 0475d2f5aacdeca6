"""`strand leads replay`: the messages that were given up, and another try for them."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.cli.leads.wording import moment, table
from bot.errors import SettingError
from bot.leads.outbox import DeadLetter, dead_letters, replay
from bot.storage.database import Database

MOST = 1000
HEADER = ("ID", "LEAD", "EVENT", "TARGET", "ATTEMPTS", "GIVEN UP", "LAST ERROR")


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Make messages due again, or list them; raises SettingError for an id that is none of theirs."""
    if not arguments.ids and not arguments.all:
        print(_listed(asyncio.run(database.run(lambda session: dead_letters(session, MOST), read_only=True))))
        return 0
    wanted = set(arguments.ids)
    number = asyncio.run(database.run(lambda session: replay(session, wanted or None, now)))
    print(f"Due again: {number}. The delivery role sends them; ./strand up plays it, and so does ./strand serve.")
    if number < len(wanted):
        raise SettingError(
            "the others were not given up, or are not there; ./strand leads replay lists those that were"
        )
    return 0


def _listed(found: Sequence[DeadLetter]) -> str:
    if not found:
        return "No message was given up."
    return f"{table(HEADER, map(_line, found))}\n./strand leads replay ID … or --all tries them again."


def _line(letter: DeadLetter) -> tuple[str, ...]:
    about = letter.reference or "", letter.event, letter.target, str(letter.attempts)
    return letter.id, *about, moment(letter.dead_at), letter.last_error or ""
