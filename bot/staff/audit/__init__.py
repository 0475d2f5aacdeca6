"""The audit: who did what, and whether it stands as it was written. For administrators."""

from aiohttp import web

from bot.staff.audit import views


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/audit", views.show, name="audit")
    app.router.add_post("/audit/verify", views.verify, name="audit_verify")
