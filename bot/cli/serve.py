"""`strand serve`: the program for service managers; sets nothing up, trains nothing, and says what is missing."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from contextlib import ExitStack

from bot.cli.bar import waiting
from bot.cli.quiet import noise_in_log, quiet
from bot.errors import SettingError
from bot.settings import default_to, settings

ROLES = ("chat", "delivery")


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


def serve_roles(roles: tuple[str, ...], on_ready: Callable[[str], None]) -> None:
    """Play `roles` until SIGTERM or Ctrl-C; `on_ready` hears the chat's address once a real question was answered, and
    without the chat where leads go."""
    quiet(settings())
    with ExitStack() as until_ready:
        until_ready.enter_context(waiting("Loading the model" if "chat" in roles else "Starting", sys.stderr))
        until_ready.enter_context(noise_in_log(settings()))
        from bot.serve import serve

        def ready(address: str) -> None:
            until_ready.close()
            on_ready(address)

        asyncio.run(serve(settings(), roles, ready))


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    default_to("production")
    roles = read_roles(arguments.roles)
    where = "Ready on" if "chat" in roles else "Ready:"
    serve_roles(roles, on_ready=lambda ready: print(f"{where} {ready}", flush=True))
    return 0
