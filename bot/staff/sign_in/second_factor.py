"""The pages on which somebody sets up their second factor, or takes it away."""

from aiohttp import web
from aiohttp_session import get_session

from bot.errors import FormRefused
from bot.staff import administration, factor, forms, guard
from bot.staff.access import account_of, must_set_up
from bot.staff.context import CLOCK, DATABASE, SETTINGS
from bot.staff.pages import render, see
from bot.staff.sign_in import proof
from bot.staff.sign_in.own import WRONG

SECRET = "totp"  # noqa: S105  # where the cookie, which is encrypted, holds what is not confirmed yet


async def show(request: web.Request) -> web.Response:
    """The secret as an image to scan and as text, with a field for the first code."""
    if account_of(request).protected:
        return await see(request, "/account")
    return await _page(request, await _secret(request), None)


async def confirm(request: web.Request) -> web.Response:
    """Set it up, where the code shows that the app has the secret; every other sign-in ends."""
    account, now, secret = account_of(request), request.app[CLOCK](), await _secret(request)
    if account.protected:
        return await see(request, "/account")
    step = factor.step_of(secret, (await forms.sent(request)).text("code"), now)
    if step is None:
        wrong = "This code does not fit. Does the clock of your phone go right?"
        return await _page(request, secret, wrong)
    name, actor = account.name, f"staff:{account.name}"
    await request.app[DATABASE].run(lambda session: administration.set_factor(session, name, secret, step, actor, now))
    await guard.sign_in(request, name, factor=True)
    return await see(request, "/account", "The second factor is set up. From now on you are asked for a code.")


async def remove(request: web.Request) -> web.Response:
    """Take it away, for whoever knows the password."""
    account, now = account_of(request), request.app[CLOCK]()
    if not await proof.by_password(request, account.name, (await forms.sent(request)).secret("password")):
        raise FormRefused(WRONG)
    actor = f"staff:{account.name}"
    await request.app[DATABASE].run(lambda session: administration.remove_factor(session, account.name, actor, now))
    return await see(request, "/account", "The second factor is removed.")


async def _secret(request: web.Request) -> str:
    """The secret that is about to be set up in this browser."""
    cookie = await get_session(request)
    if not isinstance(cookie.get(SECRET), str):
        cookie[SECRET] = factor.new_secret()
    return str(cookie[SECRET])


async def _page(request: web.Request, secret: str, wrong: str | None) -> web.Response:
    account, status = account_of(request), 400 if wrong else 200
    context = {"image": factor.image(secret, account.name), "secret": factor.in_groups(secret), "wrong": wrong}
    required = must_set_up(account, request.app[SETTINGS])
    return await render(request, "sign_in/second_factor.html", status, required=required, **context)
