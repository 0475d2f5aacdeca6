"""An administrator lets people in, changes what they may do, and lets them out; somebody always can."""

import asyncio
import re

import pytest
from console import PASSWORD, Console

from bot.errors import AccountRefused
from bot.leads import audit
from bot.staff import accounts, administration, passwords


async def roles(console: Console) -> dict[str, str]:
    everyone = await console.run(accounts.everyone)
    return {account.name: "disabled" if account.disabled_at else account.role for account in everyone}


async def test_somebody_is_added_with_a_password_that_is_shown_once(console: Console) -> None:
    admin = await console.signed_in("admin")
    await admin.get("/staff")
    page = await admin.post("/staff", name="J.Ortiz", role="clinician")
    password = re.search(r"<code>([a-z0-9-]+)</code>", page.html)[1]
    assert password not in (await admin.get("/staff/j.ortiz")).html
    browser = await console.browser()
    assert (await browser.signs_in("j.ortiz", password)).path == "/leads"
    assert (await roles(console))["j.ortiz"] == "clinician"
    acts = await console.run(lambda session: audit.trail(session, "j.ortiz"))
    assert (acts[0].actor, acts[0].act, acts[0].after) == ("staff:admin", "staff.added", {"role": "clinician"})


@pytest.mark.parametrize("name", ["admin", "", "a b", "../x", "<b>", "x" * 41, "ünal", "-x"])
async def test_a_name_that_is_taken_or_is_none_is_refused_in_words(console: Console, name: str) -> None:
    admin = await console.signed_in("admin")
    await admin.get("/staff")
    assert (await admin.post("/staff", name=name, role="admin")).status == 400
    assert list(await roles(console)) == ["admin"]


async def test_a_role_that_is_none_is_refused(console: Console) -> None:
    admin = await console.signed_in("admin")
    await admin.get("/staff")
    assert (await admin.post("/staff", name="x", role="owner")).status == 400
    assert (await admin.post("/staff/admin", act="promote")).status == 400


async def test_a_role_counts_from_the_next_page_on(console: Console) -> None:
    admin, browser = await console.signed_in("admin"), await console.signed_in(name="dana")
    assert (await browser.get("/staff")).status == 403
    await admin.get("/staff/dana")
    page = await admin.post("/staff/dana", act="role", role="admin")
    assert "dana is admin now." in page.text
    assert (await browser.get("/staff")).status == 200
    await admin.post("/staff/dana", act="role", role="reviewer")
    assert (await browser.get("/staff")).status == 403


async def test_whoever_is_shut_out_is_out_and_may_come_back(console: Console) -> None:
    admin, browser = await console.signed_in("admin"), await console.signed_in(name="dana")
    await admin.get("/staff/dana")
    assert "dana is shut out." in (await admin.post("/staff/dana", act="disable")).text
    assert (await browser.get("/account")).path.startswith("/sign-in")
    await admin.post("/staff/dana", act="enable")
    assert (await browser.get("/account")).path.startswith("/sign-in"), "the session from before stays dead"
    assert (await browser.signs_in("dana")).path == "/leads"


async def test_a_new_password_ends_the_one_before(console: Console) -> None:
    admin, browser = await console.signed_in("admin"), await console.signed_in(name="dana")
    await admin.get("/staff/dana")
    page = await admin.post("/staff/dana", act="password")
    password = re.search(r"<code>([a-z0-9-]+)</code>", page.html)[1]
    assert (await browser.signs_in("dana", PASSWORD)).status == 403
    assert (await browser.signs_in("dana", password)).path == "/leads"


async def test_somebody_is_signed_out_by_an_administrator(console: Console) -> None:
    admin, browser = await console.signed_in("admin"), await console.signed_in(name="dana")
    assert "1 browser" in (await admin.get("/staff/dana")).text
    await admin.post("/staff/dana", act="sign_out")
    assert (await browser.get("/account")).path.startswith("/sign-in")


@pytest.mark.parametrize("act", [{"act": "disable"}, {"act": "role", "role": "clinician"}])
async def test_the_last_administrator_stays(console: Console, act: dict[str, str]) -> None:
    admin = await console.signed_in("admin")
    await console.account("dana")
    await console.account("former", "admin")
    await admin.get("/staff/former")
    await admin.post("/staff/former", act="disable")
    page = await admin.post("/staff/admin", **act)
    assert (page.status, "the last administrator" in page.text) == (400, True)
    assert (await admin.get("/staff")).status == 200


async def test_two_administrators_do_not_shut_each_other_out_at_once(console: Console) -> None:
    await console.account("one", "admin")
    await console.account("other", "admin")
    now = console.clock()
    done = await asyncio.gather(
        console.run(lambda session: administration.disable(session, "one", "staff:other", now)),
        console.run(lambda session: administration.change_role(session, "other", "reviewer", "staff:one", now)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["AccountRefused", "NoneType"]


async def test_what_is_the_case_already_is_not_in_the_audit_again(console: Console) -> None:
    await console.account("dana")
    now = console.clock()
    for work in (administration.enable, administration.remove_factor):
        await console.run(lambda session, work=work: work(session, "dana", "operator", now))
    await console.run(lambda session: administration.change_role(session, "dana", "reviewer", "operator", now))
    await console.run(lambda session: administration.require_factor(session, "dana", False, "operator", now))
    assert await console.run(lambda session: audit.trail(session, "dana")) == []


async def test_nobody_is_changed_who_is_not_there(console: Console) -> None:
    admin = await console.signed_in("admin")
    assert (await admin.get("/staff/nobody")).status == 404
    assert (await admin.post("/staff/nobody", act="disable")).status == 400
    stored = passwords.nobodys()
    with pytest.raises(AccountRefused):
        await console.run(
            lambda session: administration.set_password(session, "nobody", stored, "operator", console.clock())
        )
