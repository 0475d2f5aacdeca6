"""The change of one detail after it was sent; where nothing is agreed to that needs it, consent comes first."""

from dataclasses import replace

from bot.assessment.fields import SUMMARY
from bot.handoff.consenting import answer_on, answered, wants_no_contact
from bot.handoff.details import aside, given
from bot.handoff.fields import CONSENT, CONSENTS, DETAIL_OF, DETAILS, NAME, PREFERRED_CONTACT, WAYS, WAYS_OF
from bot.handoff.state import Handoff, Step
from bot.handoff.steps import interrupted
from bot.handoff.turn import Turn

UNREADABLE_AT_MOST = 2
LEAVING = frozenset({"stop", "later", "back", "skip", "start_over"})


def reopened(handoff: Handoff, name: str, turn: Turn) -> Step:
    """The first question of a change, or at once its end where the message tells the new value."""
    here = replace(handoff, changing=name, at=turn.now, interruptions=0, saving=False)
    first = _first(here, name)
    if first in CONSENTS:
        return Step(aside(here.reopened(first), turn))
    after = aside(replace(here, open=SUMMARY), turn).reopened(first)
    return _next(after) if _told(handoff, after, turn) else Step(after)


def _first(here: Handoff, name: str) -> str:
    ways = WAYS_OF.get(name, ())
    return f"{CONSENT}{ways[0]}" if ways and not any(way in here.agreed for way in ways) else name


def _told(before: Handoff, here: Handoff, turn: Turn) -> bool:
    """Whether the request holds the new value already: "change my number to (202) 555-0144"."""
    told = {"email": turn.heard.email, "phone": turn.heard.phone}.get(here.open)
    return bool(told) or here.value(here.open) != before.value(here.open)


def change(here: Handoff, turn: Turn) -> Step:
    """The step of a message while a change is open."""
    heard = turn.heard
    if wants_no_contact(turn) or (turn.refused and here.open not in CONSENTS):
        return Step(_as_it_was(here), ask=None, end="withdraw")
    if heard.command in LEAVING or (heard.refuses and here.open not in CONSENTS):
        return _unchanged(here)
    if heard.command == "why":
        return Step(here, ask="why")
    after = aside(here, turn)
    return _consent(after, turn) if here.open in CONSENTS else _detail(after, turn)


def _consent(here: Handoff, turn: Turn) -> Step:
    purpose = CONSENTS[here.open]
    answer = answer_on(purpose, turn)
    if answer is None and not _given_up(here, turn):
        return _not_read(here, turn)
    after = answered(here, purpose, bool(answer), turn)
    if answer:
        return _next(replace(after, changing=purpose if here.changing in CONSENTS else here.changing))
    # Whoever wants no calls may still want texts.
    by_text = purpose == "phone" and here.changing == "phone"
    return Step(after.reopened(f"{CONSENT}text")) if by_text else _unchanged(after)


def _detail(here: Handoff, turn: Turn) -> Step:
    taken = given(here, turn)
    if taken:
        return _next(taken)
    if here.open == PREFERRED_CONTACT and not turn.heard.asks:
        named = turn.ways.left(turn.heard.text)
        unagreed = next((way for way in WAYS if way in named and here.consent(way) is False), None)
        if unagreed:
            return Step(replace(here.reopened(f"{CONSENT}{unagreed}"), changing=f"{CONSENT}{unagreed}"))
    if turn.heard.yes_no == "no" or _given_up(here, turn):
        return _unchanged(here)
    return _not_read(here, turn)


def _given_up(here: Handoff, turn: Turn) -> bool:
    return not turn.interrupts and here.tries + 1 >= UNREADABLE_AT_MOST


def _not_read(here: Handoff, turn: Turn) -> Step:
    if turn.interrupts:
        step = interrupted(here)
        return replace(step, handoff=_as_it_was(here), notes=()) if step.end else step
    return Step(replace(here, tries=here.tries + 1), ask="again")


def _next(here: Handoff) -> Step:
    """The detail that is still wanted, or the end of the change."""
    closed = replace(here, open="").settled()
    target = closed.changing or NAME
    way = CONSENTS.get(target) or (closed.preferred_contact if target == PREFERRED_CONTACT else None)
    wanted = DETAIL_OF.get(way, target) if way and way != "share" else target
    if way and closed.value(wanted) is None and wanted in DETAILS:
        return Step(closed.reopened(wanted))
    if target in DETAILS and closed.value(target) is None and target not in closed.skipped:
        return Step(closed.reopened(target))
    return Step(replace(closed, open=SUMMARY, changing=None, anew=False, tries=0), ask=None, end="changed")


def _as_it_was(here: Handoff) -> Handoff:
    """Without what was agreed to on the way to a change that did not come about."""
    kept = replace(here, consents=here.consents[: here.stored], open="", changing=None, anew=False, tries=0).settled()
    return replace(kept, open=SUMMARY, interruptions=0)


def _unchanged(here: Handoff) -> Step:
    return Step(_as_it_was(here), ask=None, end="unchanged")
