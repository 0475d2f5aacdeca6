"""Staff sign in, stay signed in for as long as they may, and are let in nowhere else."""

from console import PASSWORD, Console

from bot.staff import access


async def test_who_signs_in_gets_where_they_wanted_to(console: Console) -> None:
    await console.account("dana")
    browser = await console.browser()
    page = await browser.get("/leads?view=new")
    page = await browser.get("/sign-in?next=/leads?view=new")
    page = await browser.post("/sign-in", name="Dana", password=PASSWORD, next="/leads?view=new")
    assert page.path == "/leads?view=new"


async def test_a_wrong_password_and_an_unknown_name_look_the_same(console: Console) -> None:
    await console.account("dana")
    browser = await console.browser()
    wrong = await browser.signs_in("dana", "not the password")
    unknown = await browser.signs_in("nobody", "not the password")
    assert (wrong.status, wrong.text) == (unknown.status, unknown.text)


async def test_every_route_is_in_the_table(console: Console) -> None:
    routes = access.guarded_routes(console.server.app)
    assert set(routes) <= {*access.OPEN, *access.TABLE}
