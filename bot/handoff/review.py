"""The one look at everything: only a plain yes sends it, and whatever changes something shows it again."""

import re
from dataclasses import replace

from bot.assessment.fields import SUMMARY
from bot.assessment.state import Note
from bot.handoff.details import aside
from bot.handoff.fields import CONSENT, CONSENTS, DETAILS, EMAIL, PHONE, PREFERRED_CONTACT, WAYS_OF
from bot.handoff.state import Handoff, Step
from bot.handoff.steps import declined, interrupted, onward, paused
from bot.handoff.turn import Turn

UNREADABLE_AT_MOST = 2
_CHANGING = re.compile(
    r"\b(?:chang\w*|wrong\w*|edit\w*|fix\w*|mistake\w*|correction|typo\w*|incorrect|but|except|however)\b"
)
_NOTHING_CHANGES = re.compile(
    r"\b(?:no|nothing|none|not|dont|without|isnt|didnt)"
    r"(?: (?:any|to|need|is|else|want|seems|looks|a|see|make|have|more))*"
    r" (?:chang\w*|wrong\w*|edit\w*|fix\w*|mistakes?|typos?|corrections?)\b"
)
_KEEP_BACK = re.compile(
    r"\b(?:dont|do not|never|not|wont) (?:\w+ )?(?:(?:want|wish|like) (?:you )?to )?(?:send(?! me\b| us\b)|share|"
    r"submit|pass)\b"
    r"|\b(?:want|going|wish|like) to (?:send|share|submit|pass)\b.*\bnot?\b"
)
_ANSWERS = re.compile(r"\b(?:answers|data|anything|health|info|information|details)\b")
# "Send" counts beside these words only: "my cousin will send money" sends nothing.
_SENDING = frozenset(
    re.findall(
        r"\w+",
        """again ahead all and can do everything fine go good i id in is it just like looks may me my now off ok okay
        out over please pls plz ready request resend retry right send submit sure thanks thank that the them then this
        to try want with yes you your""",
    )
)
_REMOVING = re.compile(r"\b(?:remove|delete|drop|erase|without|take out|leave out|get rid of|forget)\b")


def says_yes(turn: Turn) -> bool:
    """Whether the message sends what was shown: plainly, and with no change in it."""
    heard = turn.heard
    if heard.yes_no == "no" or heard.asks or heard.unsure or heard.command in ("stop", "later", "start_over"):
        return False
    if _CHANGING.search(_NOTHING_CHANGES.sub(" ", heard.said)) or _KEEP_BACK.search(heard.said):
        return False
    return heard.yes_no == "yes" or (turn.option(SUMMARY) == "send" and set(heard.said.split()) <= _SENDING)


def keeps_back(turn: Turn) -> bool:
    """Whether the message says that nothing is to be shared after all."""
    return bool(_KEEP_BACK.search(turn.heard.said)) and turn.heard.yes_no != "yes"


def ends_sharing(turn: Turn) -> bool:
    """Whether a message at another question says that one's answers are not to be shared."""
    return keeps_back(turn) and bool(_ANSWERS.search(turn.heard.said)) and not turn.heard.asks


def review(before: Handoff, here: Handoff, turn: Turn) -> Step:
    """The step of a message at the summary; `here` is `before` with what the message holds."""
    heard = turn.heard
    wanted = consent_wanted(here, turn)
    if wanted:
        return Step(aside(here.reopened(wanted), turn))
    notes = changes(before, here)
    if notes:
        return onward(here, *notes)
    if keeps_back(turn):
        return declined()
    if says_yes(turn):
        return Step(here, ask=None, end="submit") if here.ready else onward(here)
    if turn.refused:  # as it stands already
        return Step(here, ask="again")
    named = None if heard.asks else turn.form.named(heard.said)
    if named:
        return _named(here, named, turn)
    if turn.aside:
        return interrupted(here)
    if heard.yes_no in ("yes", "no") or heard.command in ("change_answer", "back") or _CHANGING.search(heard.said):
        return Step(here, ask="what_to_change")
    if turn.interrupts:
        return interrupted(here)
    if here.tries + 1 >= UNREADABLE_AT_MOST:
        return paused(replace(here, tries=0), "put_aside")
    return Step(replace(here, tries=here.tries + 1), ask="again")


def changes(before: Handoff, here: Handoff) -> tuple[Note, ...]:
    """What a message changed, one note each."""
    refused = (one.purpose for one in here.consents[len(before.consents) :] if not one.given)
    told = (name for name in DETAILS if here.value(name) not in (None, before.value(name)))
    return (*(Note("refused", f"{CONSENT}{purpose}") for purpose in refused), *(Note("noted", name) for name in told))


def consent_wanted(here: Handoff, turn: Turn) -> str | None:
    """The consent to ask first: that of a detail or a way in the message which was not agreed to."""
    heard = turn.heard
    for name, told in ((EMAIL, heard.email), (PHONE, heard.phone)):
        if told and not here.may_hold(name):
            return f"{CONSENT}{WAYS_OF[name][0]}"
    if heard.asks or heard.yes_no == "no" or turn.form.questions.named(heard.said):
        return None
    named = turn.ways.left(heard.text)
    return next((f"{CONSENT}{way}" for way in sorted(named) if here.consent(way) is False), None)


def _named(here: Handoff, name: str, turn: Turn) -> Step:
    """A field that is to be changed: its question, or that of the consent that it needs; or it is left out."""
    removes = _REMOVING.search(turn.heard.said)
    if removes and name in DETAILS and here.skip(name).moved_on():
        return onward(here.skip(name), Note("noted", name))
    ways = WAYS_OF.get(name, ())
    if ways and not any(way in here.agreed for way in ways):
        return Step(here.reopened(f"{CONSENT}{ways[0]}"))
    if name == PREFERRED_CONTACT and len(here.possible) < 2:
        refused = next((one for one, purpose in CONSENTS.items() if here.consent(purpose) is False), None)
        return Step(here.reopened(refused)) if refused else Step(here, ask="what_to_change")
    return Step(here.reopened(name))
