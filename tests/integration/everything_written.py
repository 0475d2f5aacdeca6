"""Everything that a running program has written anywhere, and the ways in which a detail could stand in it."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg2

from bot.storage.database import Database
from tests.fakes.postgres import Cluster


def forms(detail: str) -> set[bytes]:
    """A detail in plain, reversed, as JSON and addresses escape it, and in encodings that hide it, in lower case."""
    data = detail.encode()
    plain = {detail, detail[::-1], json.dumps(detail)[1:-1], quote(detail), quote_plus(detail), data.hex()}
    whole = {text.encode().lower() for text in plain} | {detail.encode("utf-16-le").lower()}
    return whole | {_in_base_64(data, offset).lower() for offset in range(3)}


def _in_base_64(data: bytes, offset: int) -> bytes:
    """What of base64 is the same whatever stands around, `offset` bytes after the start of a group of three."""
    encoded = base64.b64encode(b"\0" * offset + data)
    return encoded[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]


def found_in(data: bytes, details: Iterable[str]) -> list[str]:
    """The details that stand in some bytes, in whatever form."""
    lower = data.lower()
    return [detail for detail in details if any(form in lower for form in forms(detail))]


def leaks(folders: Iterable[Path], details: Iterable[str], since: float) -> dict[str, list[str]]:
    """The files written `since` (seconds since 1970) with the details that are in them, or in their names."""
    every = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    wanted, files = list(details), [path for path in every if path.stat().st_mtime >= since]
    assert files
    told = {str(path): found_in(str(path).encode() + b"\n" + path.read_bytes(), wanted) for path in files}
    return {path: found for path, found in told.items() if found}


def stored(database: Database) -> bytes:
    """Every row as the database gives it to whoever has no keys, compressed or not."""
    return b"\n".join(_cells(database))


def _cells(database: Database) -> Iterator[bytes]:
    from sqlalchemy import inspect

    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                yield repr(tuple(row)).encode()


def log_all_statements(cluster: Cluster, wanted: bool) -> Path:
    """Have the server log all that it is told, into its data directory; returns that."""
    logged = "'all'" if wanted else "'none'"
    level = "'debug1'" if wanted else "'fatal'"
    connection = psycopg2.connect(cluster.url("postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET logging_collector = {'on' if wanted else 'off'}")
        cursor.execute(f"ALTER ROLE strand SET log_statement = {logged}")
        cursor.execute(f"ALTER ROLE strand SET log_min_messages = {level}")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close()
    cluster.stop()
    cluster.start()
    return folder
