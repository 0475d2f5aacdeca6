"""The list of leads: saved views, filters, search, and giving many to somebody at once."""

from aiohttp import web

from bot.staff.leads import assigning, listing, searching


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/leads", listing.show, name="leads")
    app.router.add_post("/leads/search", searching.find, name="leads_search")
    app.router.add_post("/leads/assign", assigning.assign, name="leads_assign")
