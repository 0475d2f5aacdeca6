"""Gaps: what the assistant has no good answer to, on its way to training examples; and the marks on turns."""

from aiohttp import web

from bot.staff.gaps import approval, listing, marks, settling
from bot.staff.gaps.vectors import VECTORS, VectorCache


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app[VECTORS] = VectorCache()
    app.router.add_get("/gaps", listing.gaps, name="gaps")
    app.router.add_get("/gaps/cluster", listing.gap, name="gap")
    app.router.add_post("/gaps/assign", settling.assign, name="gap_assign")
    app.router.add_post("/gaps/dismiss", settling.dismiss, name="gap_dismiss")
    app.router.add_get("/gaps/approval", approval.ask, name="gap_approval")
    app.router.add_post("/gaps/approval", approval.approve, name="gap_approve")
    app.router.add_post("/conversations/{conversation}/mark", marks.mark, name="turn_mark")
