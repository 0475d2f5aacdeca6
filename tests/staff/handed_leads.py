"""Leads as the chat hands them in, for the pages that staff work on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from console import Console

from bot.assessment.table import read_table
from bot.leads.conflicts import Judge
from bot.leads.records import Assessed, Consent, Contact, NewLead, Purpose
from bot.leads.submission import submit_lead
from bot.leads.worked import Work, read_work
from bot.settings import settings

SAM = Contact("Sam Quillfeather", "sam@quillfeather.example", "+12025550143", "email", "after the late shift")
AGE = {"value": 41, "findings": [], "status": "current"}
DENIED = {"value": "told", "findings": ["anticoagulant"], "status": "corrected"}
NOTHING = {"value": "none", "findings": [], "status": "current"}
SOURCE = {"id": "fda", "title": "A page of the FDA", "publisher": "FDA", "url": "https://fda.example/page"}


def consents(console: Console, *purposes: Purpose, given: bool = True) -> tuple[Consent, ...]:
    """Words on purposes, a minute ago."""
    at = console.clock() - timedelta(minutes=1)
    return tuple(
        Consent(one, given, f"{one}_wording", "2026-07", "en", f"May we use {one}?", at, "rest", f"m-{one}")
        for one in purposes
    )


def assessed(**answers: Any) -> Assessed:
    """What a check comes to by the decision table, each reason with a source."""

    def tell(outcome: Any) -> list[dict[str, Any]]:
        return [
            {"field": one.field, "finding": one.rule.finding, "outcome": one.rule.outcome, "because": one.rule.because}
            | {"source": SOURCE}
            for one in outcome.reasons
        ]

    table = read_table(settings().assessment_dir / "outcomes.yml")
    return Judge(table, tell).decide(Assessed("qualified", table.version, answers={"age": [AGE], **answers}))


async def hand_in(console: Console, conversation: str = "talk", **changes: Any) -> str:
    """Somebody's lead; returns its reference."""
    agreed = consents(console, "share", "email", "phone")
    new = NewLead(conversation, "form 1", "rest", "en", "sales", assessed(), SAM, agreed)
    now = console.clock()
    submitted = await console.run(lambda session: submit_lead(session, replace(new, **changes), settings(), now))
    return str(submitted.reference)


async def stands(console: Console, reference: str) -> Work:
    """How a lead stands with the staff."""
    found: Work = await console.run(lambda session: read_work(session, reference))
    return found
