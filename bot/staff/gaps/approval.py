"""Assigned questions become training examples: each is shown without personal details, and a person approves it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, DATABASE
from bot.staff.forms import Form
from bot.staff.gaps import acts, known
from bot.staff.gaps.drafts import A_PAGE, Draft, checked, count_assigned, drafts_of, twin
from bot.staff.gaps.found import library_of
from bot.staff.gaps.keys import key_of, read_keys
from bot.staff.pages import render, see
from bot.transcripts.reviews import Turn

LONGEST = 1000
DECISIONS = {
    "later": "Decide later",
    "approve": "Approve as an example",
    "leave_out": "Leave out",
    "give_back": "Back to the gaps",
}


async def ask(request: web.Request) -> web.Response:
    """The questions that wait for approval."""
    account, entry = account_of(request), forms.asked(request).text("entry", 200) or None
    drafts, already = await _with_known(request, partial(drafts_of, account=account, entry=entry))
    shown = [replace(draft, problem=twin(draft.text, already)) for draft in drafts[:A_PAGE]]
    return await _page(request, shown, len(drafts) > A_PAGE)


async def approve(request: web.Request) -> web.Response:
    """Carry out what was decided, all of it or nothing: where a text cannot be an example, all are shown again."""
    form, account, now = await forms.sent(request), account_of(request), request.app[CLOCK]()
    keys = form.several("question")
    named = {turn: key for key in keys for turn in read_keys([key, *form.several(f"same:{key}")])}
    turns = read_keys(key_of(turn) for turn in named)
    drafts, already = await _with_known(request, partial(drafts_of, account=account, entry=None, turns=turns))
    decided = _decided(form, drafts, named, already)
    if any(draft.problem for draft in decided):
        return await _page(request, decided, False, 400)
    said, left = await request.app[DATABASE].run(lambda session: _carry_out(session, decided, account, now))
    later = [draft for draft in decided if draft.decision == "later"]
    if _edited(later, drafts):
        # Words that were edited and not decided on are kept nowhere else: they stay on the page.
        shown = [replace(draft, problem=twin(draft.text, already)) for draft in later]
        return await _page(request, shown, left > sum(len(draft.turns) for draft in later), said=said)
    return await see(request, "/gaps/approval", said)


def _edited(later: Sequence[Draft], drafts: Sequence[Draft]) -> bool:
    texts = {draft.turns: draft.text for draft in drafts}
    return any(draft.text != texts[draft.turns] for draft in later)


async def _with_known(request: web.Request, read: Any) -> tuple[list[Draft], Mapping[str, str]]:
    in_files = await asyncio.to_thread(known.in_files)
    run = request.app[DATABASE].run
    drafts, approved = await run(lambda session: (read(session), known.approved(session)), read_only=True)
    return drafts, {**in_files, **approved}


def _decided(form: Form, drafts: Sequence[Draft], named: Mapping[Turn, str], already: Mapping[str, str]) -> list[Draft]:
    """The drafts as the form has them, each with its problem; raises FormRefused.

    `named` says under which key the form has a turn: the first of a question may have been settled meanwhile.
    """
    taken = dict(already)
    decided = []
    for draft in drafts:
        key = named[draft.turns[0]]
        decision = form.choice(f"decision:{key}", DECISIONS)
        text = " ".join(form.text(f"text:{key}", LONGEST).split())
        draft = replace(draft, text=text, decision=decision)
        if decision == "approve":
            draft = checked(draft, taken)
            taken.setdefault(known.plain(draft.text), draft.entry)
        decided.append(draft)
    return decided


def _carry_out(session: Session, decided: Sequence[Draft], account: Account, now: datetime) -> tuple[str, int]:
    """What was done, in words, and how many turns still wait for approval."""
    acts.require_visible(session, account, [turn for draft in decided for turn in draft.turns])
    counts = dict.fromkeys(DECISIONS, 0)
    for draft in decided:
        counts[draft.decision] += draft.decision != "later" and _act(session, draft, account, now)
    approved, others = counts["approve"], counts["leave_out"] + counts["give_back"]
    exported = " ./strand gaps export writes them out." if approved else ""
    said = f"{approved} approved as examples, {others} settled otherwise.{exported}"
    return said, count_assigned(session, account)


def _act(session: Session, draft: Draft, account: Account, now: datetime) -> bool:
    if draft.decision == "approve":
        return acts.approve(session, draft.turns, draft.text, draft.entry, account, now)
    settle = acts.leave_out if draft.decision == "leave_out" else acts.give_back
    return settle(session, draft.turns, account, now)


async def _page(
    request: web.Request, drafts: Sequence[Draft], more: bool, status: int = 200, **others: Any
) -> web.Response:
    titles = {entry.id: entry.title for entry in library_of(request).entries.values()}
    context: dict[str, Any] = {"drafts": drafts, "more": more, "decisions": DECISIONS.items(), "titles": titles}
    context |= others
    return await render(request, "gaps/approval.html", status, **context)
