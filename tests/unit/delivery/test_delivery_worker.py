"""The worker delivers what is due, tries again what failed, gives up after ten tries, and says so to the others."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import DatabaseUnavailable
from bot.leads import outbox
from bot.leads.delivery import worker as worker_module
from bot.leads.delivery.disabled import disabled, enable
from bot.storage.database import Database
from tests.conftest import Configure
from tests.unit.delivery.office import Office, Pretender, refusal, work_off
from tests.unit.delivery.receiver import SECRET


@pytest.fixture
def two_targets(office: Office, configure: Configure) -> tuple[Office, str]:
    office.settings = configure(webhooks=f"https://clinic.example/leads {SECRET}")
    office.tell()
    return office, next(row.target for row in office.rows() if row.target != "file")


async def test_what_is_due_is_delivered_once(office: Office) -> None:
    office.tell_many(10)
    sender = Pretender("file", at_once=3)
    worker = office.worker([sender])
    for _ in range(4):
        await work_off(worker)
    assert len(sender.sent) == len(set(sender.sent)) == 10
    assert all(row.delivered_at == office.now and row.locked_by is None for row in office.rows())


async def test_a_failure_is_tried_again_on_schedule_under_the_same_id(office: Office) -> None:
    office.tell()
    sender = Pretender("file")
    sender.failures = [refusal(), refusal()]
    worker = office.worker([sender])
    for seconds, tries in ((0, 1), (4, 1), (1, 2), (299, 2), (1, 3)):
        office.later(seconds=seconds)
        await work_off(worker)
        assert len(sender.tried) == tries
    assert len(set(sender.tried)) == 1
    assert office.row().delivered_at == office.now


async def test_after_ten_tries_over_76_hours_it_is_a_dead_letter(
    two_targets: tuple[Office, str], caplog: pytest.LogCaptureFixture
) -> None:
    office, hook = two_targets
    sender, file = Pretender(hook), Pretender("file")
    sender.always = refusal("HTTP 500")
    worker, begun = office.worker([sender, file]), office.now
    while not any(row.dead_at for row in office.rows()):
        await work_off(worker)
        waiting = [row.available_at for row in office.rows() if row.target == hook and not row.dead_at]
        office.now = max(waiting, default=office.now)
    assert len(sender.tried) == 10
    assert timedelta(hours=75) < office.now - begun < timedelta(hours=76)
    (letter,) = office.do(lambda session: outbox.dead_letters(session, 9))
    assert (letter.target, letter.attempts, letter.last_error) == (hook, 10, "HTTP 500")
    assert "dead, HTTP 500" in caplog.text


async def give_up(office: Office, *targets: str) -> None:
    """Let the tenth try of what waits for `targets` fail."""
    senders = [Pretender(target) for target in targets]
    for sender in senders:
        sender.always = refusal("HTTP 500")
    worker = office.worker(senders)
    for _ in range(10):
        await work_off(worker)
        office.later(hours=27)


async def test_a_dead_letter_is_told_to_the_other_targets_without_a_person(two_targets: tuple[Office, str]) -> None:
    office, hook = two_targets
    await give_up(office, hook)
    (alert,) = [row for row in office.rows() if row.event == "delivery.failed"]
    assert alert.target == "file"
    data = json.loads(alert.payload)["data"]
    assert data == {"reference": "S-7K2M9Q", "target": hook, "event": "lead.submitted", "error": "HTTP 500"}


async def test_an_alert_that_dies_raises_no_alert(two_targets: tuple[Office, str]) -> None:
    office, hook = two_targets
    await give_up(office, hook)
    await give_up(office, "file")
    alerts = [row for row in office.rows() if row.event == "delivery.failed"]
    assert sorted(row.target for row in alerts) == ["file", hook]  # each about the other's lead
    assert {json.loads(row.payload)["data"]["event"] for row in alerts} == {"lead.submitted"}


async def test_a_replayed_dead_letter_is_delivered_under_its_id(office: Office) -> None:
    office.tell()
    await give_up(office, "file")
    assert office.do(lambda session: outbox.replay(session, None, office.now)) == 1
    sender = Pretender("file")
    await work_off(office.worker([sender]))
    assert sender.sent == [office.row().id]


async def test_a_target_that_is_gone_gets_nothing_more_until_it_is_enabled(two_targets: tuple[Office, str]) -> None:
    office, hook = two_targets
    office.tell()
    sender = Pretender(hook)
    sender.always = refusal("HTTP 410", gone=True)
    worker = office.worker([sender])
    await work_off(worker)
    office.later(days=2)
    await work_off(worker)
    assert len(sender.tried) == 2
    assert list(office.do(disabled)) == [hook]
    alerts = [row for row in office.rows() if row.event == "delivery.failed"]
    assert [row.target for row in alerts] == ["file"]
    assert office.do(lambda session: enable(session, hook))
    sender.always = None
    await work_off(worker)
    assert len(sender.sent) == 2


async def test_a_target_that_asks_for_patience_is_left_alone(office: Office) -> None:
    office.tell()
    sender = Pretender("file")
    sender.failures = [refusal("HTTP 429", wish=timedelta(seconds=120))]
    worker = office.worker([sender])
    await work_off(worker)
    office.tell()
    for seconds, tries in ((119, 1), (2, 3)):
        office.later(seconds=seconds)
        await work_off(worker)
        assert len(sender.tried) == tries


async def test_a_target_that_hangs_holds_up_no_other(two_targets: tuple[Office, str]) -> None:
    office, hook = two_targets
    office.tell_many(20)
    hanging, file = Pretender(hook), Pretender("file", at_once=2)
    hanging.gate.clear()
    worker = office.worker([hanging, file])
    for _ in range(25):
        await worker.round()
        await asyncio.sleep(0)
    assert len(file.sent) == 21
    assert len(hanging.tried) == hanging.at_once
    hanging.gate.set()
    await worker.idle()


async def test_a_send_is_not_begun_where_it_could_outlast_its_lease(office: Office) -> None:
    office.tell()
    sender = Pretender("file")
    worker = office.worker([sender], seconds=61)
    await work_off(worker)
    assert sender.tried == []
    assert office.row().attempts == 0 or office.row().locked_by


async def test_one_message_that_cannot_be_sent_at_all_stops_no_other(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.tell_many(3)
    sender = Pretender("file")
    sender.failures = [KeyError("Sam Quillfeather")]
    await work_off(office.worker([sender]))
    assert len(sender.sent) == 2
    assert "KeyError" in caplog.text
    assert "Quillfeather" not in caplog.text


async def test_a_database_that_is_gone_is_waited_for_and_nothing_is_sent_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office.tell()
    sender = Pretender("file")
    worker = office.worker([sender])
    await worker.round()
    await worker.idle()
    with monkeypatch.context() as broken:

        async def refuse(*_: object, **__: object) -> None:
            raise DatabaseUnavailable("the database is gone")

        broken.setattr(Database, "run", refuse)
        for _ in range(3):
            await worker.round()
    assert caplog.text.count("the database is gone") == 1
    office.later(seconds=90)
    await worker.round()
    await work_off(office.worker([sender]))
    assert len(sender.sent) == 1
    assert office.row().delivered_at == office.now


async def test_a_worker_that_is_killed_is_taken_over_after_its_lease(office: Office) -> None:
    office.tell_many(4)
    killed = Pretender("file")
    killed.gate.clear()
    dead = office.worker([killed])
    await dead.round()
    heir = Pretender("file")
    worker = office.worker([heir])
    await work_off(worker)
    assert heir.tried == []
    office.later(seconds=61)
    await work_off(worker)
    assert sorted(heir.sent) == sorted(killed.tried)
    assert len(heir.sent) == 4
    killed.gate.set()
    await dead.idle()


async def test_told_to_stop_it_finishes_what_it_sends_and_claims_no_more(office: Office) -> None:
    office.tell_many(8)
    sender = Pretender("file")
    sender.gate.clear()
    worker = office.worker([sender])
    running = asyncio.create_task(worker.run())
    while len(sender.tried) < 4:
        await asyncio.sleep(0.01)
    worker.stop()
    await asyncio.sleep(0.01)
    assert not running.done()
    sender.gate.set()
    await asyncio.wait_for(running, 5)
    assert len(sender.sent) == 4
    assert not [row for row in office.rows() if row.locked_by]


async def test_what_does_not_finish_in_time_is_given_back_for_the_next_worker(
    office: Office, configure: Configure
) -> None:
    office.settings = configure(stop_seconds=0.05)
    office.tell()
    sender = Pretender("file")
    sender.gate.clear()
    worker = office.worker([sender])
    running = asyncio.create_task(worker.run())
    while not sender.tried:
        await asyncio.sleep(0.01)
    worker.stop()
    await asyncio.wait_for(running, 5)
    row = office.row()
    assert (row.locked_by, row.last_error, row.available_at) == (None, worker_module.STOPPED, office.now)


async def test_a_worker_with_nothing_to_do_writes_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot.leads")
    office.database.seconds = 0.2
    with office.database.engine.connect() as other:
        other.execute(text("SELECT 1"))  # on SQLite, a write would wait for this transaction
        await office.worker([Pretender("file")]).round()
    assert caplog.text == ""
