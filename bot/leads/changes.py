"""Changes a lead as its person asks: other contact details, and consents that are taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import LeadRefused
from bot.leads import audit, outbox
from bot.leads.consents import add_consents, agreed_in, not_yet_told
from bot.leads.guard import allowed, reachable, refuse_without_consent, tidy
from bot.leads.merging import family, pass_on
from bot.leads.picture import differing, picture
from bot.leads.records import WAYS, Assessed, Changed, Consent, Contact, Lead, Purpose, Queue, Withdrawn
from bot.leads.store import change_lead, lock_lead, lock_leads, read_lead, save_assessed, save_contact
from bot.settings import Settings
from bot.storage.engine import forget_for_good

Rows = tuple[Consent, ...]


def change_contact(
    session: Session, conversation: str, contact: Contact, rows: Rows, settings: Settings, now: datetime, actor: str
) -> Changed | None:
    """Replace the details that `contact` has in the conversation's latest lead, and add consents; None without a lead.

    Raises LeadRefused where the lead was withdrawn or would then hold something without consent. Asked again by the
    same message, it changes nothing.
    """
    references = lock_leads(session, conversation)
    before = read_lead(session, references[-1]) if references else None
    if before is None:
        return None
    if before.status == "withdrawn":
        raise LeadRefused("the lead was withdrawn: only a new hand-off takes it up again")
    told = not_yet_told(session, before.reference, rows)
    agreed = {**before.consents, **agreed_in(told)}
    after = replace(before, contact=_merged(before.contact, contact, agreed), consents=agreed, updated_at=now)
    refuse_without_consent(after.contact, agreed)
    changed = Changed(before.reference, differing(before.contact, after.contact))
    if changed.fields or told:
        _write(session, before, after, told)
        event = outbox.WITHDRAWN if _agreed(before) - _agreed(after) else "lead.changed"
        outbox.enqueue(session, event, after, settings, now)
        pictures = picture(before), {**picture(after), "replaced": list(changed.fields)}
        audit.append(session, actor, "lead.changed", before.reference, *pictures, now)
    _refuse_for_family(session, [before.reference], tuple(row for row in told if not row.given), settings, now, actor)
    return changed


def reassess_lead(
    session: Session, conversation: str, assessed: Assessed, queue: Queue, settings: Settings, now: datetime, actor: str
) -> Changed | None:
    """Take over what a later check came to into the conversation's latest lead; None where none stands.

    What is shared was agreed to with the answers; a lead that was withdrawn stays as it is.
    """
    references = lock_leads(session, conversation)
    before = read_lead(session, references[-1]) if references else None
    if before is None or before.status == "withdrawn":
        return None
    if before.assessed == assessed and before.queue == queue:
        return Changed(before.reference, ())
    after = replace(before, assessed=assessed, queue=queue, updated_at=now)
    save_assessed(session, before.reference, assessed)
    change_lead(session, before.reference, now, queue=queue)
    outbox.enqueue(session, "lead.changed", after, settings, now)
    audit.append(session, actor, "lead.reassessed", before.reference, picture(before), picture(after), now)
    pass_on(session, before.reference, settings, actor, now)
    return Changed(before.reference, ("assessed",))


def withdraw_consents(
    session: Session, conversation: str, rows: Rows, settings: Settings, now: datetime, actor: str
) -> Withdrawn | None:
    """Take consents back in every lead of the conversation, and in those that staff have merged with one of them.

    Tells of the conversation's latest lead; None without a lead.

    Whatever `rows` say of it, they are written as not given. A detail that no agreed way needs is emptied; where
    sharing is withdrawn or nobody can be reached any more, all details are, and the lead is withdrawn. The targets are
    told in either case, and what was emptied is taken out of messages that wait for them.
    """
    refusals = tuple(replace(row, given=False) for row in rows)
    left: Withdrawn | None = None
    own = lock_leads(session, conversation)
    for reference in own:
        before = read_lead(session, reference)
        if before is not None:
            left = _withdraw(session, before, refusals, settings, now, actor)
    _refuse_for_family(session, own, refusals, settings, now, actor)
    return left


def _refuse_for_family(
    session: Session, own: Sequence[str], refusals: Rows, settings: Settings, now: datetime, actor: str
) -> None:
    """Whoever says no in one conversation says it for all leads that are known to be theirs."""
    if not refusals:
        return
    others = {one for reference in own for one in family(session, reference)} - set(own)
    for reference in sorted(others):
        lock_lead(session, reference)
        before = read_lead(session, reference)
        if before is not None and before.status != "withdrawn":
            _withdraw(session, before, refusals, settings, now, actor)


def _withdraw(session: Session, before: Lead, rows: Rows, settings: Settings, now: datetime, actor: str) -> Withdrawn:
    told = not_yet_told(session, before.reference, rows)
    after = _without(before, {**before.consents, **agreed_in(told)}, now)
    if after.status == "withdrawn" and told:
        told += _ended(after.consents, told[-1])
        after = replace(after, consents={**after.consents, **agreed_in(told)})
    if told:
        _write(session, before, after, told)
    if _agreed(before) != _agreed(after):
        forget_for_good(session.connection())
        outbox.enqueue(session, outbox.WITHDRAWN, after, settings, now)
        audit.append(session, actor, "lead.withdrawn", before.reference, picture(before), picture(after), now)
    return Withdrawn(before.reference, _agreed(after))


def _without(lead: Lead, agreed: Mapping[Purpose, bool], now: datetime) -> Lead:
    """The lead with what is agreed to now, and nothing that was agreed to no longer."""
    contact = allowed(lead.contact, agreed)
    if agreed.get("share") and reachable(contact, agreed):
        return replace(lead, contact=contact, consents=agreed, updated_at=now)
    assessed = lead.assessed if agreed.get("share") else _outcome_only(lead.assessed)
    return replace(lead, contact=Contact(), consents=agreed, status="withdrawn", assessed=assessed, updated_at=now)


def _outcome_only(assessed: Assessed) -> Assessed:
    """What was told of one's health is kept and shared on one and the same consent: it goes with it."""
    return Assessed(assessed.outcome, assessed.table_version)


def _ended(agreed: Mapping[Purpose, bool], by: Consent) -> Rows:
    """With the lead, every way of contact ends, on the word of the same message: no old yes may come to life again."""
    return tuple(replace(by, purpose=way) for way in WAYS if agreed.get(way))


def _agreed(lead: Lead) -> frozenset[Purpose]:
    return frozenset(purpose for purpose, given in lead.consents.items() if given)


def _merged(old: Contact, new: Contact, agreed: Mapping[Purpose, bool]) -> Contact:
    given = {name: value for name, value in asdict(tidy(new)).items() if value}
    return replace(allowed(old, agreed), **given)


def _write(session: Session, before: Lead, after: Lead, told: Rows) -> None:
    reason: dict[str, None] = {} if before.status == after.status else {"status_reason": None}
    change_lead(session, before.reference, after.updated_at, status=after.status, **reason)
    if before.assessed != after.assessed:
        save_assessed(session, before.reference, after.assessed)
    if before.contact != after.contact:
        save_contact(session, before.reference, after.contact)
    add_consents(session, before.reference, told)
