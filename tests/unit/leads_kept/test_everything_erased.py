"""A person with a row in every table there is: after the erasure no table holds anything of them."""

from datetime import timedelta

from sqlalchemy import func, insert, select

from bot.leads.erasure import erase_conversation
from bot.leads.tables import lead_labels, note_words, notes, notices
from bot.leads.tables import metadata as leads_tables
from bot.settings import settings
from bot.storage.sealing import sealer
from bot.transcripts.tables import inbox, replies, reviews, takeovers, turns
from bot.transcripts.tables import metadata as transcripts_tables
from tests.integration.everything_written import found_in, stored
from tests.unit.leads_kept.people import CONTACT, NOON, SECRETS, hand_over, inside, opened, talk

LATER = NOON + timedelta(hours=1)
TABLES = {**leads_tables.tables, **transcripts_tables.tables}
OWNERS = ("lead_reference", "conversation_id")


def _fill(session, reference: str) -> None:
    """What talking, waiting and the staff's work leave, besides a lead and its transcript."""
    mine = {"conversation_id": "hers"}
    note = {"lead_reference": reference, "staff": "dana", "at": NOON, "text": f"call {CONTACT.name}"}
    number = session.execute(insert(notes).values(note)).inserted_primary_key[0]
    word = sealer().blind_index("note", "marguerite")
    message = {"key": "k", "channel": "rest", "message_id": "m", "body": CONTACT.name, "state": "done", "attempts": 1}
    reply = {"channel": "rest", "address_index": "x", "body": CONTACT.name, "part": 0, "created_at": NOON}
    for table, row in (
        (note_words, {"word_index": word, "note_id": number}),
        (lead_labels, {"label": "mornings", "created_at": NOON, "lead_reference": reference}),
        (notices, {"kind": "waiting", "subject": reference, "at": NOON}),
        (notices, {"kind": "red_flag", "subject": "hers", "at": NOON}),
        (turns, {**mine, "sequence": 1, "place": 0, "at": NOON, "channel": "rest", "kind": "answer"}),
        (takeovers, {**mine, "staff": "dana", "joined_at": NOON, "ended_at": LATER}),
        (reviews, {**mine, "sequence": 1, "verdict": "wrong", "state": "open", "staff": "dana", "at": NOON}),
        (inbox, {**mine, **message, "received_at": NOON}),
        (replies, {**mine, **reply, "available_at": NOON, "attempts": 0}),
    ):
        session.execute(insert(table).values(row))


def _left(session) -> dict[str, int]:
    columns = {
        name: next((table.c[owner] for owner in OWNERS if owner in table.c), None) for name, table in TABLES.items()
    }
    owned = {name: column for name, column in columns.items() if column is not None}
    return {name: session.execute(select(func.count(column))).scalar_one() for name, column in owned.items()}


async def test_no_table_keeps_anything_of_who_was_erased(database: str) -> None:
    await talk("hers")
    reference = await hand_over("hers")
    await inside(lambda session: _fill(session, reference))
    before = await inside(_left)
    assert [name for name, number in before.items() if not number] == []
    await erase_conversation(opened(), "hers", "staff:ada", LATER)
    # Of a message that was known, nothing is left but that it was: should it come again, it is not answered.
    assert {name: number for name, number in (await inside(_left)).items() if number} == {"inbox": 1}
    left = stored(opened())
    index = sealer().blind_index("note", "marguerite")
    assert found_in(left, [*SECRETS, index, "mornings"]) == []
    assert settings().database == database
