"""What staff do with turns and gaps, each with its line in the audit, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.staff.accounts import Account
from bot.staff.gaps.visible import may_look
from bot.transcripts import examples, reviews
from bot.transcripts.reviews import State, Turn, Verdict


def mark(session: Session, turn: Turn, verdict: Verdict | None, account: Account, now: datetime) -> None:
    """Mark a turn, or take its mark back; raises HTTPNotFound and HTTPForbidden."""
    require_visible(session, account, [turn])
    before = reviews.verdict_of(session, turn)
    if not reviews.mark(session, turn, verdict, account.name, now):
        raise web.HTTPNotFound
    was, becomes = ({"sequence": turn[1], "verdict": each} for each in (before, verdict))
    audit.append(session, f"staff:{account.name}", "turn.marked", turn[0], was, becomes, now)


def require_visible(session: Session, account: Account, turns: Iterable[Turn]) -> None:
    """Raises HTTPForbidden where the account may not see one of the conversations."""
    if not all(may_look(session, account, conversation) for conversation in {turn[0] for turn in turns}):
        raise web.HTTPForbidden


def assign(session: Session, turns: Sequence[Turn], entry: str, account: Account, now: datetime) -> int:
    """Assign open questions to an entry; returns how many were still open."""
    require_visible(session, account, turns)
    done = reviews.settle(session, turns, "assigned", entry, account.name, now)
    _note(session, "gap.assigned", done, {"entry": entry}, account, now)
    return len(done)


def dismiss(session: Session, turns: Sequence[Turn], why: str, account: Account, now: datetime) -> int:
    """Dismiss open questions; returns how many were still open."""
    require_visible(session, account, turns)
    done = reviews.settle(session, turns, "dismissed", None, account.name, now)
    _note(session, "gap.dismissed", done, {"reason": why}, account, now)
    return len(done)


def approve(session: Session, turns: Sequence[Turn], text: str, entry: str, account: Account, now: datetime) -> bool:
    """Make an assigned question, asked in `turns`, one example of its entry; False where somebody was faster."""
    done = _conclude(session, turns, "approved", "gap.approved", {"entry": entry}, account, now)
    if done:
        examples.add(session, text, entry, account.name, now)
    return done


def leave_out(session: Session, turns: Sequence[Turn], account: Account, now: datetime) -> bool:
    """Let an assigned question be no example; False where somebody was faster."""
    return _conclude(session, turns, "dismissed", "gap.left_out", {}, account, now)


def give_back(session: Session, turns: Sequence[Turn], account: Account, now: datetime) -> bool:
    """Put an assigned question back to the gaps; False where somebody was faster."""
    return _conclude(session, turns, "open", "gap.reopened", {}, account, now)


def _conclude(
    session: Session,
    turns: Sequence[Turn],
    state: State,
    act: str,
    after: dict[str, Any],
    account: Account,
    now: datetime,
) -> bool:
    # In one order, so that two who settle the same questions at once do not wait for each other.
    done = [turn for turn in sorted(turns) if reviews.conclude(session, turn, state, account.name, now)]
    _note(session, act, done, after, account, now)
    return bool(done)


def _note(
    session: Session, act: str, turns: Iterable[Turn], after: dict[str, Any], account: Account, now: datetime
) -> None:
    """One line for each conversation: erasing it empties what the line says."""
    for conversation, group in groupby(sorted(turns), key=lambda turn: turn[0]):
        said = {"sequences": [sequence for _, sequence in group], **after}
        audit.append(session, f"staff:{account.name}", act, conversation, None, said, now)
