"""`strand keys`: makes the keys that seal the database, and brings the database under a new one."""

import argparse
import asyncio
from typing import TYPE_CHECKING, Any

from bot.errors import SettingError
from bot.settings import Settings, settings
from bot.storage import keys

if TYPE_CHECKING:
    from bot.storage.rotation import Rotated

HOW_TO_CHANGE = (
    "To change it: put a key of ./strand keys new behind the others in STRAND_KEYS and restart all programs; move it "
    "to the front and restart them again; rotate."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="new | rotate")
    commands.add_parser("new", help="print new keys, as lines for .env")
    rotate = commands.add_parser(
        "rotate", help="seal everything anew: with the first of STRAND_KEYS, or with a new key where a file keeps them"
    )
    rotate.add_argument(
        "--drop-old", action="store_true", help="take the older keys out of the file; older backups still need them"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print new keys, or rotate them; raises SettingError, SchemaOutdated and DatabaseUnavailable."""
    if arguments.what == "new":
        print(f"STRAND_KEYS={keys.new_key()}\nSTRAND_INDEX_KEY={keys.new_key()}")
    else:
        _rotate(settings(), arguments.drop_old)
    return 0


def _rotate(given: Settings, drop_old: bool) -> None:
    from bot.cli.quiet import quiet
    from bot.storage.schema import check

    if drop_old and keys.in_settings(given):
        raise SettingError("--drop-old is for keys in a file; those of STRAND_KEYS are yours to remove")
    quiet(given)
    check(given.database)
    rotated = asyncio.run(_rotated(given, drop_old))
    counts = ", ".join(f"{table} {count}" for table, count in sorted(rotated.rows.items()))
    print(f"Rows sealed anew: {counts or 'none'}. The newest key opens every row.")
    print(_what_next(given, rotated))


async def _rotated(given: Settings, drop_old: bool) -> "Rotated":
    from bot.storage.database import open_database
    from bot.storage.rotation import rotate, rotate_file

    database = open_database(given.database, given.database_seconds)
    try:
        if keys.in_settings(given):
            return await rotate(database, _metadatas())
        return await rotate_file(database, given, _metadatas(), drop_old=drop_old)
    finally:
        database.close()


def _metadatas() -> tuple[Any, ...]:
    """Where sealed columns are."""
    from bot.leads.tables import metadata as of_leads
    from bot.staff.tables import metadata as of_staff
    from bot.transcripts.tables import metadata as of_transcripts

    return of_transcripts, of_leads, of_staff


def _what_next(given: Settings, rotated: "Rotated") -> str:
    """What becomes of the older keys."""
    if not keys.in_settings(given):
        kept = f"keeps {rotated.older_keys} older for backups" if rotated.older_keys else "holds that key alone"
        return f"{keys.key_file(given)} {kept}."
    if not rotated.older_keys:
        return f"STRAND_KEYS lists that key alone. {HOW_TO_CHANGE}"
    return f"The {rotated.older_keys} behind it in STRAND_KEYS can be removed once every program was restarted with it."
