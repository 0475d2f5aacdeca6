"""Finds the messages that a reason came from: where the transcript shows that its field was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assessment.fields import FINDINGS
from bot.staff.conversations.shown import ShownTurn
from bot.staff.lead.explaining import Explained
from bot.transcripts.review_turns import HEARD


@dataclass(frozen=True)
class Quote:
    """A message of the transcript, masked as it is there, and its turn's number."""

    sequence: int
    text: str


def quotes(turns: Sequence[ShownTurn], reason: Explained) -> list[Quote]:
    """The messages in which the finding was read, asked for or not (else its field was read), oldest first."""
    places = (reason.field, HEARD) if reason.finding in FINDINGS else (reason.field,)
    reads = [(turn, read) for turn in turns if turn.why for read in turn.why.read if read.field in places]
    told = [turn for turn, read in reads if reason.finding in read.findings or reason.finding not in FINDINGS]
    found = {turn.sequence: turn.text for turn in told if turn.text}
    return [Quote(sequence, text) for sequence, text in found.items()]
