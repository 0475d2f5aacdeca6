"""`strand leads retain`: erases what is older than the settings allow; the delivery role does the same every day."""

import argparse
import asyncio
from dataclasses import asdict
from datetime import datetime

from bot.cli.leads.wording import counted
from bot.leads.retention import retain
from bot.settings import settings
from bot.storage.database import Database


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Let go of what is too old, and print how much that was."""
    given = settings()
    gone = asyncio.run(retain(database, given, now, dry_run=arguments.dry_run))
    print(f"Kept: leads {given.lead_months} months, conversations {given.conversation_days} days after their last use.")
    print(f"{'Would go' if arguments.dry_run else 'Gone'}: {counted(asdict(gone))}")
    return 0
