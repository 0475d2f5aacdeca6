"""The suite's parts on leads: the verdict of the crash test, its receiver, and the two sections."""

import json
import sys
from datetime import datetime, timezone
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from bench.crash.child import SECRET
from bench.crash.facts import Verdict, judge
from bench.crash.log import Log
from bench.crash.receiver import MOST_FAILURES, Receiver
from bench.crash.run import Figures, as_table
from bench.crash.series import at_random
from bench.crash.stage import Stage
from bench.leads import Job, delivery, submit
from bench.processes import Process, await_port, environment, free_port
from bot.leads.tables import leads, outbox
from bot.settings import PROJECT, settings
from bot.storage.database import Database

NOTHING: tuple[str, ...] = ()
FINE = {
    "leads": [["S-1", "ann"]],
    "contacts": {"S-1": 1},
    "consents": {"S-1": 4},
    "audited": {"S-1": 1},
    "messages": [["msg_1", "S-1", "lead.submitted", True]],
    "broken": None,
}
SAID = [["ann", "S-1"]]
KEPT = {"msg_1": ("S-1", "lead.submitted")}


def verdict(found: Any = FINE, said: Any = SAID, kept: Any = KEPT, **how: Any) -> dict[str, tuple[str, ...]]:
    """The kinds of wrong that there are."""
    judged = judge(found, ["ann"], said, kept, **how)
    return {kind: sentences for kind, sentences in vars(judged).items() if sentences}


def test_what_went_well_is_not_blamed() -> None:
    assert judge(FINE, ["ann"], SAID, KEPT) == Verdict(*[NOTHING] * 6)
    assert verdict(said=[*SAID, *SAID]) == {}, "the same may be said twice"


def test_a_lead_that_is_nowhere_or_never_arrives_is_lost() -> None:
    assert verdict(said=[]) == {"lost": ("ann was never told that it was sent",)}
    assert verdict(kept={}) == {"lost": ("ann: S-1 never arrived",)}
    waiting = {**FINE, "messages": [["msg_1", "S-1", "lead.submitted", False]]}
    assert verdict(waiting) == {"lost": ("ann: lead.submitted waits",)}


def test_two_of_anything_are_doubled() -> None:
    assert "doubled" in verdict({**FINE, "leads": [["S-1", "ann"], ["S-2", "ann"]]})
    again = ["msg_2", "S-1", "lead.submitted", True]
    assert "doubled" in verdict({**FINE, "messages": [*FINE["messages"], again]})
    assert verdict(kept={**KEPT, "msg_2": KEPT["msg_1"]}) == {"doubled": ("ann: lead.submitted has several ids",)}


def test_a_reference_that_was_said_and_is_not_there_is_untrue() -> None:
    assert verdict(said=[*SAID, ["ann", "S-9"]]) == {"untrue": ("ann was told S-9, which is not its lead",)}
    assert "untrue" in verdict(kept={**KEPT, "msg_2": ("S-9", "lead.submitted")})


@pytest.mark.parametrize(
    "part", [{"contacts": {}}, {"consents": {"S-1": 3}}, {"audited": {"S-1": 2}}, {"messages": []}]
)
def test_half_a_lead_is_torn(part: dict[str, Any]) -> None:
    assert verdict({**FINE, **part})["torn"] == ("ann: S-1 is not whole",)


def test_a_broken_audit_and_a_forged_message_are_told() -> None:
    assert verdict({**FINE, "broken": 7}) == {"broken": ("the audit breaks at row 7",)}
    assert verdict(refused=["msg_1 is forged"]) == {"forged": ("msg_1 is forged",)}


def test_a_run_passes_only_where_nothing_is_wrong() -> None:
    good, bad = Figures("SQLite", {"lost": 0}, ()), Figures("PostgreSQL", {"lost": 1}, ("lost: one",))
    assert (good.passed, bad.passed) == (True, False)
    assert [cell.strip() for cell in as_table([good, bad]).splitlines()[2].strip("|").split("|")] == ["lost", "0", "1"]


def test_what_a_child_wrote_outlives_it(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    assert log.of("sent") == []
    log.write("sent", "ann", "S-1")
    log.write("failed", "bob")
    assert Log(tmp_path / "log").of("sent") == [["ann", "S-1"]]


def send(receiver: Receiver, identifier: str, body: bytes, path: str = "/moody", secret: str = SECRET) -> int | None:
    """The status of a try; None where the receiver hung up."""
    now = datetime.now(timezone.utc)
    signature = Webhook(secret).sign(identifier, now, body.decode())
    connection = HTTPConnection("127.0.0.1", receiver.server_address[1], timeout=5)
    headers = {"webhook-id": identifier, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_the_receiver_fails_at_random_and_keeps_each_message_once() -> None:
    body = json.dumps({"type": "lead.submitted", "data": {"reference": "S-1"}}).encode()
    with Receiver(seed=3) as receiver:
        tries = [send(receiver, "msg_1", body) for _ in range(MOST_FAILURES + 2)]
        assert tries[-2:] == [204, 204]
        assert receiver.kept_so_far() == ({"msg_1": ("S-1", "lead.submitted")}, [])
        assert receiver.dropped >= 1
        assert [send(receiver, f"msg_{number}", body, "/calm") for number in range(2, 12)] == [204] * 10
        send(receiver, "msg_1", body.replace(b"S-1", b"S-2"), "/calm")
        send(receiver, "msg_99", body, "/calm", "whsec_" + "QUJD" * 8)
        kept, refused = receiver.kept_so_far()
        assert len(kept) == 11
        assert len(refused) == 2
        receiver.shutdown()


def test_a_database_that_lost_something_is_found_out(database: str, tmp_path: Path) -> None:
    with Stage(database, settings().state_dir, tmp_path / "stage", seed=1) as stage:
        at_random(stage, 2, seed=1, show=lambda *_: None)
        assert stage.tally.sentences == []
        with Session(Database(database, 5).engine, future=True) as session:
            session.execute(outbox.delete())
            session.commit()
        stage.check("the outbox was emptied")
        assert len(stage.tally.wrong["torn"]) == len(stage.conversations)


def test_submits_are_measured(database: str) -> None:
    assert 0 < submit(Job("submit", database, 3)) < 1000
    with Session(Database(database, 5).engine, future=True) as session:
        assert session.execute(select(func.count()).select_from(leads)).scalar() > 3


def test_deliveries_are_measured_with_old_rows_in_the_table(database: str, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "bench.receiver", str(port)]
    with Process(command, PROJECT, environment(), tmp_path / "log.txt") as receiver:
        await_port(receiver, port)
        assert delivery(Job("delivery", database, 20, 50, f"http://127.0.0.1:{port}/leads")) > 1
    with Session(Database(database, 5).engine, future=True) as session:
        delivered = select(func.count()).where(outbox.c.delivered_at.is_not(None))
        assert session.execute(delivered).scalar() == 70
