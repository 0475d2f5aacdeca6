"""The offer of a person, and the way back into a hand-off that was left."""

from dataclasses import replace

from bot.assessment.fields import SUMMARY
from bot.assessment.heard import Heard
from bot.assessment.interview import GO_ON
from bot.assessment.questions import plain
from bot.assessment.words import Spoken
from bot.handoff.state import Handoff
from bot.handoff.words import TOPIC, HandoffWords

FEW_WORDS = 3
_OF_ONESELF = frozenset({"i", "im", "ive", "my", "mine"})


def offered(spoken: Spoken, words: HandoffWords) -> Spoken:
    """What was said, with the offer to pass the visitor on behind it."""
    texts = (*spoken.texts, words.phrase("offer"))
    buttons = (words.phrase("offer_yes"), words.phrase("offer_no"))
    return Spoken(texts, {**spoken.payload, "topics": [TOPIC]}, buttons)


def added(spoken: Spoken, words: HandoffWords, reference: str) -> Spoken:
    """What was said, and that it was added to what had been sent."""
    return Spoken((*spoken.texts, words.phrase("added", reference=reference)), spoken.payload, spoken.buttons)


def offer_declined(words: HandoffWords) -> Spoken:
    """That a no is fine."""
    return Spoken((words.phrase("offer_declined"),), {"kind": "handoff", "state": "declined"})


def answers_offer(heard: Heard, answer: str) -> bool:
    """Whether a message is `answer`, yes or no, to the offer; a few words are, whatever else they look like."""
    return heard.yes_no == answer and (_is_brief(heard) or heard.small_talk or not heard.sure)


def _is_brief(heard: Heard) -> bool:
    return len(heard.said.split()) <= FEW_WORDS and not heard.asks


def resumes(heard: Heard, handoff: Handoff) -> bool:
    """Whether a message outside the hand-off goes on with it."""
    return handoff.waits and _goes_on(heard)


def _goes_on(heard: Heard) -> bool:
    return heard.command == "resume" or heard.said in GO_ON


def sends_again(heard: Heard, handoff: Handoff, words: HandoffWords, just_sent: bool) -> bool:
    """Whether a message sends once more what was sent: the button a second time or, right after it, another yes."""
    if handoff.reference is None:
        return False
    send = next(option for option in words.form.questions.of(SUMMARY).options if option.id == "send")
    plainly_yes = heard.yes_no == "yes" and _is_brief(heard) and not _goes_on(heard)
    return plain(heard.text) in (plain(send.title), *send.words) or (just_sent and plainly_yes)


def with_findings(handoff: Handoff, heard: Heard) -> Handoff:
    """With what the message tells of one's health, which decides who looks at it; "does lupus matter?" tells none."""
    if heard.asks and not _OF_ONESELF & set(heard.said.split()):
        return handoff
    return replace(handoff, findings=tuple(sorted({*handoff.findings, *heard.present})))
