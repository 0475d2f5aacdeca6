"""Merges two leads of one person: one is kept and stands for both, the other stays as it is, behind it.

Nothing of either history is moved or taken out. Of what the two say differently, the more cautious holds: a no to a
purpose in either is a no in both, and the more cautious outcome and queue are the kept one's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.errors import LeadRefused
from bot.leads import acts, audit, outbox
from bot.leads.consents import add_consents, agreed_in, history
from bot.leads.guard import allowed, reachable
from bot.leads.merged import family as family
from bot.leads.merged import kept_for
from bot.leads.picture import details_in, picture
from bot.leads.records import WAYS, Assessed, Consent, Contact, Lead, Purpose, Queue
from bot.leads.store import change_lead, read_lead, save_assessed, save_contact
from bot.leads.tables import leads
from bot.leads.work import looked_at, put_labels
from bot.leads.worked import Work
from bot.settings import Settings
from bot.storage.engine import forget_for_good

# From the most cautious on, as the contract has them; `none` is no finished check.
CAUTION = ("urgent", "underage", "not_now", "clinician_review", "qualified", "none")
# Whoever was spoken to is not called once more because of another lead.
SPOKEN_TO = ("contacted", "booked")


@dataclass(frozen=True)
class Plan:
    """What a merge comes to: the kept lead and the other one as they are then.

    `taken` are the details that the kept lead has from the other; `emptied` those that either loses to a no.
    """

    kept: Lead
    other: Lead
    taken: tuple[str, ...]
    emptied: tuple[str, ...]


def plan(kept: Lead, other: Lead) -> Plan:
    """What merging `other` into `kept` comes to; raises LeadRefused where it may not be.

    That is where either was withdrawn, or nobody could be reached any more.
    """
    if kept.reference == other.reference:
        raise LeadRefused("a lead cannot be merged into itself")
    for lead in (kept, other):
        if lead.status == "withdrawn":
            raise LeadRefused(f"{lead.reference} was withdrawn by the person: it stays by itself")
    agreed = _agreed_in_both(kept, other)
    contact = allowed(_joined(kept.contact, other.contact), agreed)
    if not (agreed.get("share") and reachable(contact, agreed)):
        raise LeadRefused("what they refused in one of the two leaves no way to reach them: keep the two apart")
    assessed = combined(kept.assessed, other.assessed)
    refused = {purpose: False for purpose, given in agreed.items() if not given}
    rest = allowed(other.contact, {**other.consents, **refused})
    return Plan(
        kept=replace(kept, contact=contact, consents=agreed, assessed=assessed, queue=_queue(kept, other)),
        other=replace(other, contact=rest, consents={**other.consents, **refused}),
        taken=tuple(name for name in details_in(contact) if name not in details_in(kept.contact)),
        emptied=_gone(kept.contact, contact) + _gone(other.contact, rest),
    )


def _queue(*both: Lead) -> Queue:
    return "clinician" if any(lead.queue == "clinician" for lead in both) else "sales"


def _agreed_in_both(kept: Lead, other: Lead) -> Mapping[Purpose, bool]:
    purposes = dict.fromkeys([*kept.consents, *other.consents])
    return {one: kept.consents.get(one, True) and other.consents.get(one, True) for one in purposes}


def _joined(kept: Contact, other: Contact) -> Contact:
    values: dict[str, Any] = {one.name: getattr(kept, one.name) or getattr(other, one.name) for one in fields(Contact)}
    return Contact(**values)


def _gone(before: Contact, after: Contact) -> tuple[str, ...]:
    return tuple(name for name in details_in(before) if name not in details_in(after))


def combined(kept: Assessed, other: Assessed) -> Assessed:
    """Everything that two checks hold, with the more cautious outcome of the two."""
    cautious = min(kept, other, key=lambda one: CAUTION.index(one.outcome))
    reasons = {(reason.get("field"), reason.get("finding")): reason for reason in (*other.reasons, *kept.reasons)}
    return Assessed(
        outcome=cautious.outcome,
        table_version=cautious.table_version,
        reasons=sorted(reasons.values(), key=_caution),
        findings=tuple(dict.fromkeys((*kept.findings, *other.findings))),
        answers=_all_answers(kept.answers, other.answers),
        flags=tuple(dict.fromkeys((*kept.flags, *other.flags))),
    )


def _caution(reason: Mapping[str, Any]) -> int:
    outcome = reason.get("outcome")
    return CAUTION.index(outcome) if outcome in CAUTION else len(CAUTION)


def _all_answers(kept: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    joined = {name: list(held) for name, held in kept.items()}
    for name, held in other.items():
        mine = joined.setdefault(name, [])
        mine += [value for value in held if value not in mine]
    return joined


def merge(
    session: Session, kept: str, other: str, versions: tuple[int, int], settings: Settings, actor: str, now: datetime
) -> Plan:
    """Merge `other` into `kept`, each of which was looked at in its version of `versions`, in the caller's transaction.

    Raises LeadRefused where that may not be, LeadChanged.
    """
    if kept == other:
        raise LeadRefused("a lead cannot be merged into itself")
    seen = dict(zip((kept, other), versions, strict=True))
    works = {reference: looked_at(session, reference, seen[reference]) for reference in sorted(seen)}
    # Both are there: they were just locked.
    befores = [lead for lead in (read_lead(session, kept), read_lead(session, other)) if lead]
    made = plan(befores[0], befores[1])
    _take_words(session, made)
    forget_for_good(session.connection())
    _keep(session, made, befores[0], works[kept], works[other], now)
    _lay_behind(session, made, befores[1], now)
    _tell(session, made, befores, settings, now)
    _note(session, made, befores, actor, now)
    return made


def _take_words(session: Session, made: Plan) -> None:
    """Give each lead the other's words on consents that decide: copies, with what they say of when and where."""
    mine, theirs = history(session, made.kept.reference), history(session, made.other.reference)
    decisive = _decisive(made.kept.consents, mine, theirs)
    refusals = [row for row in _decisive(made.other.consents, theirs, mine) if not row.given]
    add_consents(session, made.kept.reference, decisive)
    add_consents(session, made.other.reference, refusals)


