"""Somebody wants everything gone: it is gone from every table and every file, and a receipt says so."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import Text, select, type_coerce, update

from bot.errors import DatabaseUnavailable
from bot.leads import audit
from bot.leads.delivery.targets import read_targets
from bot.leads.erasure import EVENT, erase, erase_conversation, erase_lead, is_kept
from bot.leads.records import Erased
from bot.leads.tables import audit as audit_rows
from bot.leads.tables import consents, contacts, erasures, leads, outbox
from bot.settings import settings
from bot.transcripts.tables import addresses, conversations, tracker_events
from tests.conftest import Configure
from tests.unit.leads_kept.people import NOON, SECRETS, count, files, hand_over, inside, opened, somebody_else, talk

PERSONAL = (leads, contacts, consents, outbox, conversations, tracker_events, addresses)
LATER = NOON + timedelta(hours=1)


async def erased(conversation: str, asked_by: str = "visitor", **how: bool) -> Erased:
    return await erase_conversation(opened(), conversation, asked_by, LATER, **how)


async def tried(reference: str, **values: object) -> None:
    """Say of the lead's messages what a worker would."""
    await inside(
        lambda session: session.execute(update(outbox).where(outbox.c.lead_reference == reference).values(**values))
    )


async def messages(reference: str) -> list[tuple[str, str, str]]:
    columns = (outbox.c.event, outbox.c.target, outbox.c.payload)
    query = select(*columns).where(outbox.c.lead_reference == reference).order_by(outbox.c.target)
    return await inside(lambda session: [tuple(row) for row in session.execute(query)])


async def test_nothing_of_the_person_stays_in_any_table(database: str) -> None:
    await talk("hers")
    await hand_over("hers")
    gone = await erased("hers")
    assert await count(*PERSONAL) == 0
    assert gone.counts == {
        "addresses": 1, "consents": 3, "contacts": 1, "conversations": 1, "deliveries": 1, "events": 1, "leads": 1,
    }  # fmt: skip


async def test_nothing_can_be_read_in_the_files(migrated: None) -> None:
    """Not by whoever has the keys either: what was sealed is overwritten, not only let go of."""
    await talk("hers")
    reference = await hand_over("hers")
    sealed = await inside(lambda session: session.execute(select(type_coerce(contacts.c.email, Text))).scalar())
    index = await inside(lambda session: session.execute(select(contacts.c.email_index)).scalar())
    assert sealed.encode() in files()
    await erased("hers")
    left = files()
    assert not any(secret.encode() in left for secret in (*SECRETS, sealed, index, "consent_email", "m-email"))
    assert reference.encode() in left


async def test_others_stay(database: str) -> None:
    await talk("hers")
    await talk("his")
    kept = await hand_over("his", contact=somebody_else(1))
    await hand_over("hers")
    await erased("hers")
    assert await count(leads, contacts, conversations, tracker_events, addresses, outbox) == 6
    assert await messages(kept)


async def test_every_lead_of_the_conversation_goes(database: str) -> None:
    await hand_over("hers", form="1")
    await hand_over("hers", form="2")
    assert (await erased("hers")).counts["leads"] == 2
    assert await count(*PERSONAL) == 0


async def test_the_receipt_says_when_how_much_and_on_whose_word(database: str) -> None:
    await hand_over("hers")
    gone = await erased("hers", "staff:Ada")
    (row,) = await inside(lambda session: session.execute(select(erasures)).all())
    assert (row.receipt, row.at, row.asked_by) == (gone.receipt, LATER, "staff:Ada")
    assert json.loads(row.counts) == gone.counts
    assert not any(secret in str(row) for secret in SECRETS)
    assert gone.receipt.startswith("E-")


async def test_the_audit_keeps_its_chain_and_loses_what_it_said_of_the_person(database: str) -> None:
    reference = await hand_over("hers")
    await hand_over("his", contact=somebody_else(1))
    gone = await erased("hers", "operator")
    rows = await inside(lambda session: session.execute(select(audit_rows).order_by(audit_rows.c.sequence)).all())
    mine = [row for row in rows if row.subject == reference]
    assert mine
    assert all(row.before is None and row.after is None for row in mine)
    assert [row.after for row in rows if row.act == "lead.submitted"].count(None) == 1
    assert (rows[-1].actor, rows[-1].act, rows[-1].subject) == ("operator", "record.erased", gone.receipt)
    assert (await inside(audit.verify)).broken is None


async def test_whoever_asks_twice_hears_that_nothing_was_left(database: str) -> None:
    await hand_over("hers")
    first, second = await erased("hers"), await erased("hers")
    assert second.counts == {}
    assert second.receipt != first.receipt
    assert await count(erasures) == 2


