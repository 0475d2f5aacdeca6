"""Who may go where, tried out on every route that there is: a new one without a row in the table fails here."""

from collections.abc import Iterator, Mapping

import pytest
from console import Browser, Console
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from bot.staff import access
from bot.staff.accounts import ROLES, Role
from tests.unit.leads_kept.people import hand_over, talk

CONVERSATION = "somebody's chat"
NOT_FROM_HERE = "was not sent from here"
# What a page sets up in its own cookie, or leaves for the next request; no row of anybody.
NOT_COUNTED = {"staff_sessions"}

Route = tuple[str, str, str]  # name, method, path


@pytest.fixture
async def paths(console: Console) -> Mapping[str, str]:
    """What stands in the addresses of a console in which there is something to see."""
    await talk(CONVERSATION)
    reference = await hand_over(CONVERSATION)
    return {"reference": reference, "conversation": CONVERSATION, "name": "admin", "entry": "cost.per_session"}


def routes(console: Console, paths: Mapping[str, str] | None = None) -> Iterator[Route]:
    """Every route, with an address of it; those that are open are left out."""
    for route in console.server.app.router.routes():
        if route.name not in access.OPEN:
            holes = route.resource.get_info().get("formatter", route.resource.canonical)
            known = paths or {}
            names = [part[1:].split("}")[0] for part in holes.split("/") if part.startswith("{")]
            yield route.name or "", route.method, str(route.url_for(**{name: known.get(name, "1") for name in names}))


async def answer(browser: Browser, method: str, path: str, **fields: str) -> tuple[int, str, str]:
    """Status, where one is sent, and the text, without following."""
    async with browser.client.request(method, path, data=fields or None, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", ""), await response.text()


async def test_every_route_is_in_the_table_and_every_row_is_a_route(console: Console) -> None:
    named = {route.name or "without a name" for route in console.server.app.router.routes()}
    assert named == {*access.OPEN, *access.TABLE}
    assert not access.OPEN & access.TABLE.keys()
    assert access.UNGUARDED <= access.OPEN
    assert {*access.SET_UP, *access.UNSEEN} <= access.TABLE.keys()


async def test_a_route_without_a_row_is_closed_even_to_administrators(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await console.signed_in("admin")
    assert (await browser.get("/staff")).status == 200
    monkeypatch.setattr(access, "TABLE", {name: role for name, role in access.TABLE.items() if name != "staff_list"})
    assert (await browser.get("/staff")).status == 403


async def test_who_is_not_signed_in_gets_nowhere(console: Console, paths: Mapping[str, str]) -> None:
    browser = await console.browser()
    for name, method, path in routes(console, paths):
        status, location, _ = await answer(browser, method, path)
        assert (status, location.startswith("/sign-in")) == (303, True), name


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_where_it_may_and_no_further(
    console: Console, paths: Mapping[str, str], role: Role
) -> None:
    browser = await console.signed_in(role)
    for name, method, path in routes(console, paths):
        may = ROLES.index(role) >= ROLES.index(access.TABLE[name])
        status, _, html = await answer(browser, method, path)
        if method == "POST":  # without its token a form is refused, but only after the role was looked at
            assert (status, NOT_FROM_HERE in html) == (403, may), name
        elif may and method == "GET" and role == "admin":
            assert status < 500, (name, html[-500:])
        elif not may:
            assert status == 403, name


async def test_reading_changes_nothing(console: Console, paths: Mapping[str, str]) -> None:
    browser = await console.signed_in("admin")
    before = await console.run(everything)
    for name, method, path in routes(console, paths):
        if method != "POST":
            await answer(browser, method, path)
            assert await console.run(everything) == before, name


@pytest.mark.parametrize("part", ["\0", "\n", "x" * 3000, "'; drop table staff; --", "..", "\u202e", "é", "%ff"])
async def test_addresses_that_somebody_made_up_do_no_harm(console: Console, part: str) -> None:
    browser = await console.signed_in("admin")
    hostile = dict.fromkeys(("reference", "conversation", "name", "entry"), part)
    before = await console.run(everything)
    for name, method, path in routes(console, hostile):
        if method == "GET":
            status, _, html = await answer(browser, method, path)
            assert status < 500, (name, html[-500:])
    assert await console.run(everything) == before


async def test_no_route_takes_a_change_by_another_method(console: Console) -> None:
    methods = {(route.name, route.method) for route in console.server.app.router.routes()}
    assert {method for _, method in methods} == {"GET", "HEAD", "POST"}
    both = {name for name, method in methods if method == "POST"} & {
        name for name, method in methods if method == "GET"
    }
    assert both == set()


@pytest.mark.parametrize("token", ["", "wrong", "\0", "é", "x" * 5000])
async def test_no_form_counts_without_the_token_of_its_own_session(
    console: Console, paths: Mapping[str, str], token: str
) -> None:
    browser = await console.signed_in("admin")
    before = await console.run(everything)
    for name, method, path in routes(console, paths):
        if method == "POST":
            status, _, _ = await answer(browser, method, path, csrf=token)
            assert status == (400 if token in ("\0", "x" * 5000) else 403), name
    assert await console.run(everything) == before


async def test_the_token_of_another_session_does_not_count(console: Console) -> None:
    browser, other = await console.signed_in("admin"), await console.signed_in(name="dana")
    await other.get("/account")
    await browser.get("/staff")
    assert (await browser.post("/staff", _token=other.token, name="new", role="admin")).status == 403


async def test_a_form_that_another_site_sends_is_refused_even_with_the_token(console: Console) -> None:
    browser = await console.signed_in("admin")
    await browser.get("/staff")
    for site in ("cross-site", "same-site", "nonsense"):
        data = {"csrf": browser.token, "name": "new", "role": "admin"}
        async with browser.client.post("/staff", data=data, headers={"Sec-Fetch-Site": site}) as response:
            assert response.status == 403


async def test_a_script_sends_the_token_as_a_header(console: Console) -> None:
    browser = await console.signed_in("admin")
    await browser.get("/staff")
    data = {"act": "require"}
    async with browser.client.post("/staff/admin", data=data, headers={"X-CSRF-Token": browser.token}) as response:
        assert response.status == 200


async def test_a_script_that_is_signed_out_gets_no_page_to_put_into_another(console: Console) -> None:
    browser = await console.browser()
    async with browser.client.get("/account", headers={"Sec-Fetch-Dest": "empty"}) as response:
        assert (response.status, response.url.path) == (401, "/account")


def everything(session: Session) -> dict[str, list[str]]:
    """All rows of all tables, as they stand there: what is sealed stays sealed."""
    rows = {name: session.execute(text(f'select * from "{name}"')).all() for name in tables(session)}
    return {name: sorted(map(repr, found)) for name, found in rows.items()}


def tables(session: Session) -> list[str]:
    names = [name for name in inspect(session.connection()).get_table_names() if name not in NOT_COUNTED]
    assert {"leads", "audit", "staff"} <= set(names)
    return names
