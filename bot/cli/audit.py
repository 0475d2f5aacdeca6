"""`strand audit verify`: whether the audit is as it was written, row by row."""

import argparse
import asyncio
import re
from typing import TYPE_CHECKING

from bot.cli.quiet import quiet
from bot.errors import SettingError
from bot.settings import settings

if TYPE_CHECKING:
    from bot.leads.audit import Verified

HASH = re.compile(r"[0-9a-f]{64}")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="verify")
    verify = commands.add_parser("verify", help="read the whole chain; ends with 1 where it is broken")
    verify.add_argument("--head", metavar="HASH", help="a hash that an earlier run printed: it has to be in the chain")


def run(arguments: argparse.Namespace) -> int:
    """Verify; returns 1 where a row is not as it was written, or the noted hash is in none.

    Raises SettingError for a hash that is none, SchemaOutdated and DatabaseUnavailable.
    """
    noted = arguments.head.strip().lower() if arguments.head is not None else None
    if noted is not None and not HASH.fullmatch(noted):
        raise SettingError("--head wants the 64 hexadecimal digits that an earlier run printed")
    found = asyncio.run(_verified(noted))
    print("\n".join(_told(found)))
    return 0 if found.holds else 1


async def _verified(noted: str | None) -> "Verified":
    from bot.leads.audit import verify_all
    from bot.storage.database import open_database
    from bot.storage.schema import check

    quiet(settings())
    check(settings().database)
    database = open_database(settings().database, settings().database_seconds)
    try:
        return await verify_all(database, noted)
    finally:
        database.close()


def _told(found: "Verified") -> list[str]:
    rows = f"{found.rows:,} {'row' if found.rows == 1 else 'rows'}"
    if found.broken is not None:
        return [f"BROKEN at row {found.broken}: {rows} before it are whole", f"Last good hash: {found.head}"]
    lines = [f"The audit is whole: {rows}", f"Head: {found.head}"]
    if found.noted and found.noted_at:
        return [*lines, f"The noted hash is that of row {found.noted_at}: nothing up to there was altered since"]
    if found.noted:
        return [*lines, "BUT the noted hash is in no row: rows were cut off, or all of it was written anew"]
    return [*lines, "Note the head elsewhere, and give it to --head next time: it shows what no chain can see itself"]
