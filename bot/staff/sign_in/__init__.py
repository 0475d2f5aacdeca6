"""Signing in and out, and what people of the staff change about their own account."""

import asyncio

from aiohttp import web

from bot.staff import passwords
from bot.staff.sign_in import own, second_factor, views


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.on_startup.append(_prepare)  # type: ignore[arg-type]  # as with on_response_prepare
    app.router.add_get("/", views.home, name="home")
    app.router.add_get("/sign-in", views.ask, name="sign_in")
    app.router.add_post("/sign-in", views.enter, name="sign_in_try")
    app.router.add_get("/sign-in/code", views.ask_code, name="sign_in_code")
    app.router.add_post("/sign-in/code", views.enter_code, name="sign_in_code_try")
    app.router.add_post("/sign-out", views.leave, name="sign_out")
    app.router.add_post("/sign-out/everywhere", views.leave_everywhere, name="sign_out_everywhere")
    app.router.add_get("/account", own.show, name="account")
    app.router.add_post("/account/password", own.change_password, name="account_password")
    app.router.add_post("/account/zone", own.change_zone, name="account_zone")
    app.router.add_get("/account/second-factor", second_factor.show, name="account_totp")
    app.router.add_post("/account/second-factor", second_factor.confirm, name="account_totp_try")
    app.router.add_post("/account/second-factor/remove", second_factor.remove, name="account_totp_remove")


async def _prepare(_app: web.Application) -> None:
    """Have at hand what unknown names are compared with: the first one is answered no later than the others."""
    await asyncio.to_thread(passwords.nobodys)
