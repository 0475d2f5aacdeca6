"""Staff sign in, stay signed in for as long as they may, and leave nothing behind that would let others in."""

import asyncio

import pytest
from argon2 import PasswordHasher
from console import PASSWORD, Console
from sqlalchemy import select

from bot.leads import audit
from bot.staff import accounts, passwords
from bot.staff.cookies import COOKIE
from bot.staff.tables import staff, staff_sessions


def cookie_of(browser: object) -> str:
    """What the browser's cookie holds, as it would be stolen."""
    return next(cookie.value for cookie in browser.client.session.cookie_jar if cookie.key == COOKIE)


async def is_in(browser: object) -> bool:
    return (await browser.get("/account")).path == "/account"


async def test_who_signs_in_gets_where_they_wanted_to(console: Console) -> None:
    await console.account("dana", "admin")
    browser = await console.browser()
    page = await browser.get("/staff?x=1")
    assert page.path == "/sign-in?next=/staff?x%3D1"
    page = await browser.post("/sign-in", name=" Dana ", password=PASSWORD, next="/staff?x=1")
    assert (page.status, page.path) == (200, "/staff?x=1")


async def test_whoever_is_signed_in_is_not_asked_again(console: Console) -> None:
    browser = await console.signed_in("admin")
    assert (await browser.get("/sign-in?next=/staff")).path == "/staff"


async def test_a_password_counts_to_the_last_space_and_however_its_accents_were_typed(console: Console) -> None:
    now = console.clock()
    await console.run(lambda session: accounts.add(session, "dana", "reviewer", " caf\u00e9 au lait ", now))
    browser = await console.browser()
    assert (await browser.signs_in("dana", "caf\u00e9 au lait")).status == 403
    await browser.signs_in("dana", " cafe\u0301 au lait ")
    assert await is_in(browser)


@pytest.mark.parametrize(
    "password", ["short", "eleven char", "a" * 40, "ababababababab", "x" * 199 + "yz", "\ud83d" * 13]
)
def test_what_is_no_password_is_refused(password: str) -> None:
    with pytest.raises(accounts.AccountRefused):
        passwords.hashed(password)


async def test_hashes_are_argon2id_as_strong_as_the_library_makes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    stored = passwords.hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not PasswordHasher().check_needs_rehash(stored)


def test_a_generated_password_is_one() -> None:
    made = {passwords.generated() for _ in range(50)}
    assert len(made) == 50
    assert passwords.fits(passwords.hashed(password := made.pop()), password)


async def test_a_session_ends_when_nobody_is_at_work(console: Console) -> None:
    browser = await console.signed_in()
    for _ in range(4):
        console.clock.passes(minutes=29)
        assert await is_in(browser)
    console.clock.passes(minutes=31)
    assert not await is_in(browser)


