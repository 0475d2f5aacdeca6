"""The databases that leads are measured on: an SQLite file and, where it is installed, a private PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_port
from bot.errors import StrandError

SQLITE = "SQLite"
POSTGRESQL = "PostgreSQL"
PLACES = Path("/usr/lib/postgresql")


@contextmanager
def databases(folder: Path, durable: bool) -> Iterator[dict[str, str]]:
    """The address of an empty database of each kind, by the kind's name, within the block.

    `durable`: PostgreSQL brings each commit to the disk, as SQLite does in any case. Raises StrandError.
    """
    found = {SQLITE: f"sqlite:///{folder / 'strand.db'}"}
    programs = _programs()
    if programs is None:
        yield found
        return
    with _postgresql(programs, durable) as address:
        yield {**found, POSTGRESQL: address}


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest first; None where it is not installed."""
    found = shutil.which("postgres")
    return Path(found).parent if found else next(iter(sorted(PLACES.glob("*/bin"), reverse=True)), None)


@contextmanager
def _postgresql(programs: Path, durable: bool) -> Iterator[str]:
    """A server on a port of its own with its data in a folder of its own, under another user where this one is root."""
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to be run by root
    with tempfile.TemporaryDirectory(prefix="strand-postgres-") as place:
        if user:
            shutil.chown(place, user, user)
        data, port = f"{place}/data", free_port()
        options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync={'on' if durable else 'off'}"
        _run(programs / "initdb", "-D", data, "-U", "strand", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
        _run(programs / "pg_ctl", "start", "-w", "-D", data, "-l", f"{place}/log.txt", "-o", options, user=user)
        try:
            yield f"postgresql://strand@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data, user=user)


def _run(program: Path, *words: str, user: str | None) -> None:
    done = subprocess.run(
        [program, *words], cwd="/", user=user, group=user, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StrandError(f"{program.name} failed: {done.stderr.strip()[-500:]}")
