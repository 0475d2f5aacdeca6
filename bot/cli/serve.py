"""`strand serve`: the program for service managers; sets nothing up, trains nothing, and says what is missing."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bot.cli.bar import waiting
from bot.cli.quiet import noise_in_log, quiet
from bot.errors import SettingError
from bot.settings import default_to, settings

if TYPE_CHECKING:
    from bot.serve import Ready

ROLES = ("chat", "staff", "delivery")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--roles", default=",".join(ROLES), help=f"the roles to play, with commas between them; of {', '.join(ROLES)}"
    )


def read_roles(text: str) -> tuple[str, ...]:
    """The roles that `text` lists; raises SettingError for one that does not exist."""
    roles = tuple(role.strip() for role in text.split(",") if role.strip())
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise SettingError(f"--roles {text}: the roles are {', '.join(ROLES)}")
    return roles


def serve_roles(roles: tuple[str, ...], on_ready: "Callable[[Ready], None]") -> None:
    """Play `roles` until SIGTERM or Ctrl-C; `on_ready` hears what is served once all of it is."""
    quiet(settings())
    with ExitStack() as until_ready:
        until_ready.enter_context(waiting("Loading the model" if "chat" in roles else "Starting", sys.stderr))
        until_ready.enter_context(noise_in_log(settings()))
        from bot.serve import serve

        def ready(what: "Ready") -> None:
            until_ready.close()
            on_ready(what)

        asyncio.run(serve(settings(), roles, ready))


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    default_to("production")
    roles = read_roles(arguments.roles)
    serve_roles(roles, on_ready=_say_ready)
    return 0


def _say_ready(ready: "Ready") -> None:
    targets = ", ".join(ready.targets) or "nobody: no target is set"
    if ready.chat:
        print(f"Ready on {ready.chat}")
    if ready.console:
        print(f"The staff console is on {ready.console}")
    if not (ready.chat or ready.console):
        print(f"Ready: deliveries to {targets}")
    sys.stdout.flush()
