"""The offer of a person, and the way back into a hand-off that was left."""

from dataclasses import replace

from bot.assessment.heard import Heard
from bot.assessment.interview import GO_ON
from bot.assessment.words import Spoken
from bot.handoff.state import Handoff
from bot.handoff.words import TOPIC, HandoffWords


def offered(spoken: Spoken, words: HandoffWords) -> Spoken:
    """What was said, with the offer to pass the visitor on behind it."""
    texts = (*spoken.texts, words.phrase("offer"))
    buttons = (words.phrase("offer_yes"), words.phrase("offer_no"))
    return Spoken(texts, {**spoken.payload, "topics": [TOPIC]}, buttons)


def offer_declined(words: HandoffWords) -> Spoken:
    """That a no is fine."""
    return Spoken((words.phrase("offer_declined"),), {"kind": "handoff", "state": "declined"})


def resumes(heard: Heard, handoff: Handoff) -> bool:
    """Whether a message outside the hand-off goes on with it."""
    return handoff.waits and (heard.command == "resume" or heard.said in GO_ON)


def with_findings(handoff: Handoff, heard: Heard) -> Handoff:
    """With what the message tells of one's health: it decides who looks at the lead."""
    return replace(handoff, findings=tuple(sorted({*handoff.findings, *heard.present})))
