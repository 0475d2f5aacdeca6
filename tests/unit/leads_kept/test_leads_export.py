"""Leads leave as CSV or JSON: whole, harmless to a spreadsheet, and never without a line in the audit."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from bot.leads import audit, export
from bot.leads.records import Contact
from bot.leads.tables import audit as audit_rows
from tests.unit.leads_kept.people import CONTACT, NOON, hand_over, inside, opened, somebody_else

LATER = NOON + timedelta(days=1)


async def exported(form: export.Format) -> str:
    return "".join([piece async for piece in export.export(opened(), form, "operator", LATER)])


async def as_rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(await exported("csv"), newline="")))


async def test_a_lead_leaves_with_contact_and_the_latest_consents(database: str) -> None:
    reference = await hand_over("one", contact=replace(CONTACT, phone=None))
    (row,) = await as_rows()
    assert (row["reference"], row["created_at"]) == (reference, "2026-07-01T12:00:00Z")
    assert (row["name"], row["email"], row["phone"]) == (CONTACT.name, CONTACT.email, "")
    assert (row["consent_share"], row["consent_email"], row["consent_text"]) == ("yes", "yes", "")
    assert row["consent_email_at"] == "2026-07-01T12:00:00Z"


async def test_json_has_every_consent_and_the_assessment(database: str) -> None:
    await hand_over("one")
    (lead,) = json.loads(await exported("json"))
    assert lead["contact"]["phone"] == CONTACT.phone
    assert [given["purpose"] for given in lead["consents"]] == ["share", "email", "phone"]
    assert lead["assessed"]["findings"] == ["autoimmune"]


async def test_nothing_to_export_is_a_header_or_an_empty_list(database: str) -> None:
    assert await as_rows() == []
    assert json.loads(await exported("json")) == []


async def test_more_than_a_page_leaves_once_and_in_order(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    # Two of them at the same instant, on either side of a page's end.
    times = [NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=1), NOON + timedelta(hours=2), LATER]
    made = [await hand_over(f"c{number}", at, somebody_else(number)) for number, at in enumerate(times)]
    rows = await as_rows()
    assert sorted(row["reference"] for row in rows) == sorted(made)
    assert [row["created_at"] for row in rows] == sorted(row["created_at"] for row in rows)


async def test_what_is_made_after_the_export_began_stays_out(database: str) -> None:
    await hand_over("late", LATER + timedelta(seconds=1))
    assert await as_rows() == []


async def test_the_audit_knows_before_the_first_line_leaves(database: str) -> None:
    await hand_over("one")
    pieces = export.export(opened(), "csv", "staff:Ada", LATER)
    await pieces.__anext__()
    row = await inside(lambda session: session.execute(select(audit_rows).order_by(audit_rows.c.sequence)).all()[-1])
    assert (row.actor, row.act) == ("staff:Ada", "leads.exported")
    assert json.loads(row.after) == {"format": "csv", "leads": 1}
    assert (await inside(audit.verify)).broken is None


async def test_a_formula_in_a_name_stays_text(database: str) -> None:
    name = '=HYPERLINK("http://evil.example";"Click")'
    await hand_over("one", contact=Contact(name, CONTACT.email, CONTACT.phone, None, '"\t@SUM(1)'))
    text = await exported("csv")
    (row,) = list(csv.DictReader(io.StringIO(text, newline="")))
    assert row["name"] == f"'{name}"
    assert row["phone"] == f"'{CONTACT.phone}"
    assert row["preferred_time"].startswith("'")
    assert text.count("\r\n") == 2


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1", '" =1', "\u200b=1", "\ufeff=1",
        "\x00=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A", "\u2212" + "1",
        "\u00a0@A1", "\tname", "\rname", "\"'  +1",
    ],
)  # fmt: skip
def test_what_could_start_a_formula_gets_an_apostrophe(text: str) -> None:
    assert export.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ann", "ann+hair@mail.example", "O'Neill", '"Bo" Ek', "a=b", "évening", "3 pm"])
def test_what_starts_no_formula_stays_as_it_is(text: str) -> None:
    assert export.harmless(text) == text


@given(some.text(alphabet=some.sampled_from("=+-@ \t\r\n\"';,a1é\u200b\uff1d"), max_size=8))
def test_no_cell_starts_a_formula_and_every_cell_comes_back(text: str) -> None:
    line = export._lines([[text, export.harmless(text)]])
    (read,) = csv.reader(io.StringIO(line, newline=""))
    assert read[0] == text
    assert not read[1].lstrip(' "\u200b').startswith(tuple("=+-@\uff1d\t\r\n"))
