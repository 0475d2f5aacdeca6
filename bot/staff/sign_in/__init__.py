"""Signing in and out."""

from aiohttp import web

from bot.staff.sign_in import views


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/", views.home, name="home")
    app.router.add_get("/sign-in", views.ask, name="sign_in")
    app.router.add_post("/sign-in", views.enter, name="sign_in_try")
    app.router.add_post("/sign-out", views.leave, name="sign_out")
