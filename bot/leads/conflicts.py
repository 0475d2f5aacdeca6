"""Clears conflicts between what a person told of themselves: only staff do, each with a reason.

A value that was corrected or denied stays in force where it was the more cautious one. Cleared, it counts no longer,
and the outcome is decided anew. An age under 18 stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.assessment.answers import Answers, Value
from bot.assessment.outcome import Outcome, decide_outcome
from bot.assessment.table import Table
from bot.errors import LeadChanged, LeadRefused
from bot.leads import acts, audit, outbox
from bot.leads.picture import picture
from bot.leads.queue import NONE, queue_of
from bot.leads.records import Assessed
from bot.leads.store import change_lead, read_lead, save_assessed
from bot.leads.work import LONGEST_REASON, looked_at
from bot.settings import Settings

# How an outcome's reasons are kept: as the payload of the check has them.
Tell = Callable[[Outcome], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Conflict:
    """A value that was corrected or denied and stays in force; `place` is that among the values of its field."""

    place: int
    value: Value


@dataclass(frozen=True)
class Judge:
    """Decides outcomes by a table, and tells their reasons."""

    table: Table
    tell: Tell

    def decide(self, assessed: Assessed) -> Assessed:
        """What was told, with the outcome that it leads to; without a finished check there is none."""
        answers = answers_of(assessed)
        told = [finding for value in answers.standing().values for finding in value.findings]
        after = replace(assessed, findings=tuple(dict.fromkeys(told)))
        if assessed.outcome == NONE:
            return after
        outcome = decide_outcome(answers, assessed.flags, self.table)
        reasons = tuple(self.tell(outcome))
        return replace(after, outcome=outcome.id, reasons=reasons, table_version=outcome.version)


def answers_of(assessed: Assessed) -> Answers:
    """The values of a check as they were told, field by field."""
    return Answers(tuple(_value(name, item) for name, held in assessed.answers.items() for item in held))


def _value(field: str, item: Mapping[str, Any]) -> Value:
    return Value(field, item.get("value"), tuple(item.get("findings", ())), item.get("status", "current"))


def standing_conflicts(assessed: Assessed, table: Table) -> list[Conflict]:
    """What a clinician may clear, field by field."""
    answers = answers_of(assessed)
    fields = dict.fromkeys(value.field for value in answers.values)
    values = [(place, value) for name in fields for place, value in enumerate(answers.of(name))]
    return [Conflict(place, value) for place, value in values if _stands(value, table)]


def _stands(value: Value, table: Table) -> bool:
    return value.status == "corrected" and any(table.matters(finding) for finding in value.findings)


def clear(
    session: Session,
    reference: str,
    field: str,
    place: int,
    why: str,
    version: int,
    judge: Judge,
    settings: Settings,
    actor: str,
    now: datetime,
) -> Assessed:
    """Mark a conflict's value as cleared, in the caller's transaction, and decide the outcome anew; tells the targets.

    Raises LeadRefused without a reason, or where no conflict stands there; LeadChanged.
    """
    if not 0 < len(why) <= LONGEST_REASON:
        raise LeadRefused(f"a reason is needed, of at most {LONGEST_REASON} characters")
    looked_at(session, reference, version)
    before = read_lead(session, reference)
    if before is None:
        raise LeadChanged(f"{reference} was erased")
    found = _conflict(before.assessed, field, place, judge.table)
    assessed = judge.decide(_cleared(before.assessed, found))
    after = replace(before, assessed=assessed, queue=queue_of(assessed), updated_at=now)
    save_assessed(session, reference, assessed)
    change_lead(session, reference, now, queue=after.queue)
    outbox.enqueue(session, "lead.changed", after, settings, now)
    told = {"field": field, "findings": list(found.value.findings), "why": why}
    audit.append(session, actor, acts.CLEARED, reference, picture(before), {**picture(after), **told}, now)
    return assessed


def _conflict(assessed: Assessed, field: str, place: int, table: Table) -> Conflict:
    for conflict in standing_conflicts(assessed, table):
        if (conflict.value.field, conflict.place) == (field, place):
            return conflict
    raise LeadRefused("there is no conflict to clear")


def _cleared(assessed: Assessed, conflict: Conflict) -> Assessed:
    answers = {name: list(held) for name, held in assessed.answers.items()}
    answers[conflict.value.field][conflict.place] = replace(conflict.value, status="cleared").as_data()
    return replace(assessed, answers=answers)
