"""`strand leads export`: all leads with contact and consents, to standard output or to a file for the owner alone."""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.errors import SettingError
from bot.leads.export import export
from bot.storage.database import Database

ACTOR = "operator"


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """Write the export; raises SettingError where the file is there already, or cannot be written."""
    pieces = export(database, arguments.format, ACTOR, now)
    if arguments.output is None:
        asyncio.run(_write(pieces, sys.stdout.buffer))
        return 0
    with _whole_file(Path(arguments.output), arguments.force) as file:
        asyncio.run(_write(pieces, file))
    print(f"{arguments.output} has all leads, for you alone to read; the audit has noted it.", file=sys.stderr)
    return 0


async def _write(pieces: AsyncIterator[str], file: BinaryIO) -> None:
    async for piece in pieces:
        file.write(piece.encode())


@contextmanager
def _whole_file(path: Path, replace: bool) -> Iterator[BinaryIO]:
    """A file that appears under its name once all of it is written, and not at all where that fails."""
    if path.exists() and not replace:
        raise SettingError(f"{path} is there already: --force replaces it")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError as error:
        raise SettingError(f"{path} is there already: --force replaces it") from error
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