async def test_a_session_ends_at_the_end_of_the_day_in_any_case(console: Console) -> None:
    browser = await console.signed_in()
    for _ in range(12 * 60 // 20):
        console.clock.passes(minutes=20)
        assert await is_in(browser)
    console.clock.passes(minutes=1)
    assert not await is_in(browser)


async def test_what_a_page_fetches_by_itself_is_not_somebody_at_work(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.guard.UNSEEN", {"account"})
    browser = await console.signed_in()
    for _ in range(2):
        console.clock.passes(minutes=20)
        page = await browser.get("/account")
    assert page.path.startswith("/sign-in")


async def test_who_signs_out_is_out_with_every_copy_of_the_cookie(console: Console) -> None:
    browser = await console.signed_in()
    stolen = {"Cookie": f"{COOKIE}={cookie_of(browser)}"}
    other = await console.browser()
    assert (await other.get("/account", headers=stolen)).path == "/account"
    await browser.get("/account")
    assert "You are signed out." in (await browser.post("/sign-out")).text
    assert not await is_in(browser)
    assert (await (await console.browser()).get("/account", headers=stolen)).path.startswith("/sign-in")


async def test_who_signs_out_everywhere_is_out_everywhere(console: Console) -> None:
    here = await console.signed_in(name="dana")
    there, somebody = await console.browser(), await console.signed_in(name="j.ortiz")
    await there.signs_in("dana")
    await here.get("/account")
    await here.post("/sign-out/everywhere")
    assert [await is_in(browser) for browser in (here, there, somebody)] == [False, False, True]


async def test_a_disabled_account_is_out_at_once_and_looks_like_none(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    await console.run(lambda session: accounts.change(session, "dana", disabled_at=console.clock()))
    assert not await is_in(browser)
    refused = await browser.signs_in("dana")
    assert (refused.status, "do not fit together" in refused.text) == (403, True)


async def test_signing_in_changes_the_session_and_the_token(console: Console) -> None:
    """Whoever put their own cookie into somebody's browser gets nothing by it (session fixation)."""
    await console.account("dana")
    browser = await console.browser()
    await browser.get("/sign-in")
    planted, token = cookie_of(browser), browser.token
    await browser.signs_in("dana")
    await browser.get("/account")
    assert cookie_of(browser) != planted
    assert browser.token != token
    thief = await console.browser()
    assert (await thief.get("/account", headers={"Cookie": f"{COOKIE}={planted}"})).path.startswith("/sign-in")


async def test_signing_in_again_ends_the_session_before(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    stolen = {"Cookie": f"{COOKIE}={cookie_of(browser)}"}
    page = await browser.get("/account")
    await console.account("j.ortiz")
    page = await browser.post("/sign-in", name="j.ortiz", password=PASSWORD)
    page = await browser.get("/account")
    assert "j.ortiz" in page.text
    assert (await (await console.browser()).get("/account", headers=stolen)).path.startswith("/sign-in")


async def test_nobody_can_be_signed_in_as_somebody_else_from_another_site(console: Console) -> None:
    """A form of another site has no token of this browser's (login CSRF)."""
    await console.account("attacker")
    browser = await console.browser()
    refused = await browser.post("/sign-in", name="attacker", password=PASSWORD)
    assert refused.status == 403
    assert not await is_in(browser)


async def test_an_old_hash_is_renewed_when_its_password_is_known(console: Console) -> None:
    await console.account("dana")
    old = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1).hash(PASSWORD)
    await console.run(lambda session: accounts.change(session, "dana", password=old))
    browser = await console.browser()
    await browser.signs_in("dana")
    new = await console.run(lambda session: accounts.password_of(session, "dana"))
    assert new != old
    assert not passwords.is_outdated(new)
    assert passwords.fits(new, PASSWORD)


async def test_the_database_lets_nobody_in(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    rows = await console.run(lambda session: session.execute(select(staff_sessions)).mappings().all())
    stored = await console.run(lambda session: session.execute(select(staff.c.password)).scalar())
    assert [len(row["digest"]) for row in rows] == [64]
    assert rows[0]["digest"] not in cookie_of(browser)
    assert stored.startswith("$argon2id$")


async def test_what_is_over_is_swept_out(console: Console) -> None:
    await console.signed_in(name="dana")
    console.clock.passes(hours=13)
    await (await console.browser()).signs_in("dana")
    rows = await console.run(lambda session: session.execute(select(staff_sessions.c.began_at)).scalars().all())
    assert rows == [console.clock()]


async def test_the_audit_knows_who_signed_in(console: Console) -> None:
    await console.signed_in(name="dana")
    acts = await console.run(lambda session: audit.trail(session, "dana"))
    assert [(entry.actor, entry.act, entry.after) for entry in acts] == [
        ("staff:dana", "staff.signed_in", {"second_factor": False})
    ]


async def test_a_cookie_that_is_not_ours_is_none(console: Console) -> None:
    for cookie in ("x", "gAAAAA", "\udcff\udcfe", "é" * 20, '"', "{}"):
        browser = await console.browser()
        raw = f"{COOKIE}={cookie}".encode("utf-8", "surrogateescape").decode("latin-1")
        assert (await browser.get("/account", headers={"Cookie": raw})).path.startswith("/sign-in")


async def test_many_sign_in_at_once(console: Console) -> None:
    names = [f"person{number}" for number in range(5)]
    browsers = [await console.browser() for name in names if await console.account(name) is None]
    await asyncio.gather(*(browser.signs_in(name) for browser, name in zip(browsers, names, strict=True)))
    assert all([await is_in(browser) for browser in browsers])


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("{here}/leads?view=all", "/leads?view=all"),
        ("{here}/leads/search", "/leads"),
        ("https://elsewhere.example/leads", "/"),
        ("{here}//elsewhere.example/x", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
async def test_who_was_signed_out_while_a_form_was_sent_is_told_and_led_back(
    console: Console, form: str, wanted: str
) -> None:
    browser = await console.signed_in("reviewer", "dana")
    console.clock.passes(hours=13)
    where = {"Referer": form.format(here=str(console.server.make_url("")).rstrip("/"))}
    page = await browser._page(browser.client.post("/leads/assign", data={"csrf": browser.token}, headers=where))
    assert "You were signed out. Nothing was changed; sign in, then send it again." in page.text
    assert f'name="next" value="{wanted}"' in page.html


async def test_who_signs_out_too_late_is_told_nothing_was_lost(console: Console) -> None:
    browser = await console.signed_in("reviewer", "dana")
    console.clock.passes(hours=13)
    page = await browser.post("/sign-out")
    assert (page.path, "Nothing was changed" in page.text) == ("/sign-in", False)
