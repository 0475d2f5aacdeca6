"""`strand demo`: invented conversations and leads in an empty database, so that the console can be seen alive."""

import argparse
import asyncio
from typing import Any

from bot.cli.bar import Bar
from bot.cli.quiet import noise_in_log, quiet
from bot.cli.train import ready_model
from bot.errors import SettingError
from bot.leads import demonstration as leads
from bot.settings import Settings, settings
from bot.staff.demonstration import PEOPLE, add_accounts, new_passwords
from bot.staff.passwords import hashed
from bot.storage.database import Database, open_database
from bot.storage.schema import prepare
from bot.storage.types import utc_now
from bot.transcripts import demonstration as conversations

COUNT, MOST = 300, 9999
SEED = 7
SECONDS = 60.0  # nobody waits for an answer here


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--remove", action="store_true", help="take out all that was invented, and nothing else")
    parser.add_argument("--count", type=int, default=COUNT, help=f"how many conversations ({COUNT})")
    parser.add_argument("--seed", type=int, default=SEED, help="another number invents other people")


def run(arguments: argparse.Namespace) -> int:
    """Fill the database, or take out what was invented; raises SettingError where real people are in it."""
    chosen = settings()
    database = open_database(chosen.database, SECONDS)
    asyncio.run(database.run(lambda session: prepare(session.connection())))
    return _remove(database) if arguments.remove else _fill(database, chosen, arguments)


def _remove(database: Database) -> int:
    from bot.cli.demonstration.removing import remove

    gone, accounts = asyncio.run(remove(database, utc_now()))
    print(f"Taken out: {gone} invented conversations with their leads, and {accounts} accounts.")
    return 0


def _fill(database: Database, chosen: Settings, arguments: argparse.Namespace) -> int:
    if not 1 <= arguments.count <= MOST:
        raise SettingError(f"--count is a number from 1 to {MOST}")
    refuse_unless_fresh(database, chosen)
    model = ready_model()
    quiet(chosen)
    from bot.cli.demonstration.filling import fill

    now = utc_now()
    with noise_in_log(chosen) as terminal, Bar(terminal).running(keep=False) as bar:
        bar.show("Loading the model")

        def show(done: int, count: int) -> None:
            bar.show("Talking with invented visitors", done, count)

        made = asyncio.run(fill(model, database, chosen, arguments.count, arguments.seed, now, show))
    passwords = new_passwords()
    # Before the transaction, since it takes its time.
    stored = {name: hashed(password) for name, password in passwords.items()}
    added = asyncio.run(database.run(lambda session: add_accounts(session, stored, now)))
    print(_told(arguments.count, made, passwords if added else {}))
    return 0


def refuse_unless_fresh(database: Database, chosen: Settings) -> None:
    """Raises SettingError in production, and where anybody has talked here, be they invented or not."""
    if chosen.env == "production":
        raise SettingError("this is production: invented people have no place here")
    if asyncio.run(database.run(_is_real, read_only=True)):
        raise SettingError("there are real conversations here: the demonstration wants a database of its own")
    if asyncio.run(database.run(conversations.any_invented, read_only=True)):
        raise SettingError("the demonstration is here already; ./strand demo --remove takes it out")


def _is_real(session: Any) -> bool:
    return conversations.any_real(session) or leads.any_real(session)


def _told(count: int, made: int, passwords: dict[str, str]) -> str:
    lines = [f"{count} invented conversations, and {made} leads from them."]
    if passwords:
        lines += ["Sign in to the console as"]
        lines += [f"  {name:<10} {passwords[name]}   ({PEOPLE[name]})" for name in passwords]
        lines += ["These passwords are shown only now."]
    else:
        lines += ["There are accounts already, so none was made."]
    return "\n".join([*lines, "./strand up serves the console; ./strand demo --remove takes all of this out again."])
