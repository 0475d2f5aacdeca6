"""What somebody of the staff changes about their own account."""

import pytest
from console import PASSWORD, Browser, Console, Page

from bot.leads import audit
from bot.staff.sign_in.own import zones

NEW = "another good password"


async def change(browser: Browser, password: str = PASSWORD, new: str = NEW, again: str | None = None) -> Page:
    await browser.get("/account")
    return await browser.post("/account/password", password=password, new=new, again=new if again is None else again)


async def test_a_new_password_signs_out_everybody_else(console: Console) -> None:
    browser, other = await console.signed_in(name="dana"), await console.browser()
    await other.signs_in("dana")
    page = await change(browser)
    assert (page.path, "Your password is changed." in page.text) == ("/account", True)
    assert (await other.get("/account")).path.startswith("/sign-in")
    assert (await other.signs_in("dana")).status == 403
    assert (await other.signs_in("dana", NEW)).path == "/leads"
    acts = await console.run(lambda session: audit.trail(session, "dana"))
    assert ("staff:dana", "staff.password") in [(entry.actor, entry.act) for entry in acts]


@pytest.mark.parametrize(
    ("password", "new", "again", "told"),
    [
        ("not the password", NEW, NEW, "The present password is not right"),
        (PASSWORD, NEW, NEW + "x", "not the same both times"),
        (PASSWORD, "short", "short", "12 to 200 characters"),
        (PASSWORD, "a" * 20, "a" * 20, "different characters"),
    ],
)
async def test_what_is_no_new_password_changes_nothing(
    console: Console, password: str, new: str, again: str, told: str
) -> None:
    browser, other = await console.signed_in(name="dana"), await console.browser()
    page = await change(browser, password, new, again)
    assert (page.status, told.lower() in page.text.lower()) == (400, True)
    assert (await other.signs_in("dana")).path == "/leads"


async def test_nobody_guesses_the_password_of_a_browser_that_was_left_open(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    statuses = [(await change(browser, "not the password")).status for _ in range(6)]
    assert statuses == [400] * 5 + [429]


async def test_dates_are_shown_in_the_zone_that_was_chosen(console: Console) -> None:
    browser = await console.signed_in(name="dana")
    page = await browser.get("/account")
    assert "22 Nov 2026, 15:00" in page.text
    page = await browser.post("/account/zone", zone="Asia/Kolkata")
    assert "22 Nov 2026, 20:30" in page.text
    assert 'title="2026-11-22 15:00 UTC"' in page.html
    assert "22 Nov 2026, 15:00" in (await browser.post("/account/zone", zone="")).text


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "posixrules", "x" * 3000])
async def test_a_zone_that_is_none_is_refused(console: Console, zone: str) -> None:
    browser = await console.signed_in(name="dana")
    await browser.get("/account")
    assert (await browser.post("/account/zone", zone=zone)).status == 400


async def test_a_zone_cookie_that_is_nonsense_does_no_harm(console: Console) -> None:
    browser = await console.browser()
    for zone in ("Mars/Olympus", "/etc/passwd", "..", "%00", ""):
        assert (await browser.get("/sign-in", headers={"Cookie": f"zone={zone}"})).status == 200


def test_there_are_zones_to_choose_from() -> None:
    assert {"UTC", "America/New_York", "Europe/Berlin"} <= set(zones())


async def test_the_page_tells_this_browser_from_the_others(console: Console) -> None:
    browser, other = await console.signed_in(name="dana"), await console.browser()
    console.clock.passes(minutes=2)
    await other.signs_in("dana")
    page = await browser.get("/account")
    assert (page.text.count("this browser"), page.text.count("another browser")) == (1, 1)
