"""An administrator reads the audit, and has its chain verified."""

from datetime import timedelta

import pytest
from console import Console
from sqlalchemy import text, update

from bot.leads import audit
from bot.leads.tables import audit as rows
from bot.staff.audit.differences import Difference, differences
from tests.unit.leads_kept.people import NOON


async def written(console: Console, number: int = 3, actor: str = "staff:dana") -> None:
    def work(session) -> None:
        for place in range(number):
            before, after = {"status": "new"}, {"status": "contacted", "assignee": "dana"}
            audit.append(session, actor, "lead.status", f"S-{place}", before, after, NOON + timedelta(days=place))

    await console.run(work)


def unlock(session) -> None:
    where = " ON audit" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER audit_stays{where}"))


async def test_the_newest_row_is_first_and_its_change_can_be_read(console: Console) -> None:
    await written(console)
    browser = await console.signed_in("admin")
    page = await browser.get("/audit?act=lead.status")
    assert page.text.index("S-2") < page.text.index("S-1") < page.text.index("S-0")
    assert "Status : new → contacted" in page.text
    assert "Assignee : dana" in page.text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("actor=staff:dana", "S-0 S-1 S-2"), ("subject=S-1", "S-1"), ("day=2026-07-02", "S-1"), ("actor=nobody", "")],
)
async def test_rows_are_found_by_who_what_and_when(console: Console, asked: str, shown: str) -> None:
    await written(console)
    browser = await console.signed_in("admin")
    page = await browser.get(f"/audit?{asked}")
    assert sorted({f"S-{place}" for place in range(3) if f">S-{place}<" in page.html}) == shown.split()


async def test_a_day_that_is_none_is_refused_in_words(console: Console) -> None:
    browser = await console.signed_in("admin")
    for day in ("yesterday", "9999-12-31", "2026-02-30"):
        page = await browser.get(f"/audit?day={day}")
        assert (page.status, "Day is no date" in page.text) == (400, True)


async def test_a_long_audit_is_read_page_by_page(console: Console) -> None:
    await written(console, audit.PAGE + 2)
    browser = await console.signed_in("admin")
    page = await browser.get("/audit?act=lead.status")
    assert f">S-{audit.PAGE + 1}<" in page.html
    assert ">S-1<" not in page.html
    page = await browser.get(f"/audit?act=lead.status&after={3}")
    assert ">S-1<" in page.html
    assert "First page" in page.text


async def test_the_chain_is_verified_on_the_page(console: Console) -> None:
    await written(console)
    browser = await console.signed_in("admin")
    await browser.get("/audit")
    page = await browser.post("/audit/verify")
    found = await audit.verify_all(console.database)
    assert "The audit is whole" in page.text
    assert found.head in page.text
    page = await browser.post("/audit/verify", noted=found.head)
    assert f"is that of row {found.rows}" in page.text
    page = await browser.post("/audit/verify", noted="f" * 64)
    assert "rows were cut off" in page.text
    assert (await browser.post("/audit/verify", noted="my hash")).status == 400


async def test_a_row_that_was_altered_is_named_on_the_page(console: Console) -> None:
    await written(console)
    browser = await console.signed_in("admin")
    await console.run(unlock)
    await console.run(lambda session: session.execute(update(rows).where(rows.c.sequence == 2).values(actor="x")))
    await browser.get("/audit")
    page = await browser.post("/audit/verify")
    assert "NOT as it was written" in page.text
    assert "First broken row 2" in page.text


async def test_a_hostile_name_in_a_row_is_text(console: Console) -> None:
    await written(console, 1, actor='staff:<script>alert("x")</script>')
    browser = await console.signed_in("admin")
    page = await browser.get("/audit")
    assert "<script>alert" not in page.html


def test_only_what_changed_is_told() -> None:
    before = {"status": "new", "queue": "sales", "consents": {"share": True}}
    after = {"status": "new", "queue": "clinician", "consents": {"share": False, "email": True}, "labels": ["a", "b"]}
    assert differences(before, after) == [
        Difference("Queue", "sales", "clinician"),
        Difference("Consents", "share: yes", "share: no; email: yes"),
        Difference("Labels", "—", "a, b"),
    ]
    assert differences(None, None) == []
