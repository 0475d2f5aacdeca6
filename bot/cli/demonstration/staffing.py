"""What invented staff did with the invented leads: calls, notes, labels, bookings, and what they thought of answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from bot.leads import audit, demonstration, work
from bot.leads.records import Lead, Status
from bot.leads.states import reason_in_words
from bot.leads.store import read_lead
from bot.leads.worked import read_work
from bot.transcripts import reviews, takeover
from bot.transcripts.demonstration import led_on, put_at, turns_of
from bot.transcripts.inbox import WEB

REVIEWER, CLINICIAN, ADMIN = "dana.demo", "cleo.demo", "adam.demo"
LABELS = ("call back", "price question", "wants evenings", "travels far", "second opinion", "prefers e-mail")
NOTES = (
    "Left a voice mail, will try again tomorrow.",
    "Asked about the price of a first visit; sent the price list.",
    "Would rather come on a Saturday.",
    "Has read the studies, wants to know who does the injections.",
    "Checked the medicines with the prescribing doctor: call back next week.",
    "Friendly talk, no pressure. Thinks about it until the end of the month.",
)
# How a lead of some age stands, most likely first.
ENDINGS: Sequence[tuple[Status, str]] = (
    ("booked", "consultation"), ("booked", "call"), ("closed", "not_interested"), ("closed", "unreachable"),
    ("closed", "answered"), ("not_suitable", "clinician_decided"), ("not_suitable", "expectations"),
)  # fmt: skip
FAILURES = ("HTTP 503", "no connection: the host did not answer", "HTTP 401")
TOUCHED, ENDED, LABELLED, NOTED, DEAD = 0.85, 0.7, 0.3, 0.45, 0.08
FRESH = timedelta(hours=20)
MARKED, TALKED = 12, 8
SENTENCES = (
    "Hello, I am from the front desk. Is there anything that the assistant left open?",
    "Hello, this is the clinic. I can book you a call with a clinician: would tomorrow suit you?",
    "Good day, I read along. Please bring the list of your medicines to the first visit.",
)

Verdict = Literal["wrong", "missing"]


@dataclass(frozen=True)
class Words:
    """What visitors hear where somebody joins a conversation, and where they have left."""

    joined: str
    left: str


class Staff:
    """Three people who work the leads, in the caller's transaction; what they do depends on chance alone."""

    def __init__(self, chance: Random, words: Words, now: datetime) -> None:
        self._chance = chance
        self._words = words
        self._now = now

    def work_on(self, session: Any, references: Sequence[str]) -> None:
        """Deliver leads, and have somebody take care of most; of the fresh ones, hardly any."""
        for reference in references:
            self._work_on(session, reference)

    def _work_on(self, session: Any, reference: str) -> None:
        lead = read_lead(session, reference)
        if lead is None:
            return
        error = self._chance.choice(FAILURES) if self._chance.random() < DEAD else None
        demonstration.note_deliveries(session, lead, error, self._now)
        likely = TOUCHED if lead.created_at < self._now - FRESH else 0.2
        if lead.status == "new" and self._chance.random() < likely:
            self._take(session, lead)

    def _take(self, session: Any, lead: Lead) -> None:
        name = CLINICIAN if lead.queue == "clinician" else self._chance.choice((REVIEWER, REVIEWER, ADMIN))
        actor = f"staff:{name}"
        at = self._later(lead.created_at, 40)
        work.assign(session, lead.reference, name, self._version(session, lead), actor, at)
        if self._chance.random() < LABELLED:
            work.add_label(session, lead.reference, self._chance.choice(LABELS), actor, at)
        at = self._later(at, 60 * 6)
        how = self._chance.choice(("talked", "wrote", "left_message"))
        self._set(session, lead, "contacted", how, actor, at)
        if self._chance.random() < NOTED:
            work.add_note(session, lead.reference, self._chance.choice(NOTES), actor, self._later(at, 30))
        if lead.created_at < self._now - 3 * FRESH and self._chance.random() < ENDED:
            status, reason = self._chance.choice(ENDINGS)
            self._set(session, lead, status, reason, actor, self._later(at, 60 * 40))

    def _set(self, session: Any, lead: Lead, status: Status, reason: str, actor: str, at: datetime) -> None:
        words = reason_in_words(status, reason, "")
        work.set_status(session, lead.reference, status, words, self._version(session, lead), actor, at)

    @staticmethod
    def _version(session: Any, lead: Lead) -> int:
        found = read_work(session, lead.reference)
        return found.version if found else 0

    def _later(self, at: datetime, minutes: float) -> datetime:
        """Some time after `at`, but not after now."""
        return min(self._now, at + timedelta(minutes=self._chance.expovariate(1 / minutes)))

    def review(self, session: Any) -> None:
        """Say of some turns that they were answered wrongly, or should have been answered."""
        kinds: Sequence[tuple[Verdict, Sequence[str]]] = (("wrong", ["answer"]), ("missing", ["out_of_scope"]))
        for verdict, wanted in kinds:
            found = turns_of(session, wanted)
            for conversation, number, at in self._chance.sample(found, min(MARKED, len(found))):
                reviews.mark(session, (conversation, number), verdict, REVIEWER, self._later(at, 60 * 12))

    def talk(self, session: Any) -> None:
        """Join some conversations of the web chat, say something, and give them back."""
        found = led_on(session, WEB)
        for conversation, ended in self._chance.sample(found, min(TALKED, len(found))):
            self._talk_in(session, conversation, ended, self._chance.choice((REVIEWER, CLINICIAN)))

    def _talk_in(self, session: Any, conversation: str, ended: datetime, name: str) -> None:
        joined, spoke, left = (min(self._now, ended + timedelta(seconds=after)) for after in (40, 95, 210))
        takeover.join(session, conversation, name, self._words.joined, joined)
        audit.append(session, f"staff:{name}", "conversation.joined", conversation, None, None, joined)
        takeover.say(session, conversation, name, self._chance.choice(SENTENCES), spoke)
        takeover.leave(session, conversation, name, self._words.left, left)
        audit.append(session, f"staff:{name}", "conversation.left", conversation, None, None, left)
        put_at(session, conversation, updated_at=left)
