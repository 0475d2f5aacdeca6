"""`strand channels`: which messaging channels are on, what the others lack, and what to tell the providers."""

import argparse

from bot.settings import settings

HEADINGS = ("channel", "state", "missing", "webhook address")
NO_ADDRESS = "(set STRAND_PUBLIC_URL)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: none."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the table."""
    from bot.chat.channels.opened import statuses

    rows = [
        (one.name, "off" if one.missing else "on", ", ".join(one.missing) or "-", one.address or NO_ADDRESS)
        for one in statuses(settings())
    ]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    for row in (HEADINGS, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print("\ndocs/channels.md has each provider's steps.")
    return 0
