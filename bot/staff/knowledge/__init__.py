"""Knowledge: the entries with their state of review, and how they fare. Reading only: entries are edited as files."""

from aiohttp import web

from bot.staff.knowledge import views


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/knowledge", views.entries, name="knowledge")
    app.router.add_get("/knowledge/{entry}", views.entry, name="knowledge_entry")
