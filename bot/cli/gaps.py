"""`strand gaps`: the questions that staff have approved, as training data in Rasa's format."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.cli.quiet import quiet
from bot.errors import SettingError
from bot.knowledge.entry import Entry
from bot.knowledge.library import LiveLibrary
from bot.leads import audit
from bot.settings import settings
from bot.storage.database import Database, open_database
from bot.transcripts.examples import Example, approved, mark_exported

NONE_YET = "No question waits to be exported: staff approve them in the console, under Gaps."
NEXT = "Look through it, put it into data/nlu/faq, then ./strand knowledge check and ./strand train."


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list | export")
    actions.add_parser("list", help="how many questions are approved for which entry, and how many wait to be exported")
    export = actions.add_parser("export", help="the approved questions that were not exported yet, as training data")
    export.add_argument("--output", help="the file to write, which may not be there; standard output unless given")
    export.add_argument("--again", action="store_true", help="also those that were exported before")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for; raises SettingError for a file that cannot be written, SchemaOutdated, StorageError."""
    from bot.storage.schema import check

    quiet(settings())
    check(settings().database)
    database = open_database(settings().database, settings().database_seconds)
    try:
        if arguments.action == "list":
            return _list(database)
        return _export(arguments, database, datetime.now(timezone.utc))
    finally:
        database.close()


def _list(database: Database) -> int:
    found = asyncio.run(
        database.run(lambda session: (approved(session), approved(session, again=False)), read_only=True)
    )
    every, waiting = ([example.entry for example in examples] for examples in found)
    if not every:
        print(NONE_YET)
        return 0
    width = max(map(len, every))
    print(f"{'ENTRY':<{width}}  APPROVED  TO EXPORT")
    for entry in sorted(set(every)):
        print(f"{entry:<{width}}  {every.count(entry):>8}  {waiting.count(entry):>9}")
    return 0


def _export(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Write first, then note it: what fails between is written again, and nothing is lost."""
    found = asyncio.run(database.run(lambda session: approved(session, arguments.again), read_only=True))
    library = LiveLibrary(settings().knowledge_dir, watch=False).current
    written = [example for example in found if example.entry in library.entries]
    gone = sorted({example.entry for example in found} - library.entries.keys())
    if gone:
        print(f"Left out, since there are no such entries any more: {', '.join(gone)}", file=sys.stderr)
    if not written:
        print(NONE_YET, file=sys.stderr)
        return 0
    _write(as_training_data(written, library.entries), arguments.output)
    asyncio.run(database.run(lambda session: _note(session, written, now)))
    where = f" to {arguments.output}" if arguments.output else ""
    print(f"{len(written)} {'example' if len(written) == 1 else 'examples'} written{where}. {NEXT}", file=sys.stderr)
    return 0


def _note(session: Any, written: Sequence[Example], now: datetime) -> None:
    mark_exported(session, [example.id for example in written], now)
    audit.append(session, "operator", "gaps.exported", "gaps", None, {"examples": len(written)}, now)


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise SettingError(f"{output} is there already: name another file") from error
    except OSError as error:
        Path(output).unlink(missing_ok=True)
        raise SettingError(f"{output} cannot be written: {error.strerror}") from error


def as_training_data(examples: Sequence[Example], entries: Mapping[str, Entry]) -> str:
    """The examples as the files of data/nlu/faq have them: a block for each entry under the intent of its topic."""
    ordered = sorted(examples, key=lambda example: (entries[example.entry].topic, example.entry, example.id))
    return "\n".join(['version: "3.1"', "", "nlu:", *_blocks(ordered, entries), ""])


def _blocks(examples: Sequence[Example], entries: Mapping[str, Entry]) -> Iterator[str]:
    for entry, group in groupby(examples, key=lambda example: example.entry):
        yield f"- intent: {entries[entry].topic}"
        yield "  metadata:"
        yield f"    entry: {entry}"
        yield "  examples: |"
        yield from (f"    - {line}" for line in dict.fromkeys(_line(example.text) for example in group))


def _line(text: str) -> str:
    """A text in one line that Rasa reads as nothing else: square brackets would name an entity."""
    return " ".join(text.translate(_BRACKETS).split()).lstrip("-").lstrip()


_BRACKETS = str.maketrans({"[": "(", "]": ")"})
