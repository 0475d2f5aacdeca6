"""Fills a database with very many made-up leads, quickly: what two years of a large clinic would leave behind."""

import io
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection, Engine

from bot.leads.references import ALPHABET, LENGTH
from bot.leads.search import index_words
from bot.leads.store import email_index, phone_index
from bot.leads.tables import contacts, lead_labels, leads, note_words, notes
from bot.storage.sealing import sealer

NOW = datetime(2026, 11, 22, 15, tzinfo=timezone.utc)
SPAN = timedelta(days=730)
YEAR = timedelta(days=365)
FRESH = timedelta(days=14)
BATCH = 10_000
STRIDE = 5_000_011  # shares no factor with 18 ** 6: every number has a reference of its own, in no order
CHECKED = {
    ("qualified", "sales", False): 55,
    ("clinician_review", "clinician", False): 25,
    ("clinician_review", "clinician", True): 3,
    ("not_now", "clinician", True): 5,
    ("none", "sales", False): 10,
    ("none", "clinician", False): 2,
    ("none", "clinician", True): 0.02,
}
CHANNELS = {"web": 80, "whatsapp": 12, "sms": 4, "telegram": 2, "messenger": 1, "slack": 0.02, "rest": 1}
LANGUAGES = {"en": 94, "es": 6}
FRESH_STATUSES = {"new": 60, "contacted": 30, "booked": 8, "not_suitable": 1, "closed": 1, "withdrawn": 0.3}
OLD_STATUSES = {"new": 0.2, "contacted": 1, "booked": 40, "not_suitable": 18, "closed": 40, "withdrawn": 0.8}
STAFF: dict[str | None, float] = {
    None: 40,
    "dana": 10,
    **{f"staff{number}": 5 for number in range(1, 10)},
    "newcomer": 0.001,
}
LABELS = {"call back": 10, "abroad": 3, "price": 2, "press": 0.001}
NOTE = "called back asked about price prefers mornings left message will send photos of the crown"
WORDS = NOTE.split()
RARE = "exosomes"
SEALED_TEXT = '{"answers": {"age": [{"value": 41}]}}' * 12


Rows = dict[str, list[dict[str, Any]]]
TABLES: Sequence[Table] = (leads, contacts, lead_labels, notes, note_words)


def fill(engine: Engine, count: int) -> None:
    """Put `count` leads into an empty, migrated database."""
    maker = _Maker(count)
    indexes = [index for table in TABLES for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    numbers = iter(range(count))
    while some := list(islice(numbers, BATCH)):
        with engine.begin() as connection:
            _insert(connection, maker.rows(some))
    with engine.begin() as connection:
        for index in indexes:
            index.create(connection)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:  # what autovacuum does in the months that so many leads take to come
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


def reference_of(number: int) -> str:
    """The reference of the lead of a number."""
    rest, letters = number * STRIDE % len(ALPHABET) ** LENGTH, ""
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(ALPHABET))
        letters += ALPHABET[place]
    return f"S-{letters}"


def address_of(number: int) -> str:
    """The e-mail address of a lead whose number is a multiple of 1000."""
    return f"person{number}@mail.example"


def phone_of(number: int) -> str:
    """The phone number of such a lead."""
    return f"+1415{2_000_000 + number}"


class _Maker:
    """Makes the rows of leads by their numbers: the same ones every time."""

    def __init__(self, count: int) -> None:
        self._step = SPAN / count
        self._chance = random.Random(1)  # noqa: S311  # the same leads every time
        self._sealed = sealer().seal(SEALED_TEXT)
        self._indexed = {word: index_words(word) for word in (*WORDS, RARE)}

    def rows(self, numbers: Sequence[int]) -> Rows:
        """The rows of some leads, a list a table."""
        rows: Rows = {table.name: [] for table in TABLES}
        for number in numbers:
            at = NOW - SPAN + number * self._step
            rows["leads"].append(self._lead(number, at))
            rows["contacts"].append(self._contact(number))
            rows["lead_labels"] += self._labels(number, at)
            if number % 10 == 0:
                self._add_note(rows, number, at)
        return rows

    def _lead(self, number: int, at: datetime) -> dict[str, Any]:
        outcome, queue, flagged = self._one(CHECKED)
        channel = self._one(CHANNELS)
        row: dict[str, Any] = {"reference": reference_of(number), "conversation_id": f"conversation {number}"}
        row |= {"form_version": "bench", "outcome": outcome, "queue": queue, "flagged": flagged}
        row |= {"channel": "web" if channel == "slack" and at > NOW - YEAR else channel, "table_version": "bench"}
        row |= {"language": self._one(LANGUAGES), "assessment": self._sealed, "created_at": at, "updated_at": at}
        status = self._one(FRESH_STATUSES if at > NOW - FRESH else OLD_STATUSES)
        return row | {"status": status, "assignee": self._one(STAFF)}

    def _contact(self, number: int) -> dict[str, Any]:
        known = number % 1000 == 0
        sealed = {"lead_reference": reference_of(number), "name": self._sealed, "email": self._sealed}
        return sealed | {
            "preferred_contact": "email",
            "email_index": email_index(address_of(number)) if known else f"{number:064x}",
            "phone_index": phone_index(phone_of(number)) if known else f"{number:063x}f",
        }

    def _labels(self, number: int, at: datetime) -> list[dict[str, Any]]:
        chosen = [label for label, percent in LABELS.items() if self._chance.random() * 100 < percent]
        return [{"lead_reference": reference_of(number), "label": label, "created_at": at} for label in chosen]

    def _add_note(self, rows: Rows, number: int, at: datetime) -> None:
        own = {"id": number + 1, "lead_reference": reference_of(number), "staff": "dana", "at": at}
        rows["notes"].append(own | {"text": self._sealed})
        words = [*self._chance.sample(WORDS, 5), *([RARE] if number % 50_000 == 0 else [])]
        found = {index for word in words for index in self._indexed[word]}
        rows["note_words"] += [{"word_index": index, "note_id": number + 1} for index in found]

    def _one(self, weights: Mapping[Any, float]) -> Any:
        return self._chance.choices([*weights], [*weights.values()])[0]


def _insert(connection: Connection, rows: Rows) -> None:
    for table in TABLES:
        found = rows[table.name]
        if found:
            _insert_into(connection, table, found)


def _insert_into(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    names = [*rows[0]]
    values = (tuple(row[name] for name in names) for row in rows)
    if connection.dialect.name == "sqlite":
        statement = insert(table).compile(dialect=connection.dialect, column_keys=names)
        # The driver's own statement: what the columns' types would do a million times is done below, once a value.
        places = [names.index(name) for name in statement.positiontup]
        plain = [tuple(_for_sqlite(row[place]) for place in places) for row in values]
        connection.connection.executemany(str(statement), plain)
    else:
        text = io.StringIO("".join("\t".join(map(_for_postgresql, row)) + "\n" for row in values))
        connection.connection.cursor().copy_from(text, table.name, columns=names, null="\\N")


def _for_sqlite(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value


def _for_postgresql(value: Any) -> str:
    return "\\N" if value is None else str(value)
