"""`strand audit verify`, run as the command line does: a chain that holds, one that does not, one that is another."""

import argparse
import asyncio

import pytest
from sqlalchemy import delete, text, update

from bot.cli import audit as command
from bot.errors import SettingError
from bot.leads import audit
from bot.leads.audit import Asked
from bot.leads.tables import audit as rows
from tests.unit.leads_kept.people import NOON, inside, opened

pytestmark = pytest.mark.usefixtures("migrated")


def verify(*words: str) -> int:
    """The exit status of `./strand audit verify …`."""
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(["verify", *words]))


def _write(session, number: int) -> None:
    for place in range(number):
        audit.append(session, "staff:dana", "lead.revealed", f"S-{place}", None, {"contact": ["email"]}, NOON)


def written(number: int) -> None:
    asyncio.run(inside(lambda session: _write(session, number)))


def behind_the_back(*statements) -> None:
    """What somebody does who may write the database."""

    def work(session) -> None:
        for trigger in ("audit_stays", "audit_is_kept"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for statement in statements:
            session.execute(statement)

    asyncio.run(inside(work))


def test_a_chain_that_holds_ends_well_and_prints_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    written(3)
    assert verify() == 0
    head = asyncio.run(audit.verify_all(opened())).head
    said = capsys.readouterr().out
    assert "whole: 3 rows" in said
    assert f"Head: {head}" in said


def test_a_row_that_was_altered_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    written(5)
    behind_the_back(update(rows).where(rows.c.sequence == 3).values(actor="staff:eve"))
    assert verify() == 1
    assert "BROKEN at row 3: 2 rows before it are whole" in capsys.readouterr().out


def test_rows_cut_off_at_the_end_show_by_the_noted_hash(capsys: pytest.CaptureFixture[str]) -> None:
    written(5)
    head = asyncio.run(audit.verify_all(opened())).head
    assert verify("--head", head.upper()) == 0
    assert "that of row 5" in capsys.readouterr().out
    behind_the_back(delete(rows).where(rows.c.sequence == 5))
    assert verify() == 0
    assert verify("--head", head) == 1
    assert "the noted hash is in no row" in capsys.readouterr().out


def test_a_noted_hash_stays_good_while_the_chain_grows() -> None:
    written(2)
    head = asyncio.run(audit.verify_all(opened())).head
    written(2)
    assert verify("--head", head) == 0


def test_a_hash_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError, match="64 hexadecimal digits"):
        verify("--head", "abc")


def test_a_long_chain_is_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 4)
    for number in (0, 3, 4, 9):
        behind_the_back(delete(rows))
        written(number)
        found = asyncio.run(audit.verify_all(opened()))
        assert (found.rows, found.broken) == (number, None)
    behind_the_back(delete(rows).where(rows.c.sequence == 5))
    assert asyncio.run(audit.verify_all(opened())).broken == 6


def test_who_looks_in_the_audit_sees_the_newest_first_and_what_is_asked_for() -> None:
    written(5)

    def read(session) -> list[list[int]]:
        pages = (audit.newest(session, Asked(), most=2), audit.newest(session, Asked(), before=4, most=2))
        of_one = audit.newest(session, Asked(actor="staff:dana", subject="S-2", since=NOON))
        return [[entry.sequence for entry in page] for page in (*pages, of_one)]

    assert asyncio.run(inside(read)) == [[5, 4], [3, 2], [3]]
