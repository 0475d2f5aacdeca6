"""The turn that is under way: what it answers, whether what it leads to may still be kept, and what was stored."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from rasa.shared.core.events import Event

from bot.errors import StrandError, TurnAbandoned
from bot.transcripts.inbox import Waiting


@dataclass(frozen=True)
class Saved:
    """What became of a turn's events: as they were `said`, and as they were `stored`, without what may not be kept.

    The last one is number `sequence`. Where the turn deleted the conversation, `forgotten`, none of them is stored, and
    what came in behind its message `follows` in a conversation of that id.
    """

    said: Sequence[Event]
    stored: Sequence[Event]
    sequence: int
    forgotten: bool
    follows: str | None = None

    @property
    def before(self) -> int:
        """The number of the last event before them."""
        return self.sequence - len(self.said)


@dataclass
class Turn:
    """One message and its answer; `failure` is the first thing that went wrong, `saved` what its commit stored.

    `message` is the row of the inbox that it answers, if it came that way. What a turn leads to that is not `kept`, a
    rehearsal's or a try's, goes with the process.
    """

    failure: StrandError | None = None
    kept: bool = True
    message: Waiting | None = None
    saved: Saved | None = None

    def fail(self, error: StrandError) -> None:
        """Note that nothing of this turn may be kept, and why."""
        self.failure = self.failure or error

    def require_sound(self) -> None:
        """Raises TurnAbandoned where the turn has failed."""
        if self.failure:
            raise TurnAbandoned(f"the turn is not kept: {self.failure}") from self.failure


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
