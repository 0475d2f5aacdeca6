"""Whoever guesses passwords or codes has to wait, longer each time, and learns nothing by it."""

import asyncio
from datetime import timedelta

import pytest
from console import PASSWORD, Browser, Console, Page
from sqlalchemy import select

from bot.leads import audit
from bot.staff import attempts
from bot.staff.tables import sign_in_failures
from bot.storage.sealing import sealer
from tests.conftest import Configure

WRONG = "not the password"


@pytest.fixture
def behind_a_proxy(configure: Configure, database: str) -> None:
    """The console counts the addresses that one proxy of ours tells."""
    configure(staff_proxies=1)


async def guess(browser: Browser, name: str, password: str = WRONG, address: str = "192.0.2.1") -> Page:
    data = {"csrf": browser.token, "name": name, "password": password}
    headers = {"X-Forwarded-For": address}
    async with browser.client.post("/sign-in", data=data, headers=headers) as response:
        return Page(response.status, response.url.path_qs, await response.text(), response.headers)


async def at_the_door(console: Console) -> Browser:
    browser = await console.browser()
    await browser.get("/sign-in")
    return browser


async def test_the_sixth_guess_has_to_wait(console: Console) -> None:
    await console.account("dana")
    browser = await at_the_door(console)
    assert [(await guess(browser, "dana")).status for _ in range(6)] == [403] * 5 + [429]
    held = await guess(browser, "dana", PASSWORD)
    assert (held.status, held.headers["Retry-After"]) == (429, "30")
    assert "the next try is possible in 30 seconds" in held.text
    console.clock.passes(seconds=30)
    assert (await guess(browser, "dana", PASSWORD)).path == "/leads"


async def test_each_further_failure_costs_twice_as_long_up_to_a_quarter_of_an_hour(console: Console) -> None:
    browser = await at_the_door(console)
    waits = []
    for _ in range(12):
        while (held := await guess(browser, "dana")).status == 429:
            waits.append(int(held.headers["Retry-After"]))
            console.clock.passes(seconds=waits[-1])
    assert waits == [30, 60, 120, 240, 480, 900, 900]


async def test_a_wrong_password_and_an_unknown_name_look_the_same_at_every_step(console: Console) -> None:
    await console.account("dana")
    seen = []
    for name in ("dana", "nobody"):
        browser = await at_the_door(console)
        answers = [await guess(browser, name) for _ in range(7)]
        seen.append([(page.status, page.headers.get("Retry-After"), page.text.replace(name, "")) for page in answers])
        console.clock.passes(hours=25)
    assert seen[0] == seen[1]


async def test_an_unknown_name_costs_as_much_work(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    await console.account("dana")
    worked: list[str] = []
    from bot.staff.passwords import hasher

    real = hasher().verify
    monkeypatch.setattr(
        type(hasher()),
        "verify",
        lambda self, stored, given: worked.append(stored.rsplit("$", 2)[0]) or real(stored, given),
    )
    browser = await at_the_door(console)
    await guess(browser, "dana")
    await guess(browser, "nobody")
    assert len(worked) == 2
    assert worked[0] == worked[1], "the same parameters, so the same time"


async def test_a_hundred_guesses_at_once_are_no_more_than_five(console: Console) -> None:
    await console.account("dana")
    browser = await at_the_door(console)
    answers = await asyncio.gather(*(guess(browser, "dana") for _ in range(20)))
    assert sorted(page.status for page in answers) == [403] * 5 + [429] * 15


async def test_an_account_is_guarded_from_all_addresses(behind_a_proxy: None, console: Console) -> None:
    await console.account("dana")
    browser = await at_the_door(console)
    for number in range(5):
        assert (await guess(browser, "dana", address=f"192.0.2.{number}")).status == 403
    assert (await guess(browser, "dana", PASSWORD, "198.51.100.9")).status == 429


async def test_an_address_is_held_off_from_all_accounts(behind_a_proxy: None, console: Console) -> None:
    await console.account("dana")
    browser = await at_the_door(console)
    for number in range(5):
        assert (await guess(browser, f"person{number}")).status == 403
    assert (await guess(browser, "dana", PASSWORD)).status == 429
    assert (await guess(browser, "dana", PASSWORD, "198.51.100.9")).path == "/leads"


async def test_made_up_addresses_do_not_help(console: Console) -> None:
    browser = await at_the_door(console)
    answers = [await guess(browser, f"person{number}", address=f"192.0.2.{number}") for number in range(6)]
    assert answers[-1].status == 429


async def test_own_slips_are_forgiven_and_those_of_others_are_not(console: Console) -> None:
    await console.account("dana")
    browser = await at_the_door(console)
    for name in ("x", "y", "dana", "dana"):
        await guess(browser, name)
    await guess(browser, "dana", PASSWORD)
    browser = await at_the_door(console)
    answers = [(await guess(browser, "dana")).status for _ in range(4)]
    assert answers == [403, 403, 403, 429], "two of others and three of dana's are five at this address"


async def test_a_day_without_failures_is_forgotten(console: Console) -> None:
    browser = await at_the_door(console)
    for _ in range(5):
        await guess(browser, "dana")
    console.clock.passes(days=1, seconds=1)
    assert [(await guess(browser, "other")).status for _ in range(5)] == [403] * 5
    rows = await console.run(lambda session: session.execute(select(sign_in_failures)).all())
    assert len(rows) == 2, "the account of yesterday is gone"


async def test_neither_names_nor_addresses_are_kept(console: Console) -> None:
    browser = await at_the_door(console)
    await guess(browser, "dana")
    rows = await console.run(lambda session: session.execute(select(sign_in_failures.c.key)).scalars().all())
    index = sealer().blind_index
    assert set(rows) == {index("sign-in password", "dana"), index("sign-in address", "127.0.0.1")}


async def test_the_audit_knows_that_somebody_was_held_off_but_not_what_they_typed(console: Console) -> None:
    browser = await at_the_door(console)
    for _ in range(7):
        await guess(browser, "my-password-by-mistake")
    acts = await console.run(lambda session: audit.trail(session, "sign-in"))
    assert [(entry.actor, entry.act, entry.after) for entry in acts] == [
        ("system", "staff.held_off", {"seconds": 30.0})
    ]


async def test_two_that_count_at_once_both_count(console: Console) -> None:
    now, keys = console.clock(), attempts.keys_of("password", "dana", "192.0.2.1")
    tried = await asyncio.gather(
        *(console.run(lambda session: attempts.begin(session, keys, now)) for _ in range(attempts.FREE_FAILURES))
    )
    assert sorted(each.cost for each in tried)[-1] == timedelta(seconds=30)
    assert (await console.run(lambda session: attempts.begin(session, keys, now))).wait == timedelta(seconds=30)
