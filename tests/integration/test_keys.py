"""The database under other keys: a rotation seals all of it anew, beside a running program; wrong keys are noticed."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event, insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from visitors import Visitor, files, open_store, rows, tokens

from bot.cli.main import main
from bot.errors import DatabaseUnavailable, SettingError
from bot.leads import tables as lead_tables
from bot.settings import settings
from bot.storage import keys, rotation, schema
from bot.storage.database import Database, open_database
from bot.storage.keys import new_key, read_keys
from bot.storage.rotation import count_older, find_sealed, rotate_file
from bot.storage.schema import check, migrate
from bot.transcripts.tables import metadata as transcripts
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure
from tests.fakes.postgres import Cluster

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
ALL = (transcripts, lead_tables.metadata)


async def no_wait(_seconds: float) -> None:
    """The time that transactions under way take is over at once."""


async def fill(store: BoundedTrackerStore) -> None:
    """A conversation with an address, and rows in every other table that is sealed."""
    visitor = Visitor(store, await store.conversation_of("rest", "ann"))
    await visitor.begins_a_check()
    await store.database.run(put_leads)


def put_leads(session: Session) -> None:
    named = ("conversation_id", "form_version", "channel", "language", "outcome", "table_version", "queue", "status")
    lead = {"reference": "S-4KX7QF", **dict.fromkeys(named, "x"), "flagged": False, "assessment": "{}"}
    session.execute(insert(lead_tables.leads).values({**lead, "created_at": NOW, "updated_at": NOW}))
    contact = {"lead_reference": "S-4KX7QF", "name": "Samantha", "email": None, "phone": "+15550123456"}
    session.execute(insert(lead_tables.contacts).values(contact))
    entry = {"sequence": 1, "at": NOW, "actor": "system", "act": "x", "subject": "x", "before": None, "after": "{}"}
    session.execute(insert(lead_tables.audit).values({**entry, "previous": "", "hash": "x"}))
    message = {"id": "m", "target": "file", "event": "x", "payload": "{}", "attempts": 0}
    session.execute(insert(lead_tables.outbox).values({**message, "created_at": NOW, "available_at": NOW}))


def open_again(database: str) -> Database:
    """What another process sees of the database."""
    open_database.cache_clear()
    return open_database(database, 5)


async def test_a_rotation_leaves_nothing_that_needs_the_older_key(database: str) -> None:
    await fill(open_store())
    before, plain, old = tokens(), rows(), read_keys()
    rotated = await rotate_file(open_again(database), settings(), ALL)
    assert rotated.older_keys == 1
    assert set(rotated.rows) == {
        *("conversations", "tracker_events", "addresses"),
        *("leads", "contacts", "audit", "outbox", "sealing_check"),
    }
    assert not before & tokens()
    assert rows() == plain
    keys.keep_newest(keys.key_file(settings()), read_keys())
    assert rows() == plain
    assert not set(read_keys().sealing) & set(old.sealing)
    check(database)


async def test_every_sealed_column_takes_part(database: str) -> None:
    columns = {(each.table.name, column.name) for each in find_sealed(ALL) for column in each.sealed}
    assert {("contacts", "email"), ("audit", "before"), ("addresses", "address"), ("sealing_check", "sealed")} < columns


async def test_a_rotation_that_was_cut_short_is_taken_up(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 7)
    monkeypatch.setattr(rotation, "PAUSE_SECONDS", 0)
    await fill(open_store())
    store, updates = open_again(database), []

    def cut(_connection: Connection, _cursor: object, statement: str, *_others: object) -> None:
        updates.append(statement.startswith("UPDATE"))
        if sum(updates) == 20:
            raise OSError("the power fails")

    event.listen(store.engine, "before_cursor_execute", cut)
    with pytest.raises(DatabaseUnavailable, match="power"):
        await rotate_file(store, settings(), ALL)
    event.remove(store.engine, "before_cursor_execute", cut)
    listed = read_keys().sealing
    left = (await count_older(store, ALL)).total()
    rotated = await rotate_file(store, settings(), ALL)
    assert 20 < left == sum(rotated.rows.values())
    assert read_keys().sealing == listed, "the unfinished one was finished, with the key that it began with"
    assert not await count_older(store, ALL)


async def test_nothing_is_lost_of_what_is_said_meanwhile(database: str) -> None:
    store = open_store()
    visitors = [Visitor(store, name) for name in ("ann", "ben", "eve")]

    async def talk(visitor: Visitor) -> None:
        for number in range(12):
            await visitor.says(f"message {number}")

    other = Database(database, 5)
    talks = [asyncio.ensure_future(talk(visitor)) for visitor in visitors]
    for _ in range(2):
        await rotate_file(other, settings(), ALL, drop_old=True, wait=no_wait)
    await asyncio.gather(*talks)
    for visitor in visitors:
        assert await visitor.messages() == [f"message {number}" for number in range(12)]
    assert len(read_keys().sealing) == 1
    other.close()


async def test_old_keys_are_dropped_after_those_who_may_still_seal_with_them(database: str) -> None:
    store = open_again(database)
    waited: list[float] = []

    async def written_late(seconds: float) -> None:
        """A transaction that sealed with the older key, and commits now."""
        waited.append(seconds)
        file = keys.key_file(settings())
        listed = json.loads(file.read_text())
        file.write_text(json.dumps({**listed, "sealing": listed["sealing"][::-1]}))
        await Visitor(open_store()).says("late")
        file.write_text(json.dumps(listed))

    rotated = await rotate_file(store, settings(), ALL, drop_old=True, wait=written_late)
    assert waited == [2 * store.seconds]
    assert rotated.older_keys == 0
    assert rotated.rows["tracker_events"] > 0
    assert await Visitor(open_store()).messages() == ["late"]


async def test_keys_of_the_settings_seal_with_the_first_and_say_what_may_go(
    database: str, configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    await fill(open_store())
    plain = rows()
    first = read_keys()
    old, new, index = first.sealing[0].decode(), new_key(), base64.urlsafe_b64encode(first.index).decode()
    configure(keys=f"{new},{old}", index_key=index)
    assert await asyncio.to_thread(main, ["keys", "rotate"]) == 0
    told = capsys.readouterr().out
    assert "tracker_events" in told
    assert "can be removed" in told
    assert not any(key in told for key in (old, new, index))
    configure(keys=new)
    open_database.cache_clear()
    check(database)
    assert rows() == plain
    assert await asyncio.to_thread(main, ["keys", "rotate"]) == 0
    assert "none" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["keys", "rotate", "--drop-old"]) == 1


def test_new_keys_are_printed_as_lines_for_the_settings(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "new"]) == 0
    lines = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert set(lines) == {"STRAND_KEYS", "STRAND_INDEX_KEY"}
    configure(keys=lines["STRAND_KEYS"], index_key=lines["STRAND_INDEX_KEY"], env="production")
    assert len(read_keys().sealing) == 1
    assert not settings().state_dir.exists()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_command_rotates_the_keys_of_the_file(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    await fill(open_store())
    plain = rows()
    before = read_keys()
    assert await asyncio.to_thread(main, ["keys", "rotate"]) == 0
    assert "keeps 1 older" in capsys.readouterr().out
    assert read_keys().sealing[1:] == before.sealing
    assert rows() == plain


OTHERS: list[Callable[[Any], dict[str, str]]] = [
    lambda _: {"keys": new_key(), "index_key": new_key()},
    lambda right: {"keys": new_key(), "index_key": base64.urlsafe_b64encode(right.index).decode()},
    lambda right: {"keys": right.sealing[0].decode(), "index_key": new_key()},
]


@pytest.mark.parametrize("other", OTHERS)
async def test_wrong_keys_are_noticed_before_anything_is_done(
    database: str, configure: Configure, other: Callable[[Any], dict[str, str]]
) -> None:
    await fill(open_store())
    before = tokens()
    configure(**other(read_keys()))
    for refuse in (check, migrate):
        with pytest.raises(SettingError, match="STRAND_KEYS") as caught:
            refuse(database)
        assert "\n" not in str(caught.value)
    for use in (open_store().retrieve("ann"), open_store().conversation_of("rest", "ben"), open_store().check()):
        with pytest.raises(SettingError, match="STRAND_KEYS"):
            await use
    assert tokens() == before


def migrate_to_first(connection: Connection) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_of_before_is_sealed_by_its_migration(
    kind: str, request: pytest.FixtureRequest, configure: Configure
) -> None:
    if kind == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        configure(database_url=cluster.make_database())
    engine = open_database(settings().database, 5).engine
    with engine.begin() as connection:
        migrate_to_first(connection)
        snapshot = '{"slots": {"last_entry": "Finnegan"}, "loop": null, "paused": false}'
        connection.execute(
            text("INSERT INTO conversations VALUES ('ann', 2500, :one, :two)"), {"one": snapshot, "two": NOW}
        )
        heard = '{"event": "user", "timestamp": 1.0, "text": "Finnegan", "parse_data": {}, "input_channel": "rest"}'
        row = "INSERT INTO tracker_events (conversation_id, sequence, type, timestamp, data)"
        events = [{"at": number, "data": heard} for number in range(1, 2501)]
        connection.execute(text(f"{row} VALUES ('ann', :at, 'user', 1.0, :data)"), events)
    migrate(settings().database)
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT data FROM tracker_events UNION SELECT snapshot FROM conversations"))
        assert not any("Finnegan" in each for each in stored.scalars())
    assert len(await Visitor(open_store()).messages()) == 2500
    assert (await open_store().retrieve("ann")).get_slot("last_entry") == "Finnegan"
    if kind == "sqlite":
        assert "Finnegan" not in files()
