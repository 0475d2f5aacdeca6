"""The lead that a confirmed hand-off comes to: what the slots hold, in the form of the record."""

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker

from actions.context import read_interview
from actions.safety import clinician_flags
from actions.words import check_words, cite, handoff_words
from bot.assessment.answers import Answers, Value
from bot.assessment.fields import AGE, FIELD_OF_FINDING, FIELDS
from bot.assessment.outcome import decide_outcome
from bot.assessment.state import Interview
from bot.handoff.state import Consented, Evidence, Handoff
from bot.knowledge.library import open_library
from bot.leads.queue import NONE, queue_of
from bot.leads.records import Assessed, Consent, Contact, NewLead
from bot.settings import settings


def new_lead(tracker: Tracker, handoff: Handoff) -> NewLead:
    """The lead of the conversation; its key is the conversation and the version of the consents."""
    assessed = assessed_of(tracker, read_interview(tracker), handoff)
    form = handoff_words().form
    return NewLead(
        conversation=tracker.sender_id,
        form_version=form.version,
        channel=channel_of(tracker),
        language=form.consents.language,
        queue=queue_of(assessed),
        assessed=assessed,
        contact=contact_of(handoff),
        consents=tuple(consent_of(given) for given in handoff.consents),
    )


def channel_of(tracker: Tracker) -> str:
    """The channel that the latest message came in by."""
    return str(tracker.get_latest_input_channel() or "unknown")


def evidence_of(tracker: Tracker) -> Evidence:
    """Where the latest message came in, and which one it is."""
    return Evidence(channel_of(tracker), str(tracker.latest_message.get("message_id") or ""))


def contact_of(handoff: Handoff) -> Contact:
    """The contact details that the hand-off holds."""
    return Contact(handoff.name, handoff.email, handoff.phone, handoff.way, handoff.preferred_time)


def consent_of(given: Consented) -> Consent:
    """A consent as it is recorded."""
    told: dict[str, Any] = {**vars(given), "at": datetime.fromtimestamp(given.at, timezone.utc)}
    return Consent(wording_version=told.pop("version"), **told)


def assessed_of(tracker: Tracker, interview: Interview, handoff: Handoff) -> Assessed:
    """What a check came to, with what was told of one's health beside it."""
    flags = clinician_flags(tracker)
    answers = _with_age(interview.answers, handoff.age)
    for finding in handoff.findings:
        answers = answers.give(Value(FIELD_OF_FINDING[finding], "told", (finding,)))
    told = [finding for value in answers.values for finding in value.findings]
    assessed = Assessed(
        outcome=NONE,
        table_version=check_words().table.version,
        findings=tuple(dict.fromkeys((*told, *handoff.findings))),
        answers={name: held for name, held in answers.as_slots(FIELDS).items() if held},
        flags=tuple(flags),
    )
    if not interview.decided:
        return assessed
    outcome = decide_outcome(answers, flags, check_words().table)
    library = open_library(settings().knowledge_dir).current
    reasons = check_words().conclude(outcome, cite(library)).payload["reasons"]
    return replace(assessed, outcome=outcome.id, reasons=tuple(reasons))


def _with_age(answers: Answers, age: int | None) -> Answers:
    return answers if age is None else answers.give(Value(AGE, age))
