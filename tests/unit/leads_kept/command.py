"""The command `leads`, as the command line runs it."""

import argparse

from bot.cli import leads


def strand_leads(*words: str) -> int:
    """The exit status of `./strand leads …`."""
    parser = argparse.ArgumentParser()
    leads.configure(parser)
    return leads.run(parser.parse_args(words))
