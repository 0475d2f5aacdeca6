"""The second factor: set up, asked for, required, lost."""

import asyncio
import re
from datetime import timedelta

import pyotp
import pytest
from console import PASSWORD, Browser, Console, Page
from sqlalchemy import Text, select, type_coerce

from bot.leads import audit
from bot.staff import accounts, factor
from bot.staff.tables import staff
from tests.conftest import Configure

SETUP = "/account/second-factor"


def secret_on(page: Page) -> str:
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page.html)[1].replace(" ", "")


async def set_up(console: Console, browser: Browser) -> pyotp.TOTP:
    """Set the second factor up by the form; returns the app on the phone."""
    app = pyotp.TOTP(secret_on(await browser.get(SETUP)))
    assert (await browser.post(SETUP, code=app.at(console.clock()))).path == "/account"
    console.clock.passes(seconds=30)
    return app


async def protected(console: Console, name: str = "dana") -> pyotp.TOTP:
    """An account with a second factor, signed in nowhere."""
    browser = await console.signed_in(name=name)
    app = await set_up(console, browser)
    await browser.post("/sign-out")
    return app


async def test_a_code_is_asked_for_after_the_password(console: Console) -> None:
    app = await protected(console)
    browser = await console.browser()
    page = await browser.get("/sign-in?next=/account")
    page = await browser.post("/sign-in", name="dana", password=PASSWORD, next="/account")
    assert page.path == "/sign-in/code?next=/account"
    assert (await browser.get("/account")).path.startswith("/sign-in"), "the password alone opens nothing"
    await browser.get("/sign-in/code?next=/account")
    code = app.at(console.clock())
    page = await browser.post("/sign-in/code", code=f" {code[:3]} {code[3:]} ", next="/account")
    assert page.path == "/account"
    acts = await console.run(lambda session: audit.trail(session, "dana"))
    assert [entry.act for entry in acts] == [
        "staff.signed_in", "staff.factor_set", "staff.signed_in", "staff.signed_in"
    ]  # fmt: skip
    assert acts[-1].after == {"second_factor": True}


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 200), (0, 200), (1, 200), (2, 403)])
async def test_clocks_may_differ_by_one_step(console: Console, steps: int, status: int) -> None:
    app = await protected(console)
    console.clock.passes(minutes=5)
    browser = await console.browser()
    await browser.signs_in("dana")
    page = await browser.post(
        "/sign-in/code", code=app.at(console.clock() + timedelta(seconds=30 * steps)), next="/account"
    )
    assert page.status == status


async def test_a_code_works_once_even_for_two_at_once(console: Console) -> None:
    app = await protected(console)
    browsers = [await console.browser() for _ in range(3)]
    for browser in browsers:
        await browser.signs_in("dana")
    code = app.at(console.clock())
    pages = await asyncio.gather(
        *(browser.post("/sign-in/code", code=code, next="/account") for browser in browsers[:2])
    )
    assert sorted(page.status for page in pages) == [200, 403]
    assert (await browsers[2].post("/sign-in/code", code=code, next="/account")).status == 403


async def test_the_code_that_set_it_up_does_not_work_again(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    app = pyotp.TOTP(secret_on(await browser.get(SETUP)))
    code = app.at(console.clock())
    await browser.post(SETUP, code=code)
    other = await console.browser()
    await other.signs_in("dana")
    assert (await other.post("/sign-in/code", code=code)).status == 403


async def test_codes_cannot_be_guessed_by_typing_the_password_again(console: Console) -> None:
    await protected(console)
    browser = await console.browser()
    statuses = []
    for _ in range(6):
        await browser.signs_in("dana")
        statuses.append((await browser.post("/sign-in/code", code="000000")).status)
    assert statuses == [403] * 5 + [429]


async def test_a_password_waits_for_its_code_for_some_minutes(console: Console) -> None:
    app = await protected(console)
    browser = await console.browser()
    await browser.signs_in("dana")
    console.clock.passes(minutes=6)
    page = await browser.post("/sign-in/code", code=app.at(console.clock()))
    assert page.path.startswith("/sign-in")
    assert "That took too long" in page.text


async def test_nobody_gets_to_the_code_without_a_password(console: Console) -> None:
    browser = await console.browser()
    assert (await browser.get("/sign-in/code?next=/staff")).path == "/sign-in?next=/staff"
    assert (await browser.post("/sign-in/code", code="000000")).path.startswith("/sign-in?")


async def test_setting_it_up_signs_the_others_out(console: Console) -> None:
    browser, other = await console.signed_in(name="dana"), await console.browser()
    await other.signs_in("dana")
    await set_up(console, browser)
    assert (await browser.get("/account")).path == "/account"
    assert (await other.get("/account")).path.startswith("/sign-in")


async def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    page = await browser.get(SETUP)
    refused = await browser.post(SETUP, code="12")
    assert (refused.status, "does not fit" in refused.text) == (400, True)
    assert secret_on(refused) == secret_on(page)
    assert not (await console.run(lambda session: accounts.find(session, "dana"))).protected


async def test_the_image_holds_the_secret_and_comes_from_nowhere_else(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    page = await browser.get(SETUP)
    assert 'src="data:image/svg+xml' in page.html
    assert factor.image("A" * 32, "dana").startswith("data:image/svg+xml;charset=utf-8,%3Csvg")


async def test_the_secret_is_sealed_at_rest(console: Console) -> None:
    app = await protected(console)
    stored = await console.run(lambda session: session.execute(select(type_coerce(staff.c.totp, Text))).scalar())
    assert app.secret not in stored
    assert await console.run(lambda session: session.execute(select(staff.c.totp)).scalar()) == app.secret


async def test_removing_it_needs_the_password(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    await set_up(console, browser)
    refused = await browser.post("/account/second-factor/remove", password="not the password")
    assert refused.status == 400
    page = await browser.post("/account/second-factor/remove", password=PASSWORD)
    assert "The second factor is removed." in page.text
    other = await console.browser()
    assert (await other.signs_in("dana")).path == "/leads"


@pytest.fixture
def required(configure: Configure, database: str) -> None:
    """Everybody needs a second factor."""
    configure(staff_totp="required")


async def test_where_it_is_required_it_comes_before_everything_else(required: None, console: Console) -> None:
    browser = await console.signed_in("admin", name="dana")
    for path in ("/account", "/staff", "/", "/sign-in"):
        assert (await browser.get(path)).path == SETUP
    assert (await browser.post("/staff", name="x", role="admin")).path == SETUP
    assert await console.run(lambda session: accounts.find(session, "x")) is None
    await set_up(console, browser)
    assert (await browser.get("/staff")).path == "/staff"


async def test_an_admin_requires_it_of_one_from_the_next_page_on(console: Console) -> None:
    admin, browser = await console.signed_in("admin"), await console.signed_in(name="dana")
    await admin.get("/staff/dana")
    await admin.post("/staff/dana", act="require")
    assert (await browser.get("/account")).path == SETUP
    await admin.post("/staff/dana", act="release")
    assert (await browser.get("/account")).path == "/account"


async def test_an_admin_removes_it_for_a_phone_that_is_lost(console: Console) -> None:
    await protected(console)
    admin = await console.signed_in("admin")
    await admin.get("/staff/dana")
    await admin.post("/staff/dana", act="reset")
    assert (await (await console.browser()).signs_in("dana")).path == "/leads"
    acts = await console.run(lambda session: audit.trail(session, "dana"))
    assert ("staff:admin", "staff.factor_removed") in [(entry.actor, entry.act) for entry in acts]
