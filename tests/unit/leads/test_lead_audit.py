"""The audit notices whatever is altered, taken out or moved, and forgets a person without a break."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.leads import audit
from bot.leads.tables import audit as rows
from bot.storage.database import Database
from bot.storage.sealing import sealer
from tests.unit.leads.handed_over import NOON, World, handed_over

ROWS = 5


@pytest.fixture
def chain(leads_world: World) -> World:
    """A chain of some rows, which the test may alter behind the triggers' back."""

    def write(session: Any) -> None:
        for number in range(1, ROWS + 1):
            before = {"name": "Sam"} if number % 2 else None
            audit.append(session, "staff:ann", "reveal", f"S-{number}", before, {"row": number}, NOON)

    leads_world.do(write)
    return leads_world


def unlock(world: World) -> None:
    where = " ON audit" if world.url.startswith("postgresql") else ""
    for trigger in ("audit_stays", "audit_is_kept"):
        world.do(lambda session, name=trigger: session.execute(text(f"DROP TRIGGER {name}{where}")))


def alter(world: World, place: int, **values: Any) -> None:
    world.do(lambda session: session.execute(update(rows).where(rows.c.sequence == place).values(**values)))


def verified(world: World) -> audit.Verified:
    result: audit.Verified = world.do(audit.verify)
    return result


def test_a_chain_as_it_was_written_holds(chain: World) -> None:
    found = verified(chain)
    assert (found.rows, found.broken) == (ROWS, None)
    assert found.head == chain.do(lambda s: s.execute(select(rows.c.hash).order_by(rows.c.sequence.desc())).scalar())


def test_an_empty_chain_holds(leads_world: World) -> None:
    assert verified(leads_world) == audit.Verified(0, None, audit.BEGINNING)


ALTERED: dict[str, Any] = {
    "sequence": 70, "at": NOON + timedelta(microseconds=1), "actor": "system", "act": "erase", "subject": "S-0",
    "before": '{"name":"Tom"}', "after": '{"row":0}', "before_digest": "0" * 64, "after_digest": None,
    "previous": "1" * 64, "hash": "ü" * 64,
}  # fmt: skip


def test_every_column_has_a_case() -> None:
    assert set(ALTERED) == {column.name for column in rows.c}


@pytest.mark.parametrize("sequence", [1, 2, ROWS])
@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_row_is_noticed(chain: World, column: str, sequence: int) -> None:
    unlock(chain)
    alter(chain, sequence, **{column: ALTERED[column]})
    broken = verified(chain).broken
    if column == "sequence":  # the gap is noticed at the row behind it
        assert broken == (70 if sequence == ROWS else sequence + 1)
    else:
        assert broken == sequence


@pytest.mark.parametrize("content", ["no token", "tökén", "gAAAAA=="])
def test_contents_that_nobody_sealed_are_noticed(chain: World, content: str) -> None:
    chain.do(lambda session: session.execute(text("UPDATE audit SET before = :it WHERE sequence = 3"), {"it": content}))
    assert verified(chain).broken == 3


def test_contents_of_another_row_are_noticed(chain: World) -> None:
    sealed = sealer().seal('{"row":2}')
    chain.do(lambda session: session.execute(text("UPDATE audit SET after = :it WHERE sequence = 4"), {"it": sealed}))
    assert verified(chain).broken == 4


@pytest.mark.parametrize("sequence", range(1, ROWS))
def test_a_row_that_was_taken_out_is_noticed(chain: World, sequence: int) -> None:
    unlock(chain)
    chain.do(lambda session: session.execute(delete(rows).where(rows.c.sequence == sequence)))
    assert verified(chain).broken == sequence + 1


def test_a_last_row_that_was_cut_off_shows_in_the_head_alone(chain: World) -> None:
    noted = verified(chain).head
    unlock(chain)
    chain.do(lambda session: session.execute(delete(rows).where(rows.c.sequence == ROWS)))
    found = verified(chain)
    assert found.broken is None
    assert found.head != noted


def test_rows_that_changed_places_are_noticed(chain: World) -> None:
    unlock(chain)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        alter(chain, old, sequence=new)
    assert verified(chain).broken == 2


def test_a_person_is_forgotten_and_the_chain_holds(chain: World) -> None:
    assert chain.do(lambda session: audit.forget(session, "S-3")) == 1
    contents = select(rows.c.before, rows.c.after).where(rows.c.sequence == 3)
    assert tuple(chain.do(lambda session: session.execute(contents).one())) == (None, None)
    assert verified(chain).broken is None


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'nobody'"])
def test_the_database_itself_refuses_to_change_the_audit(chain: World, statement: str) -> None:
    with pytest.raises(SQLAlchemyError, match="never changed"):
        chain.do(lambda session: session.execute(text(statement)))
    assert verified(chain).rows == ROWS


def test_the_chain_is_read_in_batches(chain: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 2)
    assert verified(chain).rows == ROWS


async def test_many_who_append_at_once_make_one_chain(leads_world: World) -> None:
    databases = [Database(leads_world.url, 10) for _ in range(2)]

    def add(session: Any) -> None:
        audit.append(session, "system", "retain", "nothing", None, None, NOON)

    await asyncio.gather(*(databases[number % 2].run(add) for number in range(20)))
    assert verified(leads_world) == audit.Verified(20, None, verified(leads_world).head)
    for database in databases:
        database.close()


async def test_the_audit_of_a_lead_holds_none_of_its_details(leads_world: World) -> None:
    await leads_world.desk.submit(handed_over())
    contents = leads_world.do(lambda session: session.execute(select(rows.c.after)).scalar())
    assert '"contact":["name","email","phone","preferred_contact","preferred_time"]' in contents
    assert not any(detail in contents for detail in ("Sam", "2025550143", "quillfeather"))
