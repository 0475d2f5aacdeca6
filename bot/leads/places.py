"""Where in a list of leads a page begins, as an address holds it."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timezone


@dataclass(frozen=True)
class Place:
    """After which lead a page begins; `part` counts the parts of the list, see bot.leads.paging."""

    part: int
    created_at: datetime
    reference: str

    def as_text(self) -> str:
        """The place in an address."""
        told = [self.part, self.created_at.astimezone(timezone.utc).isoformat(), self.reference]
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode("ascii").rstrip("=")


def read_place(text: str) -> Place | None:
    """The place of an address; None where it is none."""
    try:
        part, at, reference = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        place = Place(int(part), datetime.fromisoformat(at), str(reference))
    except (ValueError, TypeError, binascii.Error):
        return None
    return place if place.created_at.tzinfo and "\0" not in place.reference else None