def _decisive(agreed: Mapping[Purpose, bool], own: Sequence[Consent], others: Sequence[Consent]) -> list[Consent]:
    before, latest = agreed_in(own), {row.purpose: row for row in others}
    return [latest[one] for one, word in agreed.items() if before.get(one) != word and one in latest]


def _keep(session: Session, made: Plan, before: Lead, own: Work, others: Work, now: datetime) -> None:
    reference = made.kept.reference
    work = joined_work(own, others)
    values: dict[str, Any] = {"queue": made.kept.queue, "assignee": work.assignee}
    values["first_contact_at"] = work.first_contact_at
    if work.status != own.status:
        values |= {"status": work.status, "status_reason": work.reason}
    put_labels(session, reference, [label for label in others.labels if label not in own.labels])
    if made.kept.assessed != before.assessed:
        save_assessed(session, reference, made.kept.assessed)
    if made.kept.contact != before.contact:
        save_contact(session, reference, made.kept.contact)
    change_lead(session, reference, now, **values)


def joined_work(own: Work, others: Work) -> Work:
    """How the kept lead stands with the staff after a merge: whose it is, its status, and when it was spoken to."""
    begun = others if own.status == "new" and others.status in SPOKEN_TO else own
    return replace(
        own,
        assignee=own.assignee or others.assignee,
        status=begun.status,
        reason=begun.reason,
        first_contact_at=min(filter(None, (own.first_contact_at, others.first_contact_at)), default=None),
    )


def _lay_behind(session: Session, made: Plan, before: Lead, now: datetime) -> None:
    if made.other.contact != before.contact:
        save_contact(session, made.other.reference, made.other.contact)
    change_lead(session, made.other.reference, now, merged_into=made.kept.reference)
    # What was merged into the other one stands behind the kept one too.
    behind = update(leads).where(leads.c.merged_into == made.other.reference)
    session.execute(behind.values(merged_into=made.kept.reference))


def _tell(session: Session, made: Plan, befores: Iterable[Lead], settings: Settings, now: datetime) -> None:
    """Tell the targets of each lead that says something else now, and take back what no yes stands behind any more."""
    for before, planned in zip(befores, (made.kept, made.other), strict=True):
        after = read_lead(session, before.reference) or planned
        fewer = any(before.consents.get(way) and not after.consents.get(way) for way in WAYS)
        if fewer or (after.contact, after.assessed, after.queue, after.status) != (
            before.contact,
            before.assessed,
            before.queue,
            before.status,
        ):
            outbox.enqueue(session, outbox.WITHDRAWN if fewer else "lead.changed", after, settings, now)


def _note(session: Session, made: Plan, befores: Sequence[Lead], actor: str, now: datetime) -> None:
    kept, other = made.kept, made.other
    after = {**picture(kept), "from": other.reference, "taken": list(made.taken)}
    audit.append(session, actor, acts.MERGED, kept.reference, picture(befores[0]), after, now)
    after = {**picture(other), "into": kept.reference}
    audit.append(session, actor, acts.MERGED, other.reference, picture(befores[1]), after, now)


def pass_on(session: Session, reference: str, settings: Settings, actor: str, now: datetime) -> None:
    """Let the lead that stands for a merged one know what a later check of that one came to."""
    kept = kept_for(session, reference)
    before, behind = read_lead(session, kept), read_lead(session, reference)
    if kept == reference or before is None or behind is None or before.status == "withdrawn":
        return
    assessed = combined(before.assessed, behind.assessed)
    queue = _queue(before, behind)
    after = replace(before, assessed=assessed, queue=queue, updated_at=now)
    if (before.assessed, before.queue) == (assessed, queue):
        return
    save_assessed(session, kept, assessed)
    change_lead(session, kept, now, queue=queue)
    outbox.enqueue(session, "lead.changed", after, settings, now)
    audit.append(session, actor, "lead.reassessed", kept, picture(before), {**picture(after), "from": reference}, now)