async def test_two_who_erase_the_same_at_once_erase_it_once(database: str) -> None:
    await talk("hers")
    await hand_over("hers")
    both = await asyncio.gather(erased("hers"), erased("hers", "operator"))
    assert sorted(one.counts.get("leads", 0) for one in both) == [0, 1]
    assert sorted(one.counts.get("events", 0) for one in both) == [0, 1]
    assert (await inside(audit.verify)).broken is None


async def test_in_a_turn_of_the_chat_the_transcript_is_left_to_the_turn(database: str) -> None:
    await talk("hers")
    await hand_over("hers")
    gone = await erased("hers", keep_transcript=True)
    assert await count(leads, contacts, consents, outbox) == 0
    assert await count(conversations, tracker_events, addresses) == 3
    assert "events" not in gone.counts


async def test_a_lead_is_erased_with_its_conversation(database: str) -> None:
    await talk("hers")
    reference = await hand_over("hers")
    gone = await inside(lambda session: erase_lead(session, reference, "operator", LATER))
    assert gone.counts["events"] == gone.counts["leads"] == 1
    assert await inside(lambda session: erase_lead(session, reference, "operator", LATER)) is None


async def test_what_is_left_of_a_first_message_counts_as_kept(database: str) -> None:
    await talk("talked")
    await hand_over("handed over", contact=somebody_else(1))
    kept = ["talked", "handed over", "never seen"]
    assert await inside(lambda session: [is_kept(session, name) for name in kept]) == [True, True, False]


async def test_a_target_that_never_heard_of_the_lead_is_told_nothing(database: str) -> None:
    reference = await hand_over("hers")
    await erased("hers")
    assert await messages(reference) == []


@pytest.mark.parametrize(
    "state",
    [
        {"attempts": 1, "delivered_at": NOON, "payload": ""},
        {"attempts": 3, "last_error": "HTTP 500"},
        {"attempts": 10, "dead_at": NOON, "last_error": "HTTP 500"},
        {"attempts": 0, "last_error": "HTTP 500"},
    ],
    ids=["delivered", "tried", "given up", "to be replayed"],
)
async def test_a_target_that_may_have_a_copy_is_told_the_reference_and_no_more(database: str, state: dict) -> None:
    reference = await hand_over("hers")
    await tried(reference, **state)
    gone = await erased("hers")
    ((event, target, payload),) = await messages(reference)
    assert (event, target) == (EVENT, "file")
    assert json.loads(payload) == {"type": EVENT, "timestamp": "2026-07-01T13:00:00Z", "data": {"reference": reference}}
    assert gone.counts["targets told"] == 1


async def test_what_is_being_sent_arrives_before_word_of_the_erasure(database: str) -> None:
    reference = await hand_over("hers")
    busy = LATER + timedelta(seconds=20)
    await tried(reference, attempts=1, locked_by="worker", locked_until=busy)
    await erased("hers")
    times = await inside(lambda session: session.execute(select(outbox.c.available_at)).scalars().all())
    assert times == [busy]


async def test_an_old_lead_s_targets_are_told_although_their_rows_are_gone(database: str) -> None:
    reference = await hand_over("hers", LATER - timedelta(days=31))
    await inside(lambda session: session.execute(outbox.delete()))
    await erased("hers")
    assert [target for _, target, _ in await messages(reference)] == [
        target.name for target in read_targets(settings())
    ]


async def test_targets_that_cannot_be_used_keep_nobody(configure: Configure, database: str) -> None:
    await hand_over("hers", LATER - timedelta(days=31))
    configure(webhooks="https://clinic.example no-secret")
    await erased("hers")
    assert await count(leads, contacts, consents) == 0


async def test_a_failure_half_way_erases_nothing(database: str) -> None:
    await talk("hers")
    await hand_over("hers")
    before = await count(*PERSONAL)

    def cut_short(session):
        erase(session, "hers", "visitor", LATER)
        raise OSError("the power went")

    with pytest.raises(DatabaseUnavailable):
        await inside(cut_short)
    assert await count(*PERSONAL) == before
    assert await count(erasures) == 0


async def test_a_receipt_that_is_taken_is_given_to_nobody_else(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["E-AAAAAA", "E-AAAAAA", "E-CCCCCC"])
    monkeypatch.setattr("bot.leads.erasure.new_reference", lambda kind: next(names))
    assert (await erased("hers")).receipt == "E-AAAAAA"
    assert (await erased("his")).receipt == "E-CCCCCC"
