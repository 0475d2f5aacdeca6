"""Workers share the outbox: each message is held by one of them, and settled by that one alone."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from bot.leads import outbox
from bot.leads.delivery.disabled import disable, enable
from bot.leads.outbox import Claimed, Settlement
from tests.conftest import Configure
from tests.unit.delivery.office import Office

LEASE = timedelta(seconds=60)


def claim(office: Office, worker: str = "ann", most: int = 10) -> list[Claimed]:
    return office.do(lambda session: outbox.claim(session, worker, office.now, LEASE, most, ["file"]))


def settle(office: Office, row: Claimed, state: str, worker: str = "ann", error: str | None = None) -> int:
    settlement = Settlement(row, state, office.now, error)  # type: ignore[arg-type]
    return len(office.do(lambda session: outbox.settle(session, worker, [settlement], office.now)))


def test_what_one_worker_holds_no_other_gets(office: Office) -> None:
    office.tell_many(3)
    assert len(claim(office, "ann", 2)) == 2
    assert len(claim(office, "bob")) == 1
    assert claim(office, "cid") == []


def test_after_the_lease_another_worker_takes_over_under_the_same_id(office: Office) -> None:
    office.tell()
    (lost,) = claim(office, "ann")
    office.later(seconds=61)
    (taken,) = claim(office, "bob")
    assert (taken.id, taken.attempts) == (lost.id, 2)
    assert settle(office, lost, "delivered", "ann") == 0
    assert office.row().delivered_at is None
    assert settle(office, taken, "delivered", "bob") == 1


def test_a_worker_that_comes_late_does_not_settle_its_own_second_claim(office: Office) -> None:
    office.tell()
    (first,) = claim(office)
    office.later(seconds=61)
    (second,) = claim(office)
    assert settle(office, first, "unsent") == 0
    assert settle(office, second, "delivered") == 1
    assert settle(office, second, "delivered") == 0


def test_a_delivered_message_keeps_nothing_of_what_it_said(office: Office) -> None:
    office.tell()
    (row,) = claim(office)
    settle(office, row, "delivered")
    stored = office.row()
    assert (stored.payload, stored.delivered_at, stored.locked_by) == ("", office.now, None)
    office.later(days=1)
    assert claim(office) == []


def test_a_message_given_back_unsent_counts_no_attempt(office: Office) -> None:
    office.tell()
    (row,) = claim(office)
    settle(office, row, "unsent")
    assert office.row().attempts == 0
    assert len(claim(office, "bob")) == 1


def test_a_disabled_target_gets_nothing_until_it_is_enabled(office: Office) -> None:
    office.tell()
    assert office.do(lambda session: disable(session, "file", "HTTP 410", office.now))
    assert not office.do(lambda session: disable(session, "file", "HTTP 410", office.now))
    assert claim(office) == []
    assert not office.do(lambda session: outbox.due(session, ["file"], office.now))
    assert office.do(lambda session: outbox.lag(session, office.now)).waiting == 0
    assert office.do(lambda session: enable(session, "file"))
    assert not office.do(lambda session: enable(session, "file"))
    assert len(claim(office)) == 1


def test_dead_letters_are_listed_and_replayed_from_the_first_try_on(office: Office) -> None:
    office.tell_many(2)
    for row in claim(office):
        settle(office, row, "dead", error="HTTP 500")
    assert claim(office) == []
    letters = office.do(lambda session: outbox.dead_letters(session, 10))
    assert {letter.last_error for letter in letters} == {"HTTP 500"}
    assert office.do(lambda session: outbox.replay(session, [letters[0].id, "msg_unknown"], office.now)) == 1
    (again,) = claim(office, "bob")
    assert (again.id, again.attempts) == (letters[0].id, 1)
    assert office.do(lambda session: outbox.replay(session, None, office.now)) == 1


def test_the_lag_is_that_of_the_oldest_message_that_is_due(office: Office) -> None:
    assert office.do(lambda session: outbox.lag(session, office.now)) == outbox.Lag(0, timedelta(0), 0)
    office.tell_many(2)
    office.later(seconds=90)
    assert office.do(lambda session: outbox.lag(session, office.now)) == outbox.Lag(2, timedelta(seconds=90), 0)


def test_messages_for_a_target_that_is_set_no_longer_are_counted(office: Office) -> None:
    office.tell()
    assert office.do(lambda session: outbox.unclaimed(session, ["email"])) == {"file": 1}
    assert office.do(lambda session: outbox.unclaimed(session, ["file"])) == {}


def test_a_message_under_lost_keys_holds_up_no_other(office: Office, configure: Configure) -> None:
    office.tell()
    configure(keys=Fernet.generate_key().decode(), index_key=Fernet.generate_key().decode())
    office.tell()
    claimed = claim(office)
    assert sorted(row.payload is None for row in claimed) == [False, True]


def test_many_that_claim_at_the_same_instant_never_get_the_same_message(office: Office) -> None:
    office.tell_many(60)
    begin, taken = Barrier(4), list[str]()

    def work(name: str) -> None:
        begin.wait()
        for _ in range(5):
            taken.extend(row.id for row in claim(office, name, 3))

    threads = [Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60


def plans(office: Office, work: Callable[[Session], object]) -> list[str]:
    """How the database would go about each query on the outbox that `work` makes."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(office.database.engine, "before_cursor_execute", note)
    office.do(work)
    event.remove(office.database.engine, "before_cursor_execute", note)

    def explain(session: Session) -> list[str]:
        connection = session.connection()
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # which it would prefer for so few rows
        word = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
        return [str(connection.exec_driver_sql(f"{word} {query}", values).all()) for query, values in asked]

    return office.do(explain)


def test_a_claim_looks_at_what_waits_and_not_at_what_was_delivered(office: Office) -> None:
    for work in (
        lambda session: outbox.claim(session, "ann", office.now, LEASE, 10, ["file"]),
        lambda session: outbox.due(session, ["file"], office.now),
    ):
        (plan,) = plans(office, work)
        assert "outbox_waiting" in plan
        assert "SCAN outbox" not in plan
