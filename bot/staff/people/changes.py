"""What an administrator changes about the staff."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

from aiohttp import web
from sqlalchemy.orm import Session

from bot.staff import administration, forms, passwords
from bot.staff.access import account_of
from bot.staff.accounts import ROLES, Role
from bot.staff.context import CLOCK, DATABASE, aside
from bot.staff.pages import render, see

Act = Callable[[Session, str, str, datetime], Any]


def _require(session: Session, name: str, actor: str, now: datetime, *, required: bool) -> None:
    administration.require_factor(session, name, required, actor, now)


# What the buttons do, and what is said afterwards.
ACTS: Mapping[str, tuple[Act, str]] = {
    "disable": (administration.disable, "{} is shut out."),
    "enable": (administration.enable, "{} may sign in again."),
    "require": (partial(_require, required=True), "{} needs a second factor from now on."),
    "release": (partial(_require, required=False), "{} may do without a second factor."),
    "reset": (administration.remove_factor, "The second factor of {} is removed."),
    "sign_out": (administration.sign_out, "{} is signed out everywhere."),
}


async def add(request: web.Request) -> web.Response:
    """Make an account with a password that is shown this once, by the answer itself: nothing keeps it for a next
    page."""
    form, now, actor = await forms.sent(request), request.app[CLOCK](), _actor(request)
    name, role = form.required("name", 40).lower(), cast(Role, form.choice("role", ROLES))
    password = passwords.generated()
    stored = await aside(request, lambda: passwords.hashed(password))
    await request.app[DATABASE].run(lambda session: administration.add(session, name, role, stored, actor, now))
    return await render(request, "people/password.html", name=name, password=password)


async def change(request: web.Request) -> web.Response:
    """Do what was asked with an account."""
    form, name = await forms.sent(request), request.match_info["name"]
    act = form.choice("act", ("role", "password", *ACTS))
    if act == "role":
        return await _change_role(request, name, cast(Role, form.choice("role", ROLES)))
    if act == "password":
        return await _new_password(request, name)
    work, said = ACTS[act]
    now, actor = request.app[CLOCK](), _actor(request)
    await request.app[DATABASE].run(lambda session: work(session, name, actor, now))
    return await see(request, f"/staff/{name}", said.format(name))


async def _change_role(request: web.Request, name: str, role: Role) -> web.Response:
    now, actor = request.app[CLOCK](), _actor(request)
    await request.app[DATABASE].run(lambda session: administration.change_role(session, name, role, actor, now))
    return await see(request, f"/staff/{name}", f"{name} is {role} now.")


async def _new_password(request: web.Request, name: str) -> web.Response:
    """A new password, shown this once."""
    now, actor, password = request.app[CLOCK](), _actor(request), passwords.generated()
    stored = await aside(request, lambda: passwords.hashed(password))
    await request.app[DATABASE].run(lambda session: administration.set_password(session, name, stored, actor, now))
    return await render(request, "people/password.html", name=name, password=password)


def _actor(request: web.Request) -> str:
    return f"staff:{account_of(request).name}"
