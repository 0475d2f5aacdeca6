"""Questions on their way from a gap to a training example: what was assigned, and what stands in its way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.staff.accounts import Account
from bot.staff.gaps import known
from bot.staff.gaps.keys import key_of
from bot.staff.gaps.questions import names_in
from bot.staff.gaps.visible import visible
from bot.transcripts.encoding import decode
from bot.transcripts.reviews import Turn
from bot.transcripts.scrubbing import scrub
from bot.transcripts.tables import conversations, reviews, tracker_events

A_PAGE = 30
# Of more than these, what was asked in the same words may stand in two forms.
LOOKED_AT = 500
EMPTY = "There are no words left: leave it out."
PERSONAL = "There was still something that looks like a personal detail. It was taken out: look at it again."


@dataclass(frozen=True)
class Draft:
    """A question on its way to an example of `entry`; `problem` says why it is not one yet.

    `turns` are all that asked it in the same words, the first at the front.
    """

    turns: tuple[Turn, ...]
    entry: str
    text: str
    taken_out: bool
    names: frozenset[str] = frozenset()
    decision: str = "later"
    problem: str | None = None

    @property
    def key(self) -> str:
        """How the form names it."""
        return key_of(self.turns[0])

    @property
    def same(self) -> list[str]:
        """How the form names the other turns that asked the same."""
        return [key_of(turn) for turn in self.turns[1:]]

    def joined(self, other: "Draft") -> "Draft":
        """This question with the turns of another one that is asked in the same words."""
        return replace(
            self,
            turns=self.turns + other.turns,
            taken_out=self.taken_out or other.taken_out,
            names=self.names | other.names,
        )


def _assigned(account: Account) -> Any:
    return reviews.c.state == "assigned", visible(account, reviews.c.conversation_id)


def count_assigned(session: Session, account: Account) -> int:
    """How many questions wait for approval that an account may see."""
    query = select(func.count()).select_from(reviews).where(*_assigned(account))
    return int(session.execute(query).scalar_one())


def drafts_of(session: Session, account: Account, entry: str | None, turns: Sequence[Turn] = ()) -> list[Draft]:
    """The assigned questions that an account may see, those assigned first at the front; of `turns` where given.

    What was asked of an entry in the same words, but for case and punctuation, is one question.
    """
    return _together(map(_draft, _rows(session, account, entry, turns)))


def _rows(session: Session, account: Account, entry: str | None, turns: Sequence[Turn]) -> Sequence[Any]:
    told = reviews.join(
        tracker_events,
        (tracker_events.c.conversation_id == reviews.c.conversation_id)
        & (tracker_events.c.sequence == reviews.c.sequence),
    ).join(conversations, conversations.c.id == reviews.c.conversation_id)
    query = (
        select(reviews, tracker_events.c.data, conversations.c.snapshot)
        .select_from(told)
        .where(*_assigned(account))
        .order_by(reviews.c.at, reviews.c.conversation_id, reviews.c.sequence)
    )
    if entry:
        query = query.where(reviews.c.entry == entry)
    if turns:
        query = query.where(reviews.c.conversation_id.in_([conversation for conversation, _ in turns]))
        return [row for row in session.execute(query) if (row.conversation_id, row.sequence) in turns]
    return list(session.execute(query.limit(LOOKED_AT)))


def _together(drafts: Iterable[Draft]) -> list[Draft]:
    found: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        key = (draft.entry, known.plain(draft.text))
        first = found.get(key)
        found[key] = first.joined(draft) if first else draft
    return list(found.values())


def _draft(row: Any) -> Draft:
    said, names = decode(row.data).get("text") or "", frozenset(names_in(row.snapshot))
    text = scrub(said, names)
    return Draft(((row.conversation_id, row.sequence),), row.entry, text, text != " ".join(said.split()), names)


def checked(draft: Draft, already: Mapping[str, str]) -> Draft:
    """A draft with what keeps it from being approved; what still looks like a personal detail is taken out."""
    scrubbed = scrub(draft.text, draft.names)
    if scrubbed != draft.text:
        return replace(draft, text=scrubbed, problem=PERSONAL)
    return replace(draft, problem=twin(draft.text, already) if draft.text else EMPTY)


def twin(text: str, already: Mapping[str, str]) -> str | None:
    """What is said of a text that is an example already; None of another."""
    entry = already.get(known.plain(text))
    return f"This is an example of {entry} already: change it, or leave it out." if entry else None
