"""A token is this server's word, for a time; its address is replaced, and a second tab can follow."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import SessionRefused
from bot.settings import settings
from bot.storage.database import open_database
from bot.transcripts import addresses, sessions
from bot.transcripts.inbox import WEB
from bot.transcripts.tables import addresses as rows
from tests.conftest import Configure

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
LATER = sessions.ROTATED_AFTER + timedelta(minutes=1)


async def inside(work):
    return await open_database(settings().database, 5).run(work)


async def test_a_token_stands_for_its_address_until_its_life_is_over(configure: Configure) -> None:
    address = sessions.new_address()
    token = sessions.sign(address, NOON, HOUR)
    assert token.seconds == 3600
    assert sessions.verify(token.text, NOON + HOUR - timedelta(seconds=1)) == address
    with pytest.raises(SessionRefused, match="over"):
        sessions.verify(token.text, NOON + HOUR)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: "1",
        lambda token: token[:-1],
        lambda token: f"{token}0",
        lambda token: token.replace("1.", "2.", 1),
        lambda token: token.replace(".", ":"),
        lambda token: f"{token[:5]}y{token[6:]}",
        lambda token: ".".join([*token.split(".")[:2], "99999999999", token.split(".")[3]]),
        lambda token: ".".join([*token.split(".")[:2], "9" * 40, token.split(".")[3]]),
        lambda token: ".".join([*token.split(".")[:2], "٣", token.split(".")[3]]),
        lambda token: ".".join([*token.split(".")[:3], "\ud800"]),
        lambda token: f"1.\ud800.{token.split('.', 2)[2]}",
        lambda token: f"1.é.{token.split('.', 2)[2]}",
        lambda token: "." * 100,
    ],
)
async def test_a_token_that_this_server_did_not_sign_is_refused(configure: Configure, forge) -> None:
    token = sessions.sign("x" * 22, NOON, HOUR).text
    with pytest.raises(SessionRefused):
        sessions.verify(forge(token), NOON)


async def test_another_server_s_token_is_refused(configure: Configure, tmp_path) -> None:
    token = sessions.sign(sessions.new_address(), NOON, HOUR).text
    configure(state_dir=tmp_path / "another")
    with pytest.raises(SessionRefused):
        sessions.verify(token, NOON)


async def test_no_two_sessions_have_the_same_address() -> None:
    made = {sessions.new_address() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(address) for address in made} == {22}


async def test_nothing_is_stored_of_a_session_in_which_nothing_was_said(database: str) -> None:
    address = sessions.new_address()
    assert await inside(lambda session: sessions.renew(session, address, NOON)) == address
    assert await inside(lambda session: sessions.known(session, address)) is None
    assert await inside(lambda session: session.execute(select(rows)).all()) == []


def begin(session: Session) -> tuple[str, str]:
    """A session in which something was said: its address and its conversation."""
    address = sessions.new_address()
    return address, addresses.find_or_make(session, WEB, address, NOON)


async def test_a_young_address_stays_and_an_old_one_is_replaced(database: str) -> None:
    first, conversation = await inside(begin)
    soon = NOON + timedelta(minutes=5)
    assert await inside(lambda session: sessions.renew(session, first, soon)) == first
    second = await inside(lambda session: sessions.renew(session, first, NOON + LATER))
    assert second != first
    assert await inside(lambda session: sessions.known(session, second)) == conversation


async def test_a_second_tab_with_the_older_address_follows(database: str) -> None:
    first, conversation = await inside(begin)
    second = await inside(lambda session: sessions.renew(session, first, NOON + LATER))
    assert await inside(lambda session: sessions.renew(session, first, NOON + LATER)) == second
    assert await inside(lambda session: sessions.known(session, first)) == conversation


async def test_an_address_that_was_replaced_twice_is_unknown(database: str) -> None:
    first, conversation = await inside(begin)
    second = await inside(lambda session: sessions.renew(session, first, NOON + LATER))
    third = await inside(lambda session: sessions.renew(session, second, NOON + 2 * LATER))
    found = [await inside(lambda session, of=each: sessions.known(session, of)) for each in (first, second, third)]
    assert found == [None, conversation, conversation]


async def test_addresses_are_not_readable_in_the_database(database: str) -> None:
    first, _ = await inside(begin)
    stored = str(await inside(lambda session: session.connection().exec_driver_sql("SELECT * FROM addresses").all()))
    assert first not in stored
