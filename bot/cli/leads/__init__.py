"""`strand leads`: what was handed over, for the people who run the assistant: look up, hand out, erase, resend."""

import argparse
import importlib
from datetime import datetime, timezone
from typing import get_args

from bot.cli.quiet import quiet
from bot.leads.records import Queue, Status
from bot.settings import settings

MODULES = {
    "list": "bot.cli.leads.overview",
    "show": "bot.cli.leads.details",
    "export": "bot.cli.leads.handing_out",
    "erase": "bot.cli.leads.erasing",
    "retain": "bot.cli.leads.retaining",
    "replay": "bot.cli.leads.replaying",
    "targets": "bot.cli.leads.targets",
}
LIMIT = 50


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=" | ".join(MODULES))
    _configure_looks(actions)
    _configure_export(actions)
    _configure_erasure(actions)
    _configure_delivery(actions)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for; raises SettingError for what is not there, SchemaOutdated and DatabaseUnavailable."""
    from bot.storage.database import open_database
    from bot.storage.schema import check

    quiet(settings())
    check(settings().database)
    database = open_database(settings().database, settings().database_seconds)
    try:
        module = importlib.import_module(MODULES[arguments.action])
        status: int = module.run(arguments, database, datetime.now(timezone.utc))
    finally:
        database.close()
    return status


def _configure_looks(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = actions.add_parser("list", help="the newest leads, without the persons")
    listing.add_argument("--status", choices=get_args(Status))
    listing.add_argument("--queue", choices=get_args(Queue))
    listing.add_argument("--limit", type=_count, default=LIMIT, help=f"how many at most; {LIMIT} unless given")
    listing.add_argument("--json", action="store_true", help="a JSON object a line")
    show = actions.add_parser("show", help="one lead: outcome and reasons, consents, deliveries, probable duplicates")
    show.add_argument("reference", type=_reference, help="the lead's reference, like S-4KX7QF")
    show.add_argument("--contact", action="store_true", help="with the contact details; the audit notes that")
    show.add_argument("--json", action="store_true", help="as a JSON object")


def _configure_export(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = actions.add_parser("export", help="all leads with contact and consents; the audit notes that")
    export.add_argument("--format", choices=["csv", "json"], default="csv")
    export.add_argument("--output", help="the file to write, readable for you alone; standard output unless given")
    export.add_argument("--force", action="store_true", help="replace the file where it is there")


def _configure_erasure(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    erase = actions.add_parser("erase", help="erase a person for good: lead, contact, consents, transcript")
    whose = erase.add_mutually_exclusive_group(required=True)
    whose.add_argument("reference", nargs="?", type=_reference, help="the reference of the person's lead")
    whose.add_argument("--conversation", metavar="ID", help="the conversation, where there is no lead")
    erase.add_argument("--yes", action="store_true", help="do not ask whether that is meant")
    retain = actions.add_parser("retain", help="erase what is older than the settings allow, as happens every day")
    retain.add_argument("--dry-run", action="store_true", help="change nothing, and say what would go")


def _configure_delivery(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    replay = actions.add_parser("replay", help="the messages that were given up; with ids or --all, try them again")
    which = replay.add_mutually_exclusive_group()
    which.add_argument("ids", nargs="*", default=[], metavar="ID", help="messages to try again")
    which.add_argument("--all", action="store_true", help="try all of them again")
    targets = actions.add_parser("targets", help="where leads are delivered: list, test them, enable one again")
    targets.add_argument("what", nargs="?", choices=["list", "test", "enable"], default="list")
    targets.add_argument("name", nargs="?", help="the target's name; test takes all of them unless given")


def _reference(text: str) -> str:
    return text.strip().upper()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text} is no number of leads")
    return int(text)
