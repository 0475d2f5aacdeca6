"""Which staff a lead goes to: a pure rule."""

from bot.leads.records import Assessed, Queue

QUALIFIED = "qualified"
NONE = "none"


def queue_of(assessed: Assessed) -> Queue:
    """`sales` for a check that nothing held up, or for no check and nothing that was told; else a clinician looks."""
    if assessed.outcome == NONE:
        return "clinician" if assessed.findings or assessed.flags else "sales"
    return "sales" if assessed.outcome == QUALIFIED else "clinician"
