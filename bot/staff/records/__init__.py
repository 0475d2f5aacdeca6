"""A person's whole record: found, handed out, erased. For administrators."""

from aiohttp import web

from bot.staff.records import erasing, exporting, finding


def add_routes(app: web.Application) -> None:
    """Add the pages."""
    app.router.add_get("/records", finding.ask, name="records")
    app.router.add_post("/records", finding.find_person, name="records_find")
    app.router.add_get("/records/of/{subject}", finding.show, name="record")
    app.router.add_post("/records/export", exporting.hand_out_person, name="record_export")
    app.router.add_post("/leads/export", exporting.hand_out_leads, name="leads_export")
    app.router.add_get("/records/of/{subject}/erase", erasing.confirm, name="record_confirm")
    app.router.add_post("/records/erase", erasing.erase_person, name="record_erase")
    app.router.add_get("/records/receipts/{receipt}", erasing.show_receipt, name="record_receipt")
