"""Somebody asks what is kept of them: staff find all of it, hand it out, and the audit knows."""

import csv
import io
import json
from datetime import timedelta

from sqlalchemy import insert, update

from bot.leads import audit
from bot.leads.person_export import OF_CONVERSATIONS, OF_LEADS, export_person
from bot.leads.persons import find, read_person
from bot.leads.tables import leads
from bot.leads.tables import metadata as leads_tables
from bot.transcripts import addresses
from bot.transcripts.tables import metadata as transcripts_tables
from tests.unit.leads_kept.people import CONTACT, NOON, hand_over, inside, note_address, somebody_else, talk

LATER = NOON + timedelta(hours=1)


async def found(words: str) -> list[tuple[str, ...]]:
    return [family.conversations for family in await inside(lambda session: find(session, words, "US"))]


async def test_a_person_is_found_by_what_they_can_say_of_themselves(database: str) -> None:
    await talk("hers")
    reference = await hand_over("hers")
    await hand_over("his", contact=somebody_else(7))
    asked = (reference, reference.lower(), " Marguerite@MAIL.example ", "(415) 555-0142", "+1 415 555 0142", "hers")
    for words in asked:
        assert await found(words.strip()) == [("hers",)], words


async def test_nobody_is_found_by_less_than_that(database: str) -> None:
    await hand_over("hers")
    for words in ("Marguerite", "mail.example", "0142", "S-AAAAAA", "", "her"):
        assert await found(words) == [], words


async def test_who_only_wrote_from_a_telephone_is_found_by_its_number(database: str) -> None:
    home = await inside(lambda session: addresses.find_or_make(session, "whatsapp", "+12025550188", NOON))
    assert await found("+1 202 555 0188") == [(home,)]


async def test_two_leads_with_one_address_are_two_finds_until_they_are_merged(database: str) -> None:
    one, other = await hand_over("a"), await hand_over("b")
    assert sorted(await found(CONTACT.email)) == [("a",), ("b",)]
    person = await inside(lambda session: read_person(session, one))
    assert person.others == [other]
    merge = update(leads).where(leads.c.reference == one).values(merged_into=other)
    await inside(lambda session: session.execute(merge))
    assert await found(CONTACT.email) == [("a", "b")]


async def test_all_that_hangs_on_a_person_is_counted(database: str) -> None:
    await talk("hers")
    reference = await hand_over("hers")
    person = await inside(lambda session: read_person(session, reference))
    counted = {name: number for name, number in person.counts.items() if number}
    assert counted == {
        "consents": 3, "messages to targets": 1, "events of the transcript": 1, "addresses of channels": 1,
        "rows of the audit": 1,
    }  # fmt: skip
    assert [lead.contact for lead in person.leads] == [CONTACT]


async def test_the_file_holds_everything_and_the_audit_knows_first(database: str) -> None:
    await talk("hers")
    reference = await hand_over("hers")
    note = {"lead_reference": reference, "staff": "dana", "at": LATER, "text": "likes mornings"}
    await inside(lambda session: session.execute(insert(leads_tables.tables["notes"]).values(note)))
    text = await inside(lambda session: export_person(session, reference, "json", "staff:ada", LATER))
    data = json.loads(text)
    (lead,), (home,) = data["leads"], data["conversations"]
    assert lead["contact"][0]["email"] == CONTACT.email
    assert [given["purpose"] for given in lead["consents"]] == ["share", "email", "phone"]
    assert lead["notes"] == [{"id": 1, "staff": "dana", "at": "2026-07-01T13:00:00Z", "text": "likes mornings"}]
    assert lead["assessed"]["findings"] == ["autoimmune"]
    assert "plaquenil" in home["transcript"][0]["texts"][0]
    assert home["addresses"][0]["address"].startswith(CONTACT.phone)
    assert home["slots"]["medications"] == "plaquenil"
    assert [(row["act"], row["actor"]) for row in data["audit"]][-1] == ("record.exported", "staff:ada")


async def test_the_table_is_safe_in_a_spreadsheet(database: str) -> None:
    reference = await hand_over("hers")
    text = await inside(lambda session: export_person(session, "hers", "csv", "staff:ada", LATER))
    header, row = csv.reader(io.StringIO(text))
    cells = dict(zip(header, row, strict=True))
    assert (cells["reference"], cells["phone"]) == (reference, f"'{CONTACT.phone}")


async def test_nothing_is_handed_out_of_nobody(database: str) -> None:
    await note_address("hers", NOON)
    assert await inside(lambda session: export_person(session, "his", "json", "staff:ada", LATER)) is None
    assert await inside(lambda session: audit.trail(session, "his")) == []


def test_every_table_with_a_person_in_it_is_in_the_file() -> None:
    """Whoever adds a table that belongs to a lead or a conversation decides here what an access request gets of it."""
    elsewhere = {"leads", "conversations", "tracker_events"}
    tables = {**leads_tables.tables, **transcripts_tables.tables}
    personal = {name for name, table in tables.items() if {"lead_reference", "conversation_id"} & set(table.c.keys())}
    handed_out = {table.name for table, _ in (*OF_LEADS.values(), *OF_CONVERSATIONS.values())}
    assert personal - elsewhere == handed_out
