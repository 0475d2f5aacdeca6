"""The pages on which staff sign in and out."""

from aiohttp import web

from bot.staff import accounts, forms, guard
from bot.staff.access import local_path
from bot.staff.context import DATABASE
from bot.staff.pages import render, see


async def home(request: web.Request) -> web.Response:
    """The first page: the leads."""
    return await see(request, "/leads")


async def ask(request: web.Request) -> web.Response:
    """The form to sign in."""
    back = local_path(forms.asked(request).text("next"))
    return await render(request, "sign_in/ask.html", next=back, name="", wrong=None)


async def enter(request: web.Request) -> web.Response:
    """Sign in, where name and password fit."""
    form = await forms.sent(request)
    name, password = form.text("name").lower(), form.text("password")
    back = local_path(form.text("next"))
    database = request.app[DATABASE]
    if not await database.run(lambda session: accounts.fits(session, name, password), read_only=True):
        wrong = "Name and password do not fit together."
        return await render(request, "sign_in/ask.html", 403, next=back, name=name, wrong=wrong)
    await guard.sign_in(request, name)
    return await see(request, back)


async def leave(request: web.Request) -> web.Response:
    """Sign out."""
    await guard.sign_out(request)
    return await see(request, "/sign-in")
