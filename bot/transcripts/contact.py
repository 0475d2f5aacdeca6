"""Takes a person's contact details out of a conversation: out of the hand-off, and wherever else they were recognised.

Events are in their stored form here, and whole conversations: a turn begins where the visitor speaks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.transcripts.redaction import HANDOFF, without_words
from bot.transcripts.tail import ORDER, Snapshot

Data = Mapping[str, Any]

# What the readers recognise in a message, under parse_data.answers.
RECOGNISED = ("email", "phone")
# The slots that hold contact details and consents, and the order itself.
SLOTS = frozenset({"handoff", "name", "email", "phone", "preferred_contact", "preferred_time", ORDER})
# A turn of this kind reads out what was sent, or changes it.
TELLING = "account"
SHARED_DIGITS = 7  # the end of a number, which every way of writing it shares
CUT_FROM = 40  # an answer in own words is kept up to some length: from this one on, a beginning is no coincidence


@dataclass(frozen=True)
class Details:
    """What was recognised: e-mail addresses and whole messages as words, and the last digits of telephone numbers."""

    emails: frozenset[str]
    phones: frozenset[str]
    messages: frozenset[str]

    def are_in(self, text: str) -> bool:
        """Whether a text has one of the details, or is one of the messages."""
        words = _words(text)
        return (
            any(f" {email} " in f" {words} " for email in self.emails)
            or any(phone in _digits(text) for phone in self.phones)
            or words in self.messages
            or (len(words) >= CUT_FROM and any(message.startswith(words) for message in self.messages))
        )


def read_details(events: Iterable[Data]) -> Details:
    """What was recognised in the visitor's messages."""
    emails, phones, messages = set(), set(), set()
    for event in events:
        if found := _recognised(event):
            emails |= {_words(found["email"])} if "email" in found else set()
            phones |= {_digits(found["phone"])[-SHARED_DIGITS:]} if "phone" in found else set()
            messages.add(_words(event.get("text") or ""))
    return Details(frozenset(emails), frozenset(phones), frozenset(messages))


def _recognised(event: Data) -> Mapping[str, str]:
    answers = (event.get("parse_data") or {}).get("answers") or {} if event["event"] == "user" else {}
    return {name: str(answers[name]) for name in RECOGNISED if answers.get(name)}


def _words(text: str) -> str:
    """A text as it is compared, and as the check keeps an answer: lower case, no apostrophes, single spaces."""
    kept = re.sub("['’]", "", text.casefold())
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter in "0123456789")


def take_out(events: Sequence[Data], details: Details) -> list[Data]:
    """The events of a whole conversation without `details`, in their places; the same objects where nothing was."""
    taken: list[Data] = []
    handing_off = False
    for turn in _turns(events):
        loops = [event.get("name") for event in turn if event["event"] == "active_loop"]
        secret = handing_off or HANDOFF in loops or _tells(turn)
        heard = secret or any(_recognised(event) for event in turn)
        taken += [_without(event, details, secret, heard) for event in turn]
        handing_off = loops[-1] == HANDOFF if loops else handing_off
    return taken


def _turns(events: Sequence[Data]) -> Iterator[Sequence[Data]]:
    starts = [place for place, event in enumerate(events) if event["event"] == "user"]
    for begin, end in zip([0, *starts], [*starts, len(events)], strict=True):
        yield events[begin:end]


def _tells(turn: Sequence[Data]) -> bool:
    """Whether a turn is about what was sent to the clinic, or is the one that asks to forget it."""
    kinds = {((event.get("data") or {}).get("custom") or {}).get("kind") for event in turn if event["event"] == "bot"}
    ordered = any(event["event"] == "slot" and event["name"] == ORDER and event["value"] for event in turn)
    return ordered or TELLING in kinds


def _without(event: Data, details: Details, secret: bool, heard: bool) -> Data:
    """An event without the details; of a `secret` turn without words, of one that was `heard` without the message."""
    kind = event["event"]
    if kind == "slot":
        value = None if event["name"] in SLOTS else clean(event["value"], details)
        return event if value == event["value"] else {**event, "value": value}
    told = [event.get(name) for name in ("text", "data", "metadata")]
    wordy = (secret if kind == "bot" else heard) or clean(told, details) != told
    without = without_words(event) if wordy else event
    return event if without == event else without


def clean(value: Any, details: Details) -> Any:
    """A slot's value with every text emptied that has one of the details."""
    if isinstance(value, str):
        return "" if value and details.are_in(value) else value
    if isinstance(value, list | tuple):
        return [clean(each, details) for each in value]
    if isinstance(value, dict):
        return {name: clean(each, details) for name, each in value.items()}
    return value


def clean_snapshot(snapshot: Snapshot, details: Details) -> Snapshot:
    """A snapshot without the details, and without the slots that are there to hold them."""
    kept = {name: clean(value, details) for name, value in snapshot.slots.items() if name not in SLOTS}
    return replace(snapshot, slots=kept)
