"""`strand db`: the database's schema."""

import argparse

from bot.settings import settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", choices=["migrate"], help="migrate: bring the schema up to date")


def run(_arguments: argparse.Namespace) -> int:
    """Bring the schema up to date."""
    from bot.storage.schema import migrate

    migrate(settings().database)
    print("The database's schema is up to date.")
    return 0
