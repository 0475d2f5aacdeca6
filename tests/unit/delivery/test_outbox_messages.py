"""What the targets are told: a message each, thin, fixed when it is written, and sealed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Text, select, type_coerce

from bot.leads.records import Contact
from bot.leads.tables import outbox
from bot.settings import settings
from tests.conftest import Configure
from tests.unit.delivery.office import LEAD, SAM, Office
from tests.unit.delivery.receiver import SECRET

THIN = {"reference", "outcome", "queue", "flagged", "status", "channel", "language", "created_at"}


@pytest.fixture
def two_targets(office: Office, configure: Configure) -> Office:
    office.settings = configure(webhooks=f"https://clinic.example/leads {SECRET}", deliver_contact="webhook")
    return office


def test_a_bare_installation_writes_one_message_for_its_file(office: Office) -> None:
    assert office.tell() == 1
    row = office.row()
    assert (row.target, row.event, row.lead_reference, row.attempts) == ("file", "lead.submitted", LEAD.reference, 0)
    assert row.id.startswith("msg_")
    assert len(row.id) == 28
    assert row.available_at == row.created_at == office.now


def test_a_message_is_thin(office: Office) -> None:
    office.tell()
    text = office.row().payload
    message = json.loads(text)
    assert (message["type"], message["timestamp"]) == ("lead.submitted", "2026-07-01T12:00:00Z")
    assert set(message["data"]) == THIN
    assert message["data"]["flagged"] is True
    for secret in ("Quillfeather", "quillfeather", "555", "late shift", "secret-conversation", "anticoagulant"):
        assert secret not in text


def test_contact_details_go_only_to_the_kinds_that_the_settings_name(two_targets: Office) -> None:
    assert two_targets.tell() == 2
    to_file, to_webhook = (json.loads(row.payload)["data"] for row in two_targets.rows())
    assert set(to_file) == THIN
    assert to_webhook["contact"]["email"] == SAM.email
    assert to_webhook["contact"]["preferred_time"] == SAM.preferred_time
    assert to_webhook["consents"] == dict(LEAD.consents)


def test_without_a_target_there_is_nothing_to_write(office: Office, configure: Configure) -> None:
    office.settings = configure(leads_file="off")
    assert office.tell() == 0
    assert office.rows() == []


def test_a_message_is_sealed_in_the_database(two_targets: Office) -> None:
    two_targets.tell()
    raw = two_targets.do(lambda session: session.execute(select(type_coerce(outbox.c.payload, Text))).scalars().all())
    assert raw
    assert not any("lead.submitted" in text for text in raw)
    for file in Path(settings().state_dir).glob("strand.db*"):
        assert b"Quillfeather" not in file.read_bytes()


def test_a_withdrawal_takes_the_details_out_of_what_still_waits(two_targets: Office) -> None:
    two_targets.tell()
    left = replace(LEAD, contact=Contact(), status="withdrawn", consents=dict.fromkeys(LEAD.consents, False))
    two_targets.later(seconds=1)
    two_targets.tell("lead.withdrawn", left)
    for row in two_targets.rows():
        assert "uillfeather" not in row.payload
        assert "5550143" not in row.payload
    waiting = [json.loads(row.payload) for row in two_targets.rows() if row.target != "file"]
    assert [message["type"] for message in waiting] == ["lead.submitted", "lead.withdrawn"]
    assert waiting[0]["data"]["consents"]["email"] is False


def test_a_partial_withdrawal_leaves_the_other_details_in_it(two_targets: Office) -> None:
    two_targets.tell()
    two_targets.tell("lead.withdrawn", replace(LEAD, contact=replace(SAM, phone=None)))
    first = next(json.loads(row.payload) for row in two_targets.rows() if "contact" in row.payload)
    assert first["data"]["contact"]["phone"] is None
    assert first["data"]["contact"]["email"] == SAM.email
