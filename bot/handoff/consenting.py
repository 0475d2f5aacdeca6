"""What a message says on consent: a yes to the question that was put, or a no to that one and to others."""

import re
from dataclasses import replace

from bot.assessment.fields import AGE, SUMMARY
from bot.handoff.fields import CONSENTS, WAYS, Purpose, Way
from bot.handoff.state import Handoff
from bot.handoff.turn import Turn

# A question on these, beside a yes, has to be answered before the yes can count.
UNSETTLED = frozenset({"privacy_data", "consultation_booking"})
_NONE_OF_THEM = re.compile(
    r"\b(?:no|not|never) (?:thanks )?to (?:all|everything|any|every)\b|\bnone of (?:them|these|those|it|the above)\b"
    r"|\b(?:no|dont want(?: any)?|do not want(?: any)?|without|zero|not any) contact\b"
    r"|\b(?:dont|do not|never) contact me\b"
    r"|\bany of (?:them|these|those|it)\b|\bleave me alone\b|\bneither of\b|\bno to the rest\b|\bno to every"
)
_WHAT_IF = re.compile(r"\b(?:what|if|suppose|when|do i|must i)\b.*\b(?:say|answer|choose|pick|decline|refuse)\b")
_NO_CONTACT = re.compile(r"\b(?:(?:dont|do not|never|stop|quit) contact(?:ing)? me|leave me alone)\b")
_BESIDES = re.compile(r"\b(?:too|also|as well|both|plus|either|and)\b")
_PLAINLY_NO = re.compile(r"^\W*(?:no+|nope|nah+|no (?:thanks|thank you|thx|ty)|never)\s*(?:[,.!;:]|$)", re.IGNORECASE)

# Beside one of these a yes is none: "ok so strangers. no thanks".
_NAY = re.compile(r"\b(?:no+|nope|nah+|never|none|not|dont|do not|wont|cant|cannot|refuse|decline|rather)\b")
_NO_NAY = re.compile(
    r"\b(?:no (?:problem|prob|probs|worries|issue|issues|objections?|biggie|trouble)|why not|cant hurt|not a problem|"
    r"(?:do not|dont) mind|(?:do not|dont) see why not|not at all|no doubt|of course not a)\b"
)


def refuses_all(turn: Turn) -> bool:
    """Whether the message is a no to every way of contact."""
    return turn.heard.yes_no != "yes" and bool(_NONE_OF_THEM.search(turn.heard.said))


def wants_no_contact(turn: Turn) -> bool:
    """Whether the message says that one does not want to be contacted at all."""
    return bool(_NO_CONTACT.search(turn.heard.said))


def answer_on(purpose: Purpose, turn: Turn) -> bool | None:
    """What the message answers on a purpose whose question stands open; None where it is not clear."""
    heard = turn.heard
    if heard.refuses or heard.command == "skip" or refuses_all(turn):
        return False
    return _on_sharing(turn) if purpose == "share" else _on_way(purpose, turn)


def _on_sharing(turn: Turn) -> bool | None:
    if turn.heard.yes_no == "no":
        return None if turn.refused and not _PLAINLY_NO.match(turn.heard.text) else False
    return _yes(turn)


def _yes(turn: Turn) -> bool | None:
    heard = turn.heard
    says_no = not turn.refused and bool(_NAY.search(_NO_NAY.sub(" ", heard.said)))
    asks = heard.asks and (not heard.sure or heard.about in UNSETTLED)
    in_doubt = heard.unsure or says_no or asks
    return True if heard.yes_no == "yes" and not in_doubt else None


def _on_way(way: Way, turn: Turn) -> bool | None:
    """A way's own question: "just text me" is a no to calls, and "phone is fine" does not answer that on e-mail."""
    heard, named, only = turn.heard, turn.ways.left(turn.heard.text), turn.only_ways
    if heard.asks and _WHAT_IF.search(heard.said):
        return None
    if way in turn.refused or (only and way not in only):
        return False
    if heard.yes_no == "no":
        about_others = turn.refused and not _PLAINLY_NO.match(heard.text)
        return None if about_others or way in named else False
    if only or turn.ways.bare(heard.said, way):
        return None if heard.asks or heard.unsure else True
    if named and way not in named and not _BESIDES.search(heard.said):
        return None
    return _yes(turn)


def answered(here: Handoff, purpose: Purpose, given: bool, turn: Turn) -> Handoff:
    """With the answer to the open question on a purpose."""
    consent = turn.record(purpose, given, turn.form.shown(purpose))
    return replace(here, consents=(*here.consents, consent), open="")


def without_ways(here: Handoff, turn: Turn) -> Handoff:
    """With a no to every other way that the message refuses or leaves out; a yes is never taken beside a question."""
    asked = CONSENTS.get(here.open)
    refused = set(turn.refused)
    # Elsewhere "just text me" says which way is liked best.
    if turn.only_ways and here.open in (AGE, *CONSENTS, SUMMARY):
        refused |= set(WAYS) - turn.only_ways
    if asked and refuses_all(turn):
        refused = set(WAYS)
    said = tuple(way for way in WAYS if way in refused and way != asked and here.consent(way) is not False)
    consents = (*here.consents, *(turn.record(way, False, "") for way in said))
    return replace(here, consents=consents).settled() if said else here
