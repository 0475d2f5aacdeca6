"""Brings every sealed column of a database under the newest key, beside a program that goes on running."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData, Table, Text, column, select, table, tuple_, update
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.settings import Settings
from bot.storage import keys, sealing_check
from bot.storage.database import Database
from bot.storage.engine import forget_for_good
from bot.storage.sealing import sealer
from bot.storage.types import Sealed

BATCH = 100
# Between two batches other writers get their turn: SQLite lets nobody queue.
PAUSE_SECONDS = 0.05
ROUNDS = 3
# Transactions that sealed with an older key are over after this many times the database's time limit.
SETTLING = 2

Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Rotated:
    """The newest key opens every row; `rows` says how many of which table were sealed anew, `older_keys` how many keys
    are still listed behind the newest."""

    rows: Mapping[str, int]
    older_keys: int


@dataclass(frozen=True)
class SealedColumns:
    """A table seen as it stands: its primary key and its sealed columns, whose tokens are read and written as such."""

    table: Any
    key: tuple[Any, ...]
    sealed: tuple[Any, ...]

    def page(self, session: Session, after: Sequence[Any] | None) -> Sequence[Any]:
        """The next rows by their primary key, behind the one that has the key `after`."""
        query = select(*self.key, *self.sealed).order_by(*self.key).limit(BATCH)
        if after is not None:
            query = query.where(tuple_(*self.key) > tuple_(*after))
        rows: Sequence[Any] = session.execute(query).all()
        return rows

    def stale(self, row: Any) -> dict[str, str]:
        """The tokens of a row that the newest key does not open, by column."""
        tokens = {each.name: getattr(row, each.name) for each in self.sealed}
        return {name: token for name, token in tokens.items() if token is not None and not sealer().is_newest(token)}

    def reseal(self, session: Session, row: Any) -> int:
        """Seal a row anew, unless it was written meanwhile; returns how many rows were changed, at most one."""
        stale = self.stale(row)
        if not stale:
            return 0
        unchanged = [self.table.c[name] == token for name, token in stale.items()]
        query = update(self.table).where(*(each == getattr(row, each.name) for each in self.key), *unchanged)
        anew = {name: sealer().reseal(token) for name, token in stale.items()}
        return int(session.execute(query.values(anew)).rowcount)


Work = Callable[[Session, SealedColumns, Any], int]


def find_sealed(metadatas: Sequence[MetaData]) -> Iterator[SealedColumns]:
    """The tables that have a column of type `Sealed`, that of the keys' check included."""
    for metadata in (*metadatas, sealing_check.metadata):
        for known in metadata.sorted_tables:
            sealed = [each.name for each in known.columns if isinstance(each.type, Sealed)]
            if sealed:
                yield _as_it_stands(known, sealed)


def _as_it_stands(known: Table, sealed: Sequence[str]) -> SealedColumns:
    key = [column(each.name, each.type) for each in known.primary_key.columns]
    bare = table(known.name, *key, *(column(name, Text()) for name in sealed))
    return SealedColumns(bare, tuple(bare.c[each.name] for each in key), tuple(bare.c[name] for name in sealed))


async def rotate(database: Database, metadatas: Sequence[MetaData]) -> Rotated:
    """Seal anew what the newest key does not open, and see that nothing is left.

    Each batch is a transaction of its own: a call that was cut short is taken up by the next one, and what others write
    meanwhile stays as they wrote it. Raises DatabaseUnavailable, and SettingError where no key opens a row or another
    program goes on sealing with an older key.
    """
    rows: Counter[str] = Counter()
    for _ in range(ROUNDS):
        rows += await _count(database, metadatas, lambda session, columns, row: columns.reseal(session, row))
        if not await count_older(database, metadatas):
            return Rotated(rows, len(keys.read_keys().sealing) - 1)
    raise SettingError("a program still seals with an older key: restart it with the new one, then rotate again")


async def rotate_file(
    database: Database,
    given: Settings,
    metadatas: Sequence[MetaData],
    *,
    drop_old: bool = False,
    wait: Wait = asyncio.sleep,
) -> Rotated:
    """Put a new key into the file of keys, unless an earlier rotation is unfinished, and `rotate`.

    With `drop_old` the older keys leave the file, once nobody can be sealing with them any more. Raises as `rotate`.
    """
    file = keys.key_file(given)
    unfinished = len(keys.read_keys().sealing) > 1 and await count_older(database, metadatas)
    if not unfinished:
        keys.put_in_front(file, keys.read_keys())
    rotated = await rotate(database, metadatas)
    if not drop_old:
        return rotated
    await wait(SETTLING * database.seconds)
    late = await rotate(database, metadatas)
    keys.keep_newest(file, keys.read_keys())
    return Rotated(Counter(rotated.rows) + Counter(late.rows), 0)


async def count_older(database: Database, metadatas: Sequence[MetaData]) -> Counter[str]:
    """How many rows of which table the newest key does not open. Raises DatabaseUnavailable."""
    return await _count(database, metadatas, lambda _, columns, row: bool(columns.stale(row)), read_only=True)


async def _count(
    database: Database, metadatas: Sequence[MetaData], work: Work, *, read_only: bool = False
) -> Counter[str]:
    """What `work` returns for each row, added up by table."""
    total: Counter[str] = Counter()
    for columns in find_sealed(metadatas):
        after: Sequence[Any] | None = None
        while True:
            count, after = await database.run(_batch(columns, after, work), read_only=read_only)
            total[columns.table.name] += count
            if after is None:
                break
            if count and not read_only:
                await asyncio.sleep(PAUSE_SECONDS)
    return +total


def _batch(
    columns: SealedColumns, after: Sequence[Any] | None, work: Work
) -> Callable[[Session], tuple[int, Sequence[Any] | None]]:
    """One batch: the count of `work`, and the key to go on from; None at the table's end."""

    def run(session: Session) -> tuple[int, Sequence[Any] | None]:
        rows = columns.page(session, after)
        count = sum(work(session, columns, row) for row in rows)
        if len(rows) == BATCH:
            return count, rows[-1][: len(columns.key)]
        if count:  # once a table: SQLite's log may still hold what the older key opens
            forget_for_good(session.connection())
        return count, None

    return run
