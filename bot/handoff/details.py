"""Which details a message holds: for the open question, and for others, which are set aside."""

import re
from dataclasses import replace

from bot.assessment.fields import SUMMARY
from bot.assessment.questions import plain
from bot.handoff.fields import CONSENTS, EMAIL, NAME, PHONE, PREFERRED_CONTACT, PREFERRED_TIME, WAYS
from bot.handoff.state import Handoff
from bot.handoff.turn import Turn

MOST_NAME = 80
MOST_TIME = 100
ANY = "any"
_ADDRESS = re.compile(r"(?<!\S)\S*@\S*")
_NUMBER = re.compile(r"\+?\(?\d[\d\s()./-]{5,}\d")
# What comes before the name that something is changed to.
_CHANGED = re.compile(
    r"^.*\b(?:change|correct|fix|update|set|make|put|edit)\b.*?\bname\b(?:.*?\b(?:to|as|into)\b|\s*[:=-])\s*"
    r"|^.*\bname\b.{0,20}?\b(?:should (?:be|read|say)|is now|is not .{1,40}?(?:but|its))\s*",
    re.IGNORECASE | re.DOTALL,
)
_NAMING = re.compile(
    r"\b(?:my (?:\w+ )?name|names?) (?:is|s|should be)\b|\bmy names\b|\bname\b.*\bto\b|\b(?:im|i am) called\b|^name\b"
)
# Words for a time of day that a message may hold beside its answer.
_TIME_BESIDE = re.compile(
    r"\b(?:only )?(?:in the (?:mornings?|afternoons?|evenings?)|mornings|afternoons|evenings|after work|any ?time)\b"
)

_AROUND_TIME = frozenset(
    re.findall(
        r"\w+",
        "a am are at be best better d fine for good i id im in is it just like me my of ok only or please pls prefer "
        "s suit suits thanks the they usually well work works would yes",
    )
)


def name_text(text: str) -> str:
    """The part of a message in which a name is to be read: without addresses, numbers, and "change my name to"."""
    rest = _NUMBER.sub(" ", _ADDRESS.sub(" ", text))
    return _CHANGED.sub("", rest).strip(" ,;:/|\n\t-") or text


def aside(here: Handoff, turn: Turn) -> Handoff:
    """With the details that a message holds besides its answer, as far as they are, or may be, agreed to."""
    heard = turn.heard
    after = here.put(EMAIL, heard.email) if heard.email else here
    after = after.put(PHONE, heard.phone) if heard.phone else after
    beside = heard.email or heard.phone
    named = _NAMING.search(heard.said) or (beside and here.open in (EMAIL, PHONE) and here.name is None)
    if heard.name and named and here.open != NAME and not turn.ways.named(heard.name):
        after = after.put(NAME, heard.name[:MOST_NAME])
    timely = here.open in (*CONSENTS, PHONE, PREFERRED_CONTACT, SUMMARY) and _TIME_BESIDE.search(heard.said)
    time = turn.option(PREFERRED_TIME) if timely and not heard.asks else None
    return after.put(PREFERRED_TIME, time) if time else after


def given(here: Handoff, turn: Turn) -> Handoff | None:
    """With the detail that answers the open question; None where the message holds none."""
    match here.open:
        case "name":
            return _name(here, turn)
        case "email" | "phone":
            return _reachable(here, turn)
        case "preferred_contact":
            return _way(here, turn)
    return _time(here, turn)


def _name(here: Handoff, turn: Turn) -> Handoff | None:
    heard = turn.heard
    if not heard.name or heard.asks or turn.aside or turn.ways.named(heard.name):
        return None
    return here.put(NAME, heard.name[:MOST_NAME])


def _reachable(here: Handoff, turn: Turn) -> Handoff | None:
    """An address or a number; the other one will do as well, where its way is agreed to."""
    heard = turn.heard
    if (heard.email if here.open == EMAIL else heard.phone) is not None:
        return here  # it was set aside already
    other = PHONE if here.open == EMAIL else EMAIL
    told = heard.phone if other == PHONE else heard.email
    agreed = any(way in here.agreed for way in (("phone", "text") if other == PHONE else ("email",)))
    return here.skip(here.open) if told and agreed and not here.anew else None


def _way(here: Handoff, turn: Turn) -> Handoff | None:
    heard = turn.heard
    named = turn.only_ways or turn.ways.left(heard.text)
    chosen = [way for way in WAYS if way in named]
    if len(chosen) == 1 and chosen[0] in here.possible and not heard.asks:
        return replace(here, preferred_contact=chosen[0])
    free = len(chosen) > 1 or (not chosen and (turn.option(PREFERRED_CONTACT) == ANY or heard.unsure))
    return here.skip(PREFERRED_CONTACT) if free and not heard.asks else None


def _time(here: Handoff, turn: Turn) -> Handoff | None:
    """One of the times, or the visitor's own words, in which no other detail may stand."""
    heard = turn.heard
    option = turn.option(PREFERRED_TIME, exactly=heard.asks)
    said = " ".join(heard.text.split())
    if option and _says_no_more(option, turn):
        return here.put(PREFERRED_TIME, option)
    holds_more = heard.email or heard.phone or _ADDRESS.search(said) or _NUMBER.search(said)
    if (
        holds_more
        or heard.asks
        or turn.aside
        or heard.small_talk
        or heard.refuses
        or turn.refused
        or not _says_something(turn)
    ):
        return here.put(PREFERRED_TIME, option) if option and not heard.asks else None
    return here.put(PREFERRED_TIME, said[:MOST_TIME])


def _says_no_more(option: str, turn: Turn) -> bool:
    """Whether a message means one of the times and nothing besides: "Friday evenings" says more than "evenings"."""
    rest = f" {turn.heard.said} "
    chosen = next(one for one in turn.form.questions.of(PREFERRED_TIME).options if one.id == option)
    for words in sorted((plain(chosen.title), *chosen.words), key=len, reverse=True):
        rest = rest.replace(f" {words} ", " ")
    return set(rest.split()) <= _AROUND_TIME


def _says_something(turn: Turn) -> bool:
    heard = turn.heard
    worded = any(letter.isalnum() for letter in heard.text)
    return worded and not (heard.unsure or heard.none_at_all or (heard.yes_no != "unclear" and len(heard.said) < 6))
