"""One lead: who it is, what they agreed to, what the check came to and why, and everything that staff do with it."""

from aiohttp import web

from bot.staff.lead import changes, conflict, duplicates, page, reveal


def add_routes(app: web.Application) -> None:
    """Add `/leads/{reference}` and what is done there."""
    at = "/leads/{reference}"
    app.router.add_get(at, page.look, name="lead")
    app.router.add_post(f"{at}/status", changes.set_status, name="lead_status")
    app.router.add_post(f"{at}/assign", changes.assign, name="lead_assign")
    app.router.add_post(f"{at}/label", changes.add_label, name="lead_label")
    app.router.add_post(f"{at}/unlabel", changes.remove_label, name="lead_unlabel")
    app.router.add_post(f"{at}/note", changes.add_note, name="lead_note")
    app.router.add_post(f"{at}/reveal", reveal.reveal, name="lead_reveal")
    app.router.add_post(f"{at}/conflict", conflict.clear, name="lead_conflict")
    app.router.add_get(f"{at}/duplicates", duplicates.compare, name="lead_duplicates")
    app.router.add_post(f"{at}/merge", duplicates.merge, name="lead_merge")
