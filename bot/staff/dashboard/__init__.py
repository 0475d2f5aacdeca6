"""The dashboard: how the conversations and the hand-offs go, in numbers."""

from aiohttp import web

from bot.staff.dashboard import views


def add_routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/dashboard", views.show, name="dashboard")
