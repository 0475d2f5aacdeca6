"""The command line: finds the command, runs it, and turns what goes wrong into one line and an exit status.

A command is a module with `configure(parser)`, which declares its arguments, and `run(arguments)`, which returns the
exit status. One that sets the default `passes_on` finds the arguments that it did not declare in `arguments.others`.
Modules are imported when they are called, so that help is instant.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

from bot.errors import StrandError

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("bot.cli.up", "train when needed, then serve on this machine"),
    "chat": ("bot.cli.chat", "talk to the assistant in this terminal"),
    "ask": ("bot.cli.ask", "answer lines of text with lines of JSON"),
    "extract": ("bot.cli.extract", "read answers of one field, as lines of JSON"),
    "test": ("bot.cli.test", "check the code and run the whole test suite"),
    "train": ("bot.cli.train", "train the model when its inputs changed"),
    "serve": ("bot.cli.serve", "serve without set-up or training, for service managers"),
    "knowledge": ("bot.cli.knowledge", "check, list or show the curated answers"),
    "eval": ("bot.cli.evaluate", "score a file of labelled questions"),
    "bench": ("bot.cli.bench", "measure speed side by side with a stock Rasa assistant"),
    "leads": ("bot.cli.leads", "look up, export, erase and deliver what was handed over"),
    "staff": ("bot.cli.staff", "make, list and change the accounts of the staff console"),
    "gaps": ("bot.cli.gaps", "hand out the questions that staff have approved as training examples"),
    "audit": ("bot.cli.audit", "verify that nobody has altered the audit"),
    "demo": ("bot.cli.demo", "fill an empty database with invented leads, and take them out again"),
    "channels": ("bot.cli.channels", "list the messaging channels: what is on, what is missing"),
    "keys": ("bot.cli.keys", "make new keys for the database, or seal it anew with one"),
    "db": ("bot.cli.db", "bring the database's schema up to date"),
}
USAGE_ERROR = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

logger = logging.getLogger(__name__)


def overview() -> str:
    """The help text: every command with what it does."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items()]
    return "\n".join(["usage: ./strand COMMAND …", "", *lines, "", "./strand COMMAND --help says more about one."])


def _start_where_called(words: Sequence[str]) -> Sequence[str]:
    """Go back to the folder that the launcher was called in, which file names on the command line refer to."""
    if len(words) >= 2 and words[0] == "--from":
        os.chdir(words[1])
        return words[2:]
    return words


def _run(name: str, words: Sequence[str]) -> int:
    module_name, summary = COMMANDS[name]
    module = importlib.import_module(module_name)
    parser = argparse.ArgumentParser(prog=f"./strand {name}", description=f"{summary[0].upper()}{summary[1:]}.")
    parser.set_defaults(passes_on=False)
    module.configure(parser)
    arguments, others = parser.parse_known_args(words)
    if others and not arguments.passes_on:
        parser.error(f"unknown argument {others[0]}")
    arguments.others = others
    status: int = module.run(arguments)
    return status


def _dispatch(words: Sequence[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words[0] not in COMMANDS:
        print(f"strand: there is no command {words[0]!r}; ./strand --help lists them", file=sys.stderr)
        return USAGE_ERROR
    status = _run(words[0], words[1:])
    sys.stdout.flush()
    return status


def _hang_up() -> int:
    """Nobody reads on: keep Python from complaining about it when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _defect(error: Exception) -> int:
    from bot.cli.quiet import log_file, quiet
    from bot.settings import settings

    quiet(settings())
    logger.exception("command failed")
    print(f"strand: {type(error).__name__}: {error}; more in {log_file(settings())}", file=sys.stderr)
    return 1


def main(arguments: Sequence[str]) -> int:
    """Run the command line `arguments` and return the exit status; an error raised on purpose is one line on stderr."""
    try:
        return _dispatch(_start_where_called(arguments))
    except StrandError as error:
        print(f"strand: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _hang_up()
    except Exception as error:  # the process ends here: the traceback is for the log, the line for the person
        return _defect(error)
