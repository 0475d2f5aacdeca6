"""What was not delivered to the targets, and another try for it."""

from aiohttp import web

from bot.staff.deliveries import views


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/deliveries", views.show, name="deliveries")
    app.router.add_post("/deliveries/replay", views.replay, name="deliveries_replay")
