"""The administrator's pages of the staff: who there is, what they may do, and letting people in and out."""

from aiohttp import web

from bot.staff.people import changes, views


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/staff", views.everyone, name="staff_list")
    app.router.add_post("/staff", changes.add, name="staff_add")
    app.router.add_get("/staff/{name}", views.member, name="staff_member")
    app.router.add_post("/staff/{name}", changes.change, name="staff_change")
