"""`strand up`: everything on this machine with one command."""

import argparse
from typing import TYPE_CHECKING

from bot.cli.serve import ROLES, serve_roles
from bot.cli.train import ready_model
from bot.leads.delivery.targets import FileTarget, read_targets
from bot.settings import default_to, settings

if TYPE_CHECKING:
    from bot.serve import Ready


def configure(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments: its settings are those of `.env`."""


def run(_arguments: argparse.Namespace) -> int:
    """Train when needed, migrate the database, serve until Ctrl-C."""
    default_to("development")
    ready_model()
    from bot.storage.schema import migrate

    migrate(settings().database)
    serve_roles(ROLES, _say_ready)
    return 0


def _say_ready(ready: "Ready") -> None:
    address = ready.chat
    token = '-H "Authorization: Bearer $STRAND_TOKEN" ' if settings().token else ""
    message = '{"sender": "me", "message": "so did the fda ok it"}'
    print(
        f"Open {address}/ in a browser to talk with Strand  (Ctrl-C here stops it). Or ask in another terminal:\n"
        f"  curl -s {token}-H 'Content-Type: application/json' -d '{message}' {address}/webhooks/rest/webhook\n"
        f"Staff work at {ready.console}/: ./strand staff add NAME makes an account, ./strand demo fills it with "
        f"invented leads.\n{_destinations()}",
        flush=True,
    )


def _destinations() -> str:
    """Where leads go, in a line; the file with its path, since a bare installation has nothing else to show."""
    targets = read_targets(settings())
    names = [f"the file {target.path}" if isinstance(target, FileTarget) else target.name for target in targets]
    return f"Leads go to {', '.join(names)}." if names else "Leads go nowhere: .env.example lists the targets."
