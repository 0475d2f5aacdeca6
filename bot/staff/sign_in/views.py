"""The pages on which staff sign in and out."""

from urllib.parse import quote

from aiohttp import web

from bot.staff import administration, factor, forms, guard
from bot.staff.access import ACCOUNT, account_of, local_path
from bot.staff.context import CLOCK, DATABASE
from bot.staff.pages import render, see
from bot.staff.sign_in import proof

LONGEST_NAME = 100
UNSENT = "You were signed out. Nothing was changed; sign in, then send it again."


async def home(request: web.Request) -> web.Response:
    """The first page: the leads."""
    return await see(request, "/leads")


async def ask(request: web.Request) -> web.Response:
    """The form to sign in."""
    asked = forms.asked(request)
    back = local_path(asked.text("next"))
    if request.get(ACCOUNT):
        return await see(request, back)
    wrong = UNSENT if asked.text("unsent") else None
    return await render(request, "sign_in/ask.html", next=back, name="", wrong=wrong)


async def enter(request: web.Request) -> web.Response:
    """Sign in, where name and password fit; with a second factor, its code is asked for next."""
    form = await forms.sent(request)
    name, back = form.text("name", LONGEST_NAME).lower(), local_path(form.text("next"))
    if not await proof.by_password(request, name, form.secret("password")):
        wrong = "Name and password do not fit together."
        return await render(request, "sign_in/ask.html", 403, next=back, name=name, wrong=wrong)
    if await request.app[DATABASE].run(lambda session: factor.is_set(session, name), read_only=True):
        await guard.await_factor(request, name)
        return await see(request, f"/sign-in/code?next={quote(back, safe='')}")
    await guard.sign_in(request, name)
    return await see(request, back)


async def ask_code(request: web.Request) -> web.Response:
    """The form for the code of the second factor."""
    back = local_path(forms.asked(request).text("next"))
    if await guard.awaits_factor(request) is None:
        return await see(request, f"/sign-in?next={quote(back, safe='')}")
    return await render(request, "sign_in/code.html", next=back, wrong=None)


async def enter_code(request: web.Request) -> web.Response:
    """Sign in, where the code fits."""
    form = await forms.sent(request)
    back = local_path(form.text("next"))
    name = await guard.awaits_factor(request)
    if name is None:
        return await see(request, f"/sign-in?next={quote(back, safe='')}", "That took too long: sign in again.")
    if not await proof.by_code(request, name, form.text("code", LONGEST_NAME)):
        wrong = "This code does not fit, or was used before. The app shows a new one every 30 seconds."
        return await render(request, "sign_in/code.html", 403, next=back, wrong=wrong)
    await guard.sign_in(request, name, factor=True)
    return await see(request, back)


async def leave(request: web.Request) -> web.Response:
    """Sign out."""
    await guard.sign_out(request)
    return await see(request, "/sign-in", "You are signed out.")


async def leave_everywhere(request: web.Request) -> web.Response:
    """Sign out in every browser, this one too."""
    name, now = account_of(request).name, request.app[CLOCK]()
    await request.app[DATABASE].run(lambda session: administration.sign_out(session, name, f"staff:{name}", now))
    await guard.sign_out(request)
    return await see(request, "/sign-in", "You are signed out everywhere.")
