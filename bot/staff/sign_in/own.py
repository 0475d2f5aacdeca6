"""The page on which somebody sees and changes their own account."""

from functools import lru_cache
from zoneinfo import available_timezones

from aiohttp import web

from bot.errors import FormRefused
from bot.staff import administration, forms, guard, passwords, sessions
from bot.staff.access import account_of
from bot.staff.context import CLOCK, DATABASE, SETTINGS, aside
from bot.staff.pages import render, see
from bot.staff.sign_in import proof

WRONG = "The present password is not right."


async def show(request: web.Request) -> web.Response:
    """Own name, role, time zone, password, second factor and sign-ins."""
    account, own, now = account_of(request), request.app[SETTINGS], request.app[CLOCK]()
    signed = await request.app[DATABASE].run(
        lambda session: sessions.of_account(session, account.name, own, now), read_only=True
    )
    here = request[guard.SIGNED].digest
    context = {"signed": signed, "here": here, "zones": [(name, name.replace("_", " ")) for name in zones()]}
    required = own.staff_totp == "required" or account.totp_required
    return await render(request, "sign_in/account.html", required=required, shortest=passwords.SHORTEST, **context)


async def change_password(request: web.Request) -> web.Response:
    """Replace the own password; every other sign-in ends."""
    form, account, now = await forms.sent(request), account_of(request), request.app[CLOCK]()
    new = form.secret("new")
    if new != form.secret("again"):
        raise FormRefused("the new password is not the same both times")
    if not await proof.by_password(request, account.name, form.secret("password")):
        raise FormRefused(WRONG)
    stored = await aside(request, lambda: passwords.hashed(new))
    actor = f"staff:{account.name}"
    await request.app[DATABASE].run(
        lambda session: administration.set_password(session, account.name, stored, actor, now)
    )
    await guard.sign_in(request, account.name, factor=account.protected)
    return await see(request, "/account", "Your password is changed. You are signed out everywhere else.")


async def change_zone(request: web.Request) -> web.Response:
    """Choose the time zone that dates are shown in."""
    name, now = account_of(request).name, request.app[CLOCK]()
    zone = (await forms.sent(request)).optional_choice("zone", zones())
    await request.app[DATABASE].run(
        lambda session: administration.change_zone(session, name, zone, f"staff:{name}", now)
    )
    return await see(request, "/account", "Dates are shown in that time zone now.")


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The names of the time zones to choose from: places, and UTC."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(areas)))
