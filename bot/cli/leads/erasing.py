"""`strand leads erase`: a person's record and transcript, for good."""

import argparse
import asyncio
import sys
from datetime import datetime

from bot.cli.leads.wording import counted, no_lead
from bot.errors import SettingError
from bot.leads.erasure import erase_conversation, is_kept
from bot.leads.listing import Person, person_of
from bot.leads.records import Erased
from bot.storage.database import Database

ASKED_BY = "operator"


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Erase, after asking on a terminal; returns 1 where the answer is no. Raises SettingError for nobody's record."""
    if not arguments.yes and not sys.stdin.isatty():
        raise SettingError("what is erased cannot be brought back: add --yes where there is no terminal to ask on")
    person = _whose(arguments, database)
    if not arguments.yes and not _meant(arguments.reference or f"conversation {person.conversation}"):
        print("Nothing was erased.")
        return 1
    print(_told(asyncio.run(erase_conversation(database, person.conversation, ASKED_BY, now))))
    if person.others:
        print(f"Probably the same person, in other conversations and still kept: {', '.join(person.others)}")
    return 0


def _whose(arguments: argparse.Namespace, database: Database) -> Person:
    if arguments.reference:
        person = asyncio.run(database.run(lambda session: person_of(session, arguments.reference), read_only=True))
        if person is None:
            raise no_lead(arguments.reference)
        return person
    if asyncio.run(database.run(lambda session: is_kept(session, arguments.conversation), read_only=True)):
        return Person(arguments.conversation)
    raise SettingError(f"nothing is kept of the conversation {arguments.conversation}")


def _meant(what: str) -> bool:
    print(f"This erases {what} for good: the conversation, its leads, contact details, consents and messages.")
    try:
        return input("Erase it? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _told(erased: Erased) -> str:
    return f"Erased: {counted(erased.counts)}\nReceipt: {erased.receipt}"
