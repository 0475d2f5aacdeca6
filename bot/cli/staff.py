"""`strand staff`: the accounts of the staff console: make, list and change them. The audit notes each change."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from bot.cli.quiet import quiet
from bot.errors import SettingError
from bot.settings import settings

if TYPE_CHECKING:
    from bot.storage.database import Database

ROLES = ("reviewer", "clinician", "admin")
OPERATOR = "operator"
HEADER = ("NAME", "ROLE", "SECOND FACTOR", "LAST SEEN", "")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    names = "add | list | role | password | disable | enable | require-totp | reset-totp | sign-out"
    actions = parser.add_subparsers(dest="action", required=True, metavar=names)
    add = _named(actions, "add", "make an account; its password is asked for twice")
    add.add_argument("--role", choices=ROLES, required=True, help="what it may do, from least to most")
    _take_password(add)
    actions.add_parser("list", help="everybody, with role and second factor")
    role = _named(actions, "role", "let an account do more, or less, from its next page on")
    role.add_argument("role", choices=ROLES)
    _take_password(_named(actions, "password", "give a new password, and sign the account out everywhere"))
    _named(actions, "disable", "shut an account out at once; what it did stays under its name")
    _named(actions, "enable", "let a disabled account in again")
    require = actions.add_parser("require-totp", help="ask for a second factor from now on")
    who = require.add_mutually_exclusive_group(required=True)
    who.add_argument("name", nargs="?", type=_name, metavar="NAME")
    who.add_argument(
        "--all", action="store_true", help="of every account there is; STRAND_STAFF_TOTP is for all to come"
    )
    require.add_argument("--off", action="store_true", help="not any more")
    _named(actions, "reset-totp", "take the second factor away, as for a phone that is lost")
    _named(actions, "sign-out", "sign an account out everywhere")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for; raises SettingError for what cannot be, SchemaOutdated and DatabaseUnavailable."""
    from bot.storage.database import open_database
    from bot.storage.schema import check

    quiet(settings())
    check(settings().database)
    database = open_database(settings().database, settings().database_seconds)
    try:
        _ACTIONS[arguments.action](arguments, database, datetime.now(timezone.utc))
    finally:
        database.close()
    return 0


def _named(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", action: str, summary: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(action, help=summary)
    parser.add_argument("name", type=_name, metavar="NAME")
    return parser


def _take_password(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read the password from standard input, one line")
    how.add_argument("--generate", action="store_true", help="make a password up, and print it")


def _name(text: str) -> str:
    return text.strip().lower()


def _add(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import administration

    _refuse_early(arguments, database)
    stored = _password(arguments)
    name, role = arguments.name, arguments.role
    _do(database, lambda session: administration.add(session, name, role, stored, OPERATOR, now))
    _say(arguments, f"Made the account {name}, {role}. Its page: {_console()}")


def _refuse_early(arguments: argparse.Namespace, database: "Database") -> None:
    """Say that a name cannot be used before anybody thinks of a password for it."""
    from bot.staff import accounts

    _do(database, lambda session: accounts.require_free(session, arguments.name))


def _console() -> str:
    own = settings()
    return own.staff_url or f"http://{own.staff_host}:{own.staff_port}"


def _set_password(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import accounts, administration

    name = arguments.name
    _do(database, lambda session: accounts.require(session, name))
    stored = _password(arguments)
    _do(database, lambda session: administration.set_password(session, name, stored, OPERATOR, now))
    _say(arguments, f"{name} has a new password, and is signed out everywhere.")


def _password(arguments: argparse.Namespace) -> str:
    """What to store of the password that is given, asked for or made up; made up, it is put into the arguments."""
    from bot.staff import passwords

    if arguments.generate:
        arguments.generated = passwords.generated()
        return passwords.hashed(arguments.generated)
    if arguments.password_stdin:
        return passwords.hashed(sys.stdin.readline().rstrip("\r\n"))
    if not sys.stdin.isatty():
        raise SettingError("there is no terminal to ask for a password: add --password-stdin or --generate")
    return passwords.hashed(_asked())


def _asked() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise SettingError("the two passwords are not the same")
    return password


def _say(arguments: argparse.Namespace, text: str) -> None:
    """Say what was done; a password that was made up is alone on standard output, for programs."""
    if arguments.generate:
        print(text, file=sys.stderr)
        print(arguments.generated)
    else:
        print(text)


def _list(_arguments: argparse.Namespace, database: "Database", _now: datetime) -> None:
    from bot.cli.leads.wording import moment, table
    from bot.staff import accounts

    people = _do(database, accounts.everyone)
    if not people:
        print("There is nobody yet: ./strand staff add NAME --role admin makes the first account.")
        return
    required = settings().staff_totp == "required"
    lines = []
    for account in people:
        wanted = "required" if required or account.totp_required else "none"
        factor = "set up" if account.protected else wanted
        seen = moment(account.seen_at) if account.seen_at else "never"
        lines.append((account.name, account.role, factor, seen, "disabled" if account.disabled_at else ""))
    print(table(HEADER, lines))


def _change_role(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import administration

    name, role = arguments.name, arguments.role
    _do(database, lambda session: administration.change_role(session, name, role, OPERATOR, now))
    print(f"{name} is {role} now.")


def _disable(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import administration

    _do(database, lambda session: administration.disable(session, arguments.name, OPERATOR, now))
    print(f"{arguments.name} is shut out.")


def _enable(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import administration

    _do(database, lambda session: administration.enable(session, arguments.name, OPERATOR, now))
    print(f"{arguments.name} may sign in again.")


def _require_totp(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import accounts, administration

    def work(session: Any) -> int:
        names = [each.name for each in accounts.everyone(session)] if arguments.all else [arguments.name]
        for name in names:
            administration.require_factor(session, name, not arguments.off, OPERATOR, now)
        return len(names)

    number = _do(database, work)
    who = f"{number} accounts" if arguments.all else arguments.name
    print(f"A second factor is {'no longer ' if arguments.off else ''}required of {who}.")


def _reset_totp(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import administration

    removed = _do(database, lambda session: administration.remove_factor(session, arguments.name, OPERATOR, now))
    print(f"The second factor of {arguments.name} is removed." if removed else f"{arguments.name} had none.")


def _sign_out(arguments: argparse.Namespace, database: "Database", now: datetime) -> None:
    from bot.staff import administration

    ended = _do(database, lambda session: administration.sign_out(session, arguments.name, OPERATOR, now))
    print(f"{arguments.name} is signed out of {ended} {'browser' if ended == 1 else 'browsers'}.")


def _do(database: "Database", work: Callable[[Any], Any]) -> Any:
    return asyncio.run(database.run(work))


_ACTIONS: Mapping[str, Callable[[argparse.Namespace, "Database", datetime], None]] = {
    "add": _add,
    "list": _list,
    "role": _change_role,
    "password": _set_password,
    "disable": _disable,
    "enable": _enable,
    "require-totp": _require_totp,
    "reset-totp": _reset_totp,
    "sign-out": _sign_out,
}
