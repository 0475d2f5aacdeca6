"""A hand-off as it is kept: in a slot, in the record, and once it was sent."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from bot.assessment.fields import SUMMARY
from bot.handoff.fields import DETAILS, Purpose
from bot.handoff.state import Consented, Handoff


def sent(handoff: Handoff, reference: str) -> Handoff:
    """A hand-off as it is kept once it is in the record under `reference`; also after a change of it."""
    return replace(handoff, open=SUMMARY, changing=None, reference=reference, stored=len(handoff.consents))


def restored(reference: str, details: Mapping[str, Any], consents: Mapping[Purpose, bool]) -> Handoff:
    """A hand-off as the record has it: `details` by the names of their fields, and the last word on each purpose."""
    known: dict[str, Any] = {name: details.get(name) for name in DETAILS}
    words = tuple(Consented(one, given, "", "", "", "", 0.0, "", "") for one, given in consents.items())
    return sent(Handoff(consents=words, **known), reference)


def handoff_data(handoff: Handoff) -> dict[str, Any]:
    """A hand-off as a slot keeps it, with the time at which it expires."""
    lists = {"consents": [asdict(one) for one in handoff.consents], "skipped": list(handoff.skipped)}
    lists["findings"] = list(handoff.findings)
    return {**asdict(handoff), **lists, "expires_at": handoff.expires_at}


def read_handoff(data: Mapping[str, Any] | None) -> Handoff:
    """The hand-off in a slot; a new one where it holds nothing."""
    known = {name: value for name, value in (data or {}).items() if name in Handoff.__dataclass_fields__}
    consents = tuple(Consented(**one) for one in known.pop("consents", ()))
    tuples = {name: tuple(known.get(name, ())) for name in ("skipped", "findings")}
    return Handoff(**{**known, **tuples, "consents": consents})
